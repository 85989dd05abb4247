/**
 * Single-key shortcuts inside one region:
 *
 *     <section data-shortcuts>
 *       <article data-shortcut-item tabindex="-1"> … <button data-shortcut="a">Übernehmen</button></article>
 *
 * `j` and `k` move between items; any other key presses the button or link with that `data-shortcut` in the
 * current item, or else in the region. Keys typed into fields stay text. A checkbox `data-shortcuts-toggle`
 * in the region switches them off (WCAG 2.1.4); the choice is kept in this browser.
 */
const STORED = "stadtwabe.shortcuts";

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select"));
}

export function start(region: HTMLElement): void {
  const toggle = region.querySelector<HTMLInputElement>("[data-shortcuts-toggle]");
  if (toggle) {
    toggle.checked = localStorage.getItem(STORED) !== "off";
    toggle.addEventListener("change", () => localStorage.setItem(STORED, toggle.checked ? "on" : "off"));
  }
  const items = (): HTMLElement[] => [...region.querySelectorAll<HTMLElement>("[data-shortcut-item]")];
  const current = (): HTMLElement | undefined => items().find((item) => item.hasAttribute("data-current"));

  let last = 0; // where the current item stands, for when it is gone
  const select = (item: HTMLElement | undefined): void => {
    if (!item) return;
    last = items().indexOf(item);
    for (const other of items()) other.toggleAttribute("data-current", other === item);
    item.focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest" });
    // Lets the page follow along, e.g. scroll the passage on the left into view.
    item.dispatchEvent(new CustomEvent("shortcut:select", { bubbles: true }));
    const mark = item.dataset["passage"];
    if (mark) document.getElementById(mark)?.scrollIntoView({ block: "center" });
  };

  region.addEventListener("focusin", (event) => {
    const item = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>("[data-shortcut-item]") : null;
    if (!item) return;
    last = items().indexOf(item);
    for (const other of items()) other.toggleAttribute("data-current", other === item);
  });

  document.addEventListener("keydown", (event) => {
    if (!region.isConnected || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target) || (toggle && !toggle.checked)) return;
    const all = items();
    const here = current();
    const index = here ? all.indexOf(here) : -1;
    if (event.key === "j") select(all[Math.min(index + 1, all.length - 1)]);
    else if (event.key === "k") select(all[Math.max(index - 1, 0)]);
    else {
      if (!/^[a-z?/]$/.test(event.key)) return;
      const selector = `[data-shortcut="${event.key}"]`;
      const action = here?.querySelector<HTMLElement>(selector) ?? region.querySelector<HTMLElement>(`${selector}:not([data-shortcut-item] *)`);
      if (!action) return;
      action.click();
      if (action.matches("input, textarea, select")) action.focus();
    }
    event.preventDefault();
  });

  // After htmx replaced the current item, the next one takes its place.
  region.addEventListener("htmx:afterSwap", () => {
    const all = items();
    if (!current()) select(all[Math.min(last, all.length - 1)]);
  });
}
