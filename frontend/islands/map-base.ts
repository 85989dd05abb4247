/** What every map of ours stands on: colours of the page, quiet outlines, no outside request. */
import { type LngLatBoundsLike, type StyleSpecification, setWorkerUrl } from "maplibre-gl";

export const GERMANY: LngLatBoundsLike = [5.8, 47.2, 15.1, 55.1];

export function colour(name: string, fallback: string): string {
  // The style sheet holds the colours, so that light, dark and high contrast follow by themselves. A canvas
  // turns any CSS colour (oklch, color-mix) into one that MapLibre's parser knows.
  const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const value = getComputedStyle(document.documentElement).getPropertyValue(name).trim() || fallback;
  if (!probe) return fallback;
  probe.fillStyle = fallback;
  probe.fillStyle = value;
  probe.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = probe.getImageData(0, 0, 1, 1).data;
  return `rgb(${red}, ${green}, ${blue})`;
}

export function useWorker(): void {
  setWorkerUrl(new URL(MAP_WORKER, import.meta.url).href);
}

export function loadStyles(): Promise<void> {
  const href = new URL(MAP_STYLES, import.meta.url).href;
  if (document.querySelector(`link[href="${href}"]`)) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = href;
    link.onload = () => resolve();
    link.onerror = () => reject(new Error("map styles did not load"));
    document.head.append(link);
  });
}

/** An empty map: the ground alone. */
export function ground(): StyleSpecification {
  return {
    version: 8,
    sources: {},
    layers: [{ id: "ground", type: "background", paint: { "background-color": colour("--map-ground", "#f4f5f9") } }],
  };
}

/** Adds outlines (addresses of GeoJSON, coarse first); what `between` adds lies on the land, under the lines. */
export function areasOf(style: StyleSpecification, addresses: string, between?: () => void): void {
  const areas = addresses.split(/\s+/).filter(Boolean);
  areas.forEach((url, index) => {
    style.sources[`areas-${index}`] = { type: "geojson", data: new URL(url, location.href).href };
    if (index === 0) {
      style.layers.push({ id: "land", type: "fill", source: "areas-0", paint: { "fill-color": colour("--map-land", "#ffffff") } });
    }
  });
  between?.();
  areas.forEach((_, index) => {
    style.layers.push({
      id: `lines-${index}`,
      type: "line",
      source: `areas-${index}`,
      minzoom: [0, 5.5, 7.5][index] ?? 7.5,
      paint: { "line-color": colour("--map-line", "#b8bdd0"), "line-width": index === 0 ? 1.4 : 0.6 },
    });
  });
}
