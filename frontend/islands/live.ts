/**
 * New values as they come, by server-sent events.
 *
 *     <p data-live="/daten/live/…" hidden> … <button data-live-toggle>Anhalten</button> <span data-live-state></span> </p>
 *     … <li data-live-stream="12"> <b data-live-value>21,5 °C</b> <time data-live-time datetime="…">vor 5 Minuten</time> </li>
 *
 * Nothing is announced to screen readers: whoever wants to hear a value goes there. Values stop while the page is
 * out of sight and when somebody stops them. An element with `data-live-stream` gets the event `reading` (it
 * bubbles), by which htmx may fetch more: `hx-trigger="reading from:body throttle:30s"`.
 */
interface Reading {
  id: number;
  value: string;
  unit: string;
  time: string;
}

const AGAIN_MS = 60_000;
const MINUTE_MS = 60_000;
const CHANGED_MS = 2000;

const german = !document.documentElement.lang.startsWith("en");
const ages = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "always" });
const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

/** How long ago, as the server says it: "vor 5 Minuten". */
function age(time: string): string {
  const seconds = (Date.now() - Date.parse(time)) / 1000;
  for (const [unit, length] of STEPS) {
    if (seconds >= length) return ages.format(-Math.floor(seconds / length), unit);
  }
  return german ? "gerade eben" : "just now";
}

function show(reading: Reading): void {
  for (const element of document.querySelectorAll<HTMLElement>(`[data-live-stream="${reading.id}"]`)) {
    const value = element.querySelector<HTMLElement>("[data-live-value]");
    const time = element.querySelector<HTMLTimeElement>("[data-live-time]");
    if (!value || !time || time.dateTime === reading.time || Date.parse(time.dateTime) >= Date.parse(reading.time)) continue;
    value.textContent = reading.unit ? `${reading.value}\u00a0${reading.unit}` : reading.value;
    time.dateTime = reading.time;
    time.textContent = age(reading.time);
    element.querySelector("[data-live-old]")?.remove();
    element.classList.add("is-new");
    setTimeout(() => element.classList.remove("is-new"), CHANGED_MS);
    element.dispatchEvent(new CustomEvent("reading", { bubbles: true, detail: reading }));
  }
}

function hide(id: number): void {
  for (const element of document.querySelectorAll<HTMLElement>(`[data-live-stream="${id}"]`)) element.remove();
}

export function start(element: HTMLElement): void {
  const address = element.dataset["live"];
  const toggle = element.querySelector<HTMLButtonElement>("[data-live-toggle]");
  const state = element.querySelector<HTMLElement>("[data-live-state]");
  if (!address || !toggle || !state || !("EventSource" in window)) return;
  let source: EventSource | null = null;
  let stopped = false;
  let again = 0;

  const say = (text: "live" | "stopped" | "lost"): void => {
    element.dataset["liveNow"] = text;
    state.textContent = element.dataset[`live${text[0]?.toUpperCase()}${text.slice(1)}`] ?? "";
  };
  const close = (): void => {
    clearTimeout(again);
    source?.close();
    source = null;
  };
  const open = (): void => {
    if (source || stopped || document.hidden) return;
    source = new EventSource(address);
    source.addEventListener("open", () => say("live"));
    source.addEventListener("readings", (event) => {
      for (const reading of JSON.parse(event.data) as Reading[]) show(reading);
    });
    source.addEventListener("gone", (event) => {
      for (const id of JSON.parse(event.data) as number[]) hide(id);
    });
    source.addEventListener("error", () => {
      say("lost");
      // A refused or ended connection does not come back by itself.
      if (source?.readyState === EventSource.CLOSED) {
        close();
        again = window.setTimeout(open, AGAIN_MS);
      }
    });
  };
  toggle.addEventListener("click", () => {
    stopped = !stopped;
    toggle.textContent = (stopped ? toggle.dataset["liveStart"] : toggle.dataset["liveStop"]) ?? "";
    if (stopped) {
      close();
      say("stopped");
    } else open();
  });
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", open);
  setInterval(() => {
    for (const time of document.querySelectorAll<HTMLTimeElement>("time[data-live-time]")) {
      if (time.dateTime) time.textContent = age(time.dateTime);
    }
  }, MINUTE_MS);
  element.hidden = false;
  open();
}
