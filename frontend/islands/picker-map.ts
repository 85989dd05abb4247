/** The map of the picker: fetched when somebody asks for it, as every map. */
import { AttributionControl, type LngLatBoundsLike, Map, Marker, NavigationControl } from "maplibre-gl";
import { GERMANY, areasOf, ground, loadStyles, useWorker } from "./map-base";

const CLOSE = 14;

export async function pick(element: HTMLElement, known: [number, number] | null, chosen: (longitude: number, latitude: number) => void): Promise<void> {
  const canvas = element.querySelector<HTMLElement>("[data-map-canvas]");
  if (!canvas) throw new Error("the picker needs a child data-map-canvas");
  await loadStyles();
  useWorker();
  const style = ground();
  areasOf(style, element.dataset["mapAreas"] ?? "");
  canvas.hidden = false;
  const bounds = element.dataset["mapBounds"]?.split(",").map(Number);
  const map = new Map({
    container: canvas,
    style,
    bounds: bounds?.length === 4 && bounds.every(Number.isFinite) ? (bounds as unknown as LngLatBoundsLike) : GERMANY,
    fitBoundsOptions: { padding: 16, animate: false },
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    locale: { "Map.Title": element.dataset["mapLabel"] ?? "" },
  });
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  const attribution = element.dataset["mapAttribution"];
  if (attribution) map.addControl(new AttributionControl({ compact: false, customAttribution: attribution }));
  const marker = new Marker({ draggable: true });
  const put = (longitude: number, latitude: number): void => {
    marker.setLngLat([longitude, latitude]).addTo(map);
  };
  if (known) {
    put(...known);
    map.jumpTo({ center: known, zoom: CLOSE });
  }
  map.on("click", (event) => {
    put(event.lngLat.lng, event.lngLat.lat);
    chosen(event.lngLat.lng, event.lngLat.lat);
  });
  marker.on("dragend", () => {
    const { lng, lat } = marker.getLngLat();
    chosen(lng, lat);
  });
  await new Promise<void>((resolve, reject) => {
    map.once("load", () => resolve());
    map.once("error", (event) => reject(event.error));
  });
}
