// htmx without what a strict Content-Security-Policy forbids: no inline style, no eval.
import htmx from "htmx.org";

htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.allowScriptTags = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0; // pages of the desk must not stay in the browser's storage
htmx.config.scrollIntoViewOnBoost = false;

document.addEventListener("htmx:configRequest", (event) => {
  const { headers, verb } = (event as CustomEvent<{ headers: Record<string, string>; verb: string }>).detail;
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content;
  if (token && verb !== "get") headers["X-CSRFToken"] = token;
});

// htmx gives the focus back to an element with the same id. Where what was pressed is gone (a filter taken out,
// another page of results), it goes to what says what has happened, instead of to the top of the page.
document.addEventListener("htmx:afterSettle", (event) => {
  if (document.activeElement !== document.body || !(event.target instanceof HTMLElement)) return;
  const place = event.target.matches("[data-focus-after-swap]") ? event.target : event.target.querySelector<HTMLElement>("[data-focus-after-swap]");
  place?.focus({ preventScroll: true });
});
