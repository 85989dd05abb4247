/**
 * Fills a field with a position: where one stands, or by a click on a map.
 *
 *     <div data-picker="id of the field" data-map-areas="…" data-map-bounds="…">
 *
 * Without JavaScript, and by keyboard, the field is filled in by typing; both buttons are help only.
 */
function typed(longitude: number, latitude: number): string {
  return `${latitude.toFixed(5)} ${longitude.toFixed(5)}`.replaceAll(".", ",");
}

export function read(text: string): [longitude: number, latitude: number] | null {
  const [latitude, longitude] = text.replaceAll(",", ".").split(/[\s;]+/).map(Number);
  return latitude && longitude && Number.isFinite(latitude) && Number.isFinite(longitude) ? [longitude, latitude] : null;
}

export function start(element: HTMLElement): void {
  const field = document.getElementById(element.dataset["picker"] ?? "");
  const note = element.querySelector<HTMLElement>("[data-picker-note]");
  const here = element.querySelector<HTMLButtonElement>("[data-picker-here]");
  const open = element.querySelector<HTMLButtonElement>("[data-picker-map]");
  if (!(field instanceof HTMLInputElement) || !note || !here || !open) return;
  const german = !document.documentElement.lang.startsWith("en");
  const say = (de: string, en: string): void => {
    note.textContent = german ? de : en;
  };
  const fill = (longitude: number, latitude: number): void => {
    field.value = typed(longitude, latitude);
    say("Koordinaten eingetragen.", "Coordinates filled in.");
  };

  if ("geolocation" in navigator && window.isSecureContext) {
    here.hidden = false;
    here.addEventListener("click", () => {
      say("Standort wird bestimmt …", "Finding your position …");
      navigator.geolocation.getCurrentPosition(
        (found) => fill(found.coords.longitude, found.coords.latitude),
        () => say("Der Standort ließ sich nicht bestimmen. Bitte tragen Sie die Koordinaten ein.", "Your position could not be found. Please type the coordinates."),
        { enableHighAccuracy: true, timeout: 15_000 },
      );
    });
  }
  open.hidden = false;
  open.addEventListener("click", async () => {
    open.disabled = true;
    try {
      const { pick } = await import("./picker-map");
      await pick(element, read(field.value), fill);
      open.hidden = true;
      say("Klicken Sie auf die Karte, wo das Gerät steht.", "Click on the map where the device is.");
    } catch (error) {
      console.error(error);
      open.disabled = false;
      say("Die Karte kann dieser Browser nicht zeigen. Bitte tragen Sie die Koordinaten ein.", "This browser cannot show the map. Please type the coordinates.");
    }
  });
}
