/** Runs `start` once for every element that matches, now and whenever htmx brings in new ones. */
export function whenPresent(selector: string, start: (element: HTMLElement) => void): void {
  const started = new WeakSet<Element>();
  const look = (root: ParentNode): void => {
    const found = [...root.querySelectorAll<HTMLElement>(selector)];
    if (root instanceof HTMLElement && root.matches(selector)) found.push(root);
    for (const element of found) {
      if (started.has(element)) continue;
      started.add(element);
      start(element);
    }
  };
  look(document);
  document.addEventListener("htmx:load", (event) => {
    if (event.target instanceof HTMLElement) look(event.target);
  });
}
