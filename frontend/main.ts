// The one script of every page: small, deferred, and nothing depends on it to work.
import "./htmx";
import { start as startCopy } from "./islands/copy";
import { start as startLight } from "./islands/light";
import { start as startLive } from "./islands/live";
import { start as startPassages } from "./islands/passages";
import { start as startPicker } from "./islands/picker";
import { start as startShortcuts } from "./islands/shortcuts";
import { start as startSuggest } from "./islands/suggest";
import { start as startUpload } from "./islands/upload";
import { whenPresent } from "./island";

whenPresent("[data-copy]", startCopy);
whenPresent("[data-light]", startLight);
whenPresent("[data-live]", startLive);
whenPresent("[data-passages]", startPassages);
whenPresent("[data-picker]", startPicker);
whenPresent("[data-shortcuts]", startShortcuts);
whenPresent("[data-suggest]", startSuggest);
whenPresent("[data-upload]", startUpload);
// The map is big: its code is fetched when somebody asks for a map, not before.
whenPresent("[data-map]", (element) => {
  const button = element.querySelector<HTMLButtonElement>("[data-map-show]");
  if (!button) return;
  button.hidden = false;
  const show = async () => {
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
    try {
      const { start } = await import("./islands/map");
      await start(element);
      button.hidden = true;
    } catch (error) {
      // Old browser, no WebGL, network gone: the list is there, and the page says so.
      console.error(error);
      button.disabled = false;
      const failure = element.querySelector<HTMLElement>("[data-map-failure]");
      if (failure) failure.hidden = false;
    } finally {
      button.removeAttribute("aria-busy");
    }
  };
  button.addEventListener("click", () => void show());
  if (element.hasAttribute("data-map-eager")) void show();
});
