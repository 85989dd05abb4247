/**
 * A button that copies the text of another element: `<button data-copy="id" hidden>`.
 * Shown only where the browser can copy; the button itself says that it has.
 */
const SAID_MS = 2500;

export function start(button: HTMLElement): void {
  if (!navigator.clipboard) return;
  button.hidden = false;
  const label = button.textContent ?? "";
  const done = document.documentElement.lang.startsWith("en") ? "Copied" : "Kopiert";
  button.addEventListener("click", () => {
    const text = document.getElementById(button.dataset["copy"] ?? "")?.textContent?.trim() ?? "";
    void navigator.clipboard.writeText(text).then(() => {
      button.textContent = done;
      setTimeout(() => (button.textContent = label), SAID_MS);
    });
  });
}
