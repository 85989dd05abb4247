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
