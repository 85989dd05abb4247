/**
 * Text and suggestions side by side: choosing a suggestion marks its passages in the text, and a click on a
 * passage goes to its suggestion.
 *
 *     <div data-passages> <mark data-spans="12-0 15-2">…</mark> … <article data-suggestion="12"> … </div>
 */
export function start(region: HTMLElement): void {
  const marks = (): HTMLElement[] => [...region.querySelectorAll<HTMLElement>("mark[data-spans]")];
  const idsOf = (mark: HTMLElement): string[] => (mark.dataset["spans"] ?? "").split(" ").map((span) => span.split("-")[0] ?? "");

  const show = (id: string | undefined): void => {
    for (const mark of marks()) mark.toggleAttribute("data-current", id !== undefined && idsOf(mark).includes(id));
  };
  region.addEventListener("focusin", (event) => {
    const item = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>("[data-suggestion]") : null;
    if (item) show(item.dataset["suggestion"]);
  });
  region.addEventListener("click", (event) => {
    const mark = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>("mark[data-spans]") : null;
    if (!mark) return;
    const wanted = idsOf(mark);
    const item = wanted
      .map((id) => region.querySelector<HTMLElement>(`[data-suggestion="${id}"]`))
      .find((found) => found !== null && !found.hasAttribute("data-current"));
    item?.focus();
    item?.scrollIntoView({ block: "nearest" });
  });
}
