/**
 * A MapLibre map of our own GeoJSON; no tile server, no glyphs, no outside request.
 *
 *     <div data-map data-map-areas="/static/…/states.geojson" data-map-points="/orte/?format=geojson" …>
 *
 * `data-map-areas`: quiet outlines (several addresses separated by spaces, coarse first).
 * `data-map-points`: features to show; properties `title` (or `name`), `href`, `group` (0–5, colour class), `label`
 * (stands beside the point). `data-map-groups`: what groups 4 and 1 mean, "aktuell|veraltet".
 * `data-map-values`: GeoJSON of areas with properties `class` (0–5), `name`, `href`.
 * `data-map-bounds`: west,south,east,north to start with (default: Germany).
 */
import { AttributionControl, type GeoJSONSource, Map, NavigationControl, Popup } from "maplibre-gl";
import { GERMANY, areasOf, colour, ground, loadStyles, useWorker } from "./map-base";

/** Further in, towns are apart; what still lies together then lies at the same point. */
const MOST_ZOOM = 11;
const MOST_LISTED = 12;

type Properties = Record<string, unknown>;

/** What a popup says of one feature: its title as a link of our own, and a hint. */
function entry(properties: Properties): HTMLElement {
  const box = document.createElement("div");
  const title = String(properties["title"] ?? properties["name"] ?? "");
  const href = properties["href"] ?? properties["url"];
  if (typeof href === "string" && new URL(href, location.href).origin === location.origin) {
    const link = document.createElement("a");
    link.href = href;
    link.textContent = title;
    box.append(link);
  } else box.textContent = title;
  const hint = properties["hint"];
  if (typeof hint === "string") {
    for (const text of hint.split("\n")) {
      const line = document.createElement("p");
      line.textContent = text;
      box.append(line);
    }
  }
  return box;
}

function entries(all: Properties[], count: number, more: string): HTMLElement {
  const box = document.createElement("div");
  box.className = "map__entries";
  box.append(...all.map(entry));
  if (count > all.length) {
    const line = document.createElement("p");
    line.textContent = more.replace("{n}", String(count - all.length));
    box.append(line);
  }
  return box;
}

/** Says under the map what its signs mean, and how many there are of each. */
function legend(lines: [className: string, text: string][]): HTMLElement {
  const list = document.createElement("ul");
  list.className = "legend";
  for (const [className, text] of lines) {
    const line = document.createElement("li");
    const sign = document.createElement("span");
    sign.className = `map__sign map__sign--${className}`;
    sign.setAttribute("aria-hidden", "true");
    line.append(sign, text);
    list.append(line);
  }
  return list;
}

export async function start(element: HTMLElement): Promise<void> {
  const canvas = element.querySelector<HTMLElement>("[data-map-canvas]");
  if (!canvas) throw new Error("data-map needs a child data-map-canvas");
  await loadStyles();
  useWorker();

  const style = ground();
  const steps = [0, 1, 2, 3, 4, 5].map((step) => colour(`--map-class-${step}`, "#8aa0d0"));
  const groups = ["match", ["to-number", ["get", "group"], 0], 1, steps[1], 2, steps[2], 3, steps[3], 4, steps[4], 5, steps[5], steps[4]];
  const classes = ["match", ["to-number", ["get", "class"], 0], 1, steps[1], 2, steps[2], 3, steps[3], 4, steps[4], 5, steps[5], steps[0]];
  const values = element.dataset["mapValues"];
  areasOf(style, element.dataset["mapAreas"] ?? "", () => {
    if (!values) return;
    style.sources["values"] = { type: "geojson", data: new URL(values, location.href).href };
    style.layers.push({ id: "values", type: "fill", source: "values", paint: { "fill-color": classes as never } });
  });
  const points = element.dataset["mapPoints"];
  if (points) {
    style.sources["points"] = { type: "geojson", data: new URL(points, location.href).href, cluster: true, clusterRadius: 28, clusterMaxZoom: MOST_ZOOM };
    const halo = colour("--map-land", "#ffffff");
    style.layers.push({
      id: "points",
      type: "circle",
      source: "points",
      paint: {
        "circle-color": groups as never,
        "circle-radius": ["case", ["has", "point_count"], ["min", 22, ["+", 9, ["sqrt", ["get", "point_count"]]]], 7],
        "circle-stroke-color": halo,
        "circle-stroke-width": 2,
      },
    });
    // A value that fits into a word stands beside its point.
    style.layers.push({
      id: "labels",
      type: "symbol",
      source: "points",
      filter: ["all", ["has", "label"], ["!", ["has", "point_count"]]],
      layout: { "text-field": ["get", "label"], "text-font": ["Fira Sans"], "text-size": 15, "text-anchor": "left", "text-offset": [0.75, 0], "text-optional": true },
      paint: { "text-color": colour("--ink", "#1a1c2b"), "text-halo-color": halo, "text-halo-width": 2 },
    });
    // Without a source of glyphs MapLibre draws the letters with the page's own font.
    style.layers.push({
      id: "counts",
      type: "symbol",
      source: "points",
      filter: ["has", "point_count"],
      layout: { "text-field": ["to-string", ["get", "point_count"]], "text-font": ["Fira Sans"], "text-size": 14, "text-allow-overlap": true },
      paint: { "text-color": halo },
    });
  }

  canvas.hidden = false;
  const reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const german = !document.documentElement.lang.startsWith("en");
  const bounds = element.dataset["mapBounds"]?.split(",").map(Number);
  const map = new Map({
    container: canvas,
    style,
    bounds: bounds?.length === 4 && bounds.every(Number.isFinite) ? (bounds as [number, number, number, number]) : GERMANY,
    fitBoundsOptions: { padding: 16, animate: false },
    attributionControl: false,
    cooperativeGestures: true,
    dragRotate: false,
    pitchWithRotate: false,
    fadeDuration: reduced ? 0 : 150,
    renderWorldCopies: false,
    locale: german
      ? {
          "NavigationControl.ZoomIn": "Vergrößern",
          "NavigationControl.ZoomOut": "Verkleinern",
          "Map.Title": element.dataset["mapLabel"] ?? "Karte",
          "Popup.Close": "Schließen",
          "AttributionControl.ToggleAttribution": "Quellen der Karte",
          "CooperativeGesturesHandler.WindowsHelpText": "Zum Vergrößern Strg gedrückt halten und scrollen",
          "CooperativeGesturesHandler.MacHelpText": "Zum Vergrößern ⌘ gedrückt halten und scrollen",
          "CooperativeGesturesHandler.MobileHelpText": "Karte mit zwei Fingern verschieben",
        }
      : { "Map.Title": element.dataset["mapLabel"] ?? "Map" },
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  const attribution = element.dataset["mapAttribution"];
  if (attribution) map.addControl(new AttributionControl({ compact: false, customAttribution: attribution }));

  const more = german ? "und {n} weitere in der Liste" : "and {n} more in the list";
  map.on("click", "points", (event) => {
    const feature = event.features?.[0];
    if (!feature) return;
    const popup = new Popup({ maxWidth: "18rem" }).setLngLat(event.lngLat);
    const count = Number(feature.properties["point_count"] ?? 0);
    if (!count) {
      popup.setDOMContent(entry(feature.properties)).addTo(map);
      return;
    }
    const source = map.getSource<GeoJSONSource>("points");
    const id = Number(feature.properties["cluster_id"]);
    void source?.getClusterExpansionZoom(id).then(async (zoom) => {
      if (zoom <= MOST_ZOOM) map.easeTo({ center: event.lngLat, zoom, animate: !reduced });
      else {
        const leaves = await source.getClusterLeaves(id, MOST_LISTED, 0);
        popup.setDOMContent(entries(leaves.map((leaf) => leaf.properties ?? {}), count, more)).addTo(map);
      }
    });
  });
  map.on("click", "values", (event) => {
    const feature = event.features?.[0];
    if (feature) new Popup({ maxWidth: "18rem" }).setLngLat(event.lngLat).setDOMContent(entry(feature.properties)).addTo(map);
  });
  for (const layer of ["points", "values"]) {
    map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = "pointer"));
    map.on("mouseleave", layer, () => (map.getCanvas().style.cursor = ""));
  }
  await new Promise<void>((resolve, reject) => {
    map.once("load", () => resolve());
    map.once("error", (event) => reject(event.error));
  });
  if (points) {
    const data = await map.getSource<GeoJSONSource>("points")?.getData();
    const all = data?.type === "FeatureCollection" ? data.features : [];
    const spots = new Set(all.map((one) => JSON.stringify(one.geometry)));
    const count = (n: number): string => n.toLocaleString(document.documentElement.lang);
    const [current, old] = element.dataset["mapGroups"]?.split("|") ?? [];
    const inGroup = (group: number): number => all.filter((one) => Number(one.properties?.["group"]) === group).length;
    const ages: [string, string][] = current && old ? [["current", `${current} (${count(inGroup(4))})`], ["old", `${old} (${count(inGroup(1))})`]] : [];
    canvas.after(
      legend([
        ...ages,
        ...(
        german
          ? [
              ["one", `ein Eintrag (zusammen ${count(all.length)})`],
              ["many", `mehrere Einträge, mit ihrer Zahl (${count(spots.size)} ${spots.size === 1 ? "Stelle" : "Stellen"})`],
            ]
          : [
              ["one", `one entry (${count(all.length)} in all)`],
              ["many", `several entries, with their number (${count(spots.size)} ${spots.size === 1 ? "spot" : "spots"})`],
            ]) as [string, string][],
      ]),
    );
  }
  canvas.dataset["mapReady"] = "";
}
