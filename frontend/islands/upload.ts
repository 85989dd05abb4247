/**
 * Makes a file field's surroundings a place to drop files on, and lists what was chosen:
 *
 *     <div data-upload> <input type="file" multiple …> <ul data-upload-list></ul> </div>
 *
 * The form is sent as ever; nothing is uploaded by script.
 */
function readable(bytes: number): string {
  const units = ["Byte", "KB", "MB", "GB"];
  let unit = 0;
  let value = bytes;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} ${units[unit]}`;
}

export function start(zone: HTMLElement): void {
  const input = zone.querySelector<HTMLInputElement>("input[type=file]");
  const list = zone.querySelector<HTMLElement>("[data-upload-list]");
  if (!input) return;
  zone.classList.add("upload--ready");

  const show = (): void => {
    if (!list) return;
    list.replaceChildren(
      ...[...(input.files ?? [])].map((file) => {
        const entry = document.createElement("li");
        entry.textContent = `${file.name} (${readable(file.size)})`;
        return entry;
      }),
    );
  };
  input.addEventListener("change", show);

  let depth = 0; // dragenter and dragleave also fire for children
  zone.addEventListener("dragenter", (event) => {
    event.preventDefault();
    depth += 1;
    zone.classList.add("upload--over");
  });
  zone.addEventListener("dragover", (event) => event.preventDefault());
  zone.addEventListener("dragleave", () => {
    depth -= 1;
    if (depth <= 0) zone.classList.remove("upload--over");
  });
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    depth = 0;
    zone.classList.remove("upload--over");
    const dropped = [...(event.dataTransfer?.files ?? [])];
    if (dropped.length === 0) return;
    const transfer = new DataTransfer();
    for (const file of input.multiple ? [...(input.files ?? []), ...dropped] : dropped.slice(0, 1)) transfer.items.add(file);
    input.files = transfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
