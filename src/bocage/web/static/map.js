// Draws a map on a quiet ground: things by shape and state, as links the keyboard reaches; the list beside it says the same.
// <div data-map data-source="points.json" data-outlines="outlines.json" data-list="id" data-words='{"many": "..."}'>
import { AttributionControl, LngLatBounds, Map as GroundMap, Marker, NavigationControl, setWorkerUrl } from "./vendor/maplibre-gl.mjs";

const SHAPES = {
  measured: "M8 2A6 6 0 1 0 8 14 6 6 0 1 0 8 2Z",
  silent: "M8 2 15 14H1Z",
  closed: "M2 2H14V14H2Z",
  refused: "M8 1 15 8 8 15 1 8Z",
  alert: "M8 1 15 8 8 15 1 8Z",
};
const HOLLOW = new Set(["silent", "closed"]);
const SVG = "http://www.w3.org/2000/svg";
const NEAR = { x: 76, y: 30 }; // pixels below which two pins would cover each other
const CLOSE_KM = 60; // what lies farther from the centre of the territory is not in the first view
const NAMES = { zoom: 8.5, most: 30, x: 90, y: 26 };

setWorkerUrl(new URL("./vendor/maplibre-gl-worker.mjs", import.meta.url).href);

function colour(token) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${token}`).trim();
}

function style(tiles, outlines) {
  const sources = { ground: { type: "geojson", data: outlines } };
  const layers = [{ id: "paper", type: "background" }];
  if (tiles) {
    sources.tiles = { type: "raster", tiles: [tiles], tileSize: 256, attribution: new URL(tiles, location.href).hostname };
    layers.push({ id: "tiles", type: "raster", source: "tiles", paint: { "raster-saturation": -0.7, "raster-opacity": 0.7 } });
  } else {
    layers.push({ id: "field", type: "fill", source: "ground" });
  }
  layers.push({ id: "hedge", type: "line", source: "ground", paint: { "line-width": ["interpolate", ["linear"], ["zoom"], 6, 0.4, 12, 1.4] } });
  return { version: 8, sources, layers };
}

function paint(map) {
  map.setPaintProperty("paper", "background-color", colour("field"));
  if (map.getLayer("field")) map.setPaintProperty("field", "fill-color", colour("paper"));
  map.setPaintProperty("hedge", "line-color", colour("edge"));
}

function sign(state) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[state] || SHAPES.closed);
  path.setAttribute("fill", HOLLOW.has(state) ? "none" : "currentColor");
  path.setAttribute("stroke", "currentColor");
  path.setAttribute("stroke-width", "2");
  svg.append(path);
  return svg;
}

// Live values survive a redraw: what the page heard since is kept by datastream.
const heard = new globalThis.Map();

function pin(thing) {
  const link = document.createElement("a");
  const state = SHAPES[thing.state] ? thing.state : "closed";
  link.className = `pin pin-${state}`;
  link.href = thing.href;
  link.setAttribute("role", "link");
  link.dataset.thing = thing.slug;
  link.append(sign(state));
  const value = heard.get(thing.datastream) || thing.value;
  if (value) {
    const said = document.createElement("span");
    said.className = "live";
    if (thing.datastream) {
      said.dataset.live = thing.datastream;
      said.dataset.unit = thing.unit || "";
    }
    said.textContent = value;
    link.append(said);
  } else {
    link.classList.add("bare");
  }
  link.title = thing.title;
  link.setAttribute("aria-label", value ? `${thing.title}: ${value}` : thing.title);
  return link;
}

// Pins that would cover each other stand as one; a grid keeps this linear in the number of things.
function groups(map, features) {
  const found = [];
  const grid = new globalThis.Map();
  const { clientWidth: width, clientHeight: height } = map.getContainer();
  for (const feature of features) {
    const at = map.project(feature.geometry.coordinates);
    if (at.x < -50 || at.y < -50 || at.x > width + 50 || at.y > height + 50) continue;
    const column = Math.floor(at.x / NEAR.x);
    const row = Math.floor(at.y / NEAR.y);
    let group = null;
    for (let dx = -1; dx <= 1 && !group; dx += 1) {
      for (let dy = -1; dy <= 1 && !group; dy += 1) {
        group = (grid.get(`${column + dx}:${row + dy}`) || []).find((one) => Math.abs(one.x - at.x) < NEAR.x && Math.abs(one.y - at.y) < NEAR.y);
      }
    }
    if (group) {
      group.members.push(feature);
      continue;
    }
    const made = { x: at.x, y: at.y, members: [feature] };
    const cell = `${column}:${row}`;
    grid.set(cell, [...(grid.get(cell) || []), made]);
    found.push(made);
  }
  return found;
}

function extent(features) {
  const bounds = new LngLatBounds();
  for (const feature of features) bounds.extend(feature.geometry.coordinates);
  return bounds;
}

function kilometres([lon, lat], [lon2, lat2]) {
  const rad = Math.PI / 180;
  const x = (lon2 - lon) * rad * Math.cos(((lat + lat2) / 2) * rad);
  return 6371 * Math.hypot(x, (lat2 - lat) * rad);
}

function first(features, centre) {
  if (!centre) return features;
  const near = features.filter((feature) => kilometres(centre, feature.geometry.coordinates) <= CLOSE_KM);
  return near.length ? near : features;
}

// The list item of a thing, if the page has one.
function listed(list, slug) {
  return list && list.querySelector(`[data-thing="${CSS.escape(slug)}"]`);
}

function choose(frame, list, slug, on) {
  for (const one of frame.querySelectorAll(`.pin[data-thing="${CSS.escape(slug)}"]`)) one.classList.toggle("chosen", on);
  listed(list, slug)?.classList.toggle("chosen", on);
}

function bind(element, frame, list, slug) {
  for (const name of ["pointerenter", "focusin"]) element.addEventListener(name, () => choose(frame, list, slug, true));
  for (const name of ["pointerleave", "focusout"]) element.addEventListener(name, () => choose(frame, list, slug, false));
}

function cluster(map, group, list, words) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "pin pin-many";
  button.setAttribute("role", "button");
  button.textContent = String(group.members.length);
  button.setAttribute("aria-label", `${group.members.length} ${words.many || ""}: ${group.members.slice(0, 5).map((one) => one.properties.title).join(", ")}`);
  button.title = button.getAttribute("aria-label");
  button.addEventListener("click", () => {
    const bounds = extent(group.members);
    const alike = bounds.getNorthEast().distanceTo(bounds.getSouthWest()) < 5;
    if (!alike && map.getZoom() < 17) {
      map.fitBounds(bounds, { padding: 70, maxZoom: 18 });
      return;
    }
    // One place carries them all: the list tells them apart.
    listed(list, group.members[0].properties.slug)?.querySelector("a")?.focus();
  });
  return button;
}

function ring(geometry) {
  const rings = geometry.type === "Polygon" ? [geometry.coordinates[0]] : geometry.coordinates.map((one) => one[0]);
  return rings.reduce((best, one) => (one.length > best.length ? one : best), rings[0]);
}

function named(outlines) {
  return (outlines.features || []).filter((one) => one.properties?.name && one.geometry).map((one) => {
    const bounds = new LngLatBounds();
    for (const at of ring(one.geometry)) bounds.extend(at);
    return { name: one.properties.name, at: bounds.getCenter() };
  });
}

// Names of communes, those that fit; they are decoration, so readers of the page's words do not meet them.
function names(map, places, taken) {
  if (map.getZoom() < NAMES.zoom) return [];
  const view = map.getBounds();
  const shown = [];
  for (const place of places) {
    if (shown.length >= NAMES.most || !view.contains(place.at)) continue;
    const at = map.project(place.at);
    if ([...taken, ...shown].some((one) => Math.abs(one.x - at.x) < NAMES.x && Math.abs(one.y - at.y) < NAMES.y)) continue;
    const label = document.createElement("div");
    label.className = "place-name";
    label.setAttribute("aria-hidden", "true");
    label.setAttribute("role", "presentation");
    label.textContent = place.name;
    shown.push({ x: at.x, y: at.y, marker: new Marker({ element: label }).setLngLat(place.at) });
  }
  return shown;
}

async function fetched(address, otherwise) {
  if (!address) return otherwise;
  const answer = await fetch(address, { headers: { Accept: "application/geo+json" } });
  return answer.ok ? answer.json() : otherwise;
}

async function draw(frame) {
  const empty = { type: "FeatureCollection", features: [] };
  const words = JSON.parse(frame.dataset.words || "{}");
  const list = document.getElementById(frame.dataset.list || "");
  const [points, outlines] = await Promise.all([fetched(frame.dataset.source, empty), fetched(frame.dataset.outlines, empty)]);
  const centre = frame.dataset.centre ? frame.dataset.centre.split(",").map(Number) : null;
  const holder = document.createElement("div");
  frame.append(holder);
  const seen = first(points.features, centre);
  const map = new GroundMap({
    container: holder,
    style: style(frame.dataset.tiles, outlines),
    bounds: seen.length ? extent(seen) : undefined,
    fitBoundsOptions: { padding: { top: 45, bottom: 35, left: 70, right: 80 }, maxZoom: 14 },
    center: centre || [2.5, 46.6],
    zoom: centre ? 10 : 5,
    attributionControl: false,
    cooperativeGestures: true,
    dragRotate: false,
    pitchWithRotate: false,
    maxZoom: 19,
    locale: words.map || {},
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  if (frame.dataset.credit) map.addControl(new AttributionControl({ compact: true, customAttribution: frame.dataset.credit }));
  const places = named(outlines);
  let standing = [];
  const redraw = () => {
    const focused = document.activeElement?.closest?.(".pin")?.dataset.thing;
    for (const one of standing) one.remove();
    const made = groups(map, points.features);
    standing = made.map((group) => {
      const alone = group.members.length === 1 ? group.members[0] : null;
      const element = alone ? pin(alone.properties) : cluster(map, group, list, words);
      if (alone) bind(element, frame, list, alone.properties.slug);
      return new Marker({ element }).setLngLat(alone ? alone.geometry.coordinates : extent(group.members).getCenter());
    });
    standing.push(...names(map, places, made).map((one) => one.marker));
    for (const one of standing) one.addTo(map);
    if (focused) frame.querySelector(`.pin[data-thing="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  };
  map.on("load", () => {
    paint(map);
    redraw();
    frame.querySelector(".maplibregl-ctrl-attrib")?.classList.remove("maplibregl-compact-show");
    frame.dataset.ready = "";
  });
  map.on("moveend", redraw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => paint(map));
  for (const item of list?.querySelectorAll("[data-thing]") || []) bind(item, frame, list, item.dataset.thing);
}

document.addEventListener("bocage:value", ({ detail }) => {
  if (!detail.text) return;
  heard.set(detail.datastream, detail.text);
  for (const said of document.querySelectorAll(`.pin [data-live="${detail.datastream}"]`)) {
    const link = said.closest(".pin");
    link.setAttribute("aria-label", `${link.title}: ${detail.text}`);
  }
});

for (const frame of document.querySelectorAll("[data-map]")) {
  draw(frame).catch((error) => {
    // The list beside the map says the same; the reason is for whoever opens the console.
    frame.querySelector(".map-without")?.removeAttribute("hidden");
    console.error(error);
  });
}
