/**
 * The traffic light of a room, kept up to date without loading the page again.
 *
 *     <div data-light="?laufend=1"> … </div>            the page that loads itself again: this script leads to the other
 *     <div data-light data-live-stream="12"> … </div>   the page that this script keeps up to date
 *     <template data-light-lost> what is shown when nothing could be fetched for long </template>
 *
 * Lamp, words and number change together, as the server says them: a number alone would contradict the lamp. It is
 * fetched when live.ts tells of a new value (the event `reading`), now and then besides, because a value grows old, and
 * often while live values do not come. Whoever has stopped the values has stopped this, too. A page that loads itself
 * again by a header cannot be told to stop, so there are two: where this script does not run, the first one stays.
 */
const LOOK_MS = 20_000;
const OLD_MS = 60_000;
const LOST_MS = 5 * 60_000;

function liveState(): string | undefined {
  return document.querySelector<HTMLElement>("[data-live]")?.dataset["liveNow"];
}

export function start(element: HTMLElement): void {
  const other = element.dataset["light"];
  if (other) {
    if ("EventSource" in window) location.replace(other);
    return;
  }
  let seen = Date.now();
  let asking = false;
  let again = false;

  const take = (page: Document): boolean => {
    const fresh = page.querySelector<HTMLElement>("[data-light]");
    if (!fresh) return false;
    // Unchanged words stay the same nodes: a screen reader is not taken away from what it reads.
    if (fresh.innerHTML !== element.innerHTML) element.innerHTML = fresh.innerHTML;
    element.className = fresh.className;
    document.title = page.title;
    return true;
  };
  const lose = (): void => {
    const lost = document.querySelector<HTMLTemplateElement>("template[data-light-lost]");
    if (lost) take(new DOMParser().parseFromString(lost.innerHTML, "text/html"));
  };
  const look = async (): Promise<void> => {
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    try {
      const answer = await fetch(location.pathname + location.search, { headers: { Accept: "text/html" } });
      // It is gone, or not for us any more: the page itself says which.
      if (answer.status === 404 || answer.redirected) location.reload();
      else if (answer.ok && take(new DOMParser().parseFromString(await answer.text(), "text/html"))) seen = Date.now();
    } catch {
      // The network is away: what is shown grows old, and says so below.
    }
    asking = false;
    if (Date.now() - seen >= LOST_MS) lose();
    if (again) {
      again = false;
      void look();
    }
  };
  const tick = (): void => {
    if (!element.isConnected) location.reload();
    else if (liveState() === "stopped" || document.hidden) return;
    else if (liveState() !== "live" || Date.now() - seen >= OLD_MS) void look();
  };
  element.addEventListener("reading", () => void look());
  document.addEventListener("visibilitychange", tick);
  setInterval(tick, LOOK_MS);
}
