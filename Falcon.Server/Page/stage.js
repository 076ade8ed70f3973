// The chosen inspection, large: photo, heat map, outlines of regions, zoom.

import { chosen } from "./chosen.js";
import { byId, count, element, fill, number, shape } from "./elements.js";
import { drawHeat, readMap, valueAt } from "./heat.js";

const farthest = 16;

let record = null, map = null, threshold = 0;
let scale = 1, left = 0, top = 0;
const pointers = new Map();

export function listenForStage() {
  const view = byId("view"), opacity = byId("opacity"), photo = byId("view-photo");
  const clear = () => {
    byId("view-heat").style.opacity = opacity.value / 100;
    byId("opacity-text").textContent = `${opacity.value} %`;
  };
  opacity.addEventListener("input", clear);
  clear();
  byId("outlines").addEventListener("change", event => byId("view-regions").classList.toggle("none", !event.target.checked));
  byId("zoom-in").addEventListener("click", () => zoom(1.5));
  byId("zoom-out").addEventListener("click", () => zoom(1 / 1.5));
  byId("zoom-fit").addEventListener("click", () => place(1, 0, 0));
  // A format that the browser does not know: the server draws the photo.
  photo.addEventListener("error", () => {
    if (record && !photo.src.endsWith(drawn()))
      photo.src = drawn();
  });
  photo.addEventListener("load", () => view.setAttribute("aria-busy", "false"));

  view.addEventListener("keydown", event => {
    const step = 40;
    const act = {
      "+": () => zoom(1.5), "=": () => zoom(1.5), "-": () => zoom(1 / 1.5), "0": () => place(1, 0, 0),
      ArrowLeft: () => place(scale, left + step, top), ArrowRight: () => place(scale, left - step, top),
      ArrowUp: () => place(scale, left, top + step), ArrowDown: () => place(scale, left, top - step),
    }[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey || (scale === 1 && event.key.startsWith("Arrow")))
      return;
    event.preventDefault();
    act();
  });
  view.addEventListener("wheel", event => {
    // Plain turns scroll the page; pinching on a touch pad comes with Ctrl.
    if (!event.ctrlKey && !event.metaKey)
      return;
    event.preventDefault();
    zoom(Math.exp(-event.deltaY / 200), at(event));
  }, { passive: false });
  view.addEventListener("dblclick", event => scale > 1 ? place(1, 0, 0) : zoom(3, at(event)));
  listenForPointers(view);
  new ResizeObserver(fit).observe(view);
}

/** The photo as the server draws it. */
const drawn = () => `/api/inspections/${record.id}/overlay.png?opacity=0&outlines=false`;

/** Shows an inspection; null for none. */
export async function showOnStage(shown, limit) {
  const same = shown?.id === record?.id;
  record = shown;
  threshold = limit;
  byId("view").hidden = byId("view-tools").hidden = record === null;
  byId("view-value").textContent = "";
  if (record === null)
    return;
  if (!same) {
    map = null;
    byId("view-heat").width = 0;
    byId("view").setAttribute("aria-busy", "true");
    // What is white in 16 bits only the server knows.
    byId("view-photo").src = record.whiteLevel ? drawn() : `/api/inspections/${record.id}/image`;
    byId("view-photo").alt = `Photo ${record.image}`;
    showRegions();
    fit();
    place(1, 0, 0);
    const own = record, read = await readMap(own.id);
    if (record !== own && record?.id !== own.id)
      return;
    map = read;
  }
  paint();
}

/** Another threshold moves the colours. */
export function recolour(limit) {
  threshold = limit;
  paint();
}

function paint() {
  if (map && record)
    drawHeat(byId("view-heat"), map, record.width, record.height, threshold);
}

function showRegions() {
  const drawing = byId("view-regions"), regions = record.regions ?? [];
  drawing.setAttribute("viewBox", `0 0 ${record.width} ${record.height}`);
  const path = polygons => polygons.map(polygon => `M${polygon.map(corner => corner.join(" ")).join("L")}Z`).join("");
  const looked = regionOfPart();
  fill(drawing,
    looked && shape("path", { class: "looked", d: path(looked) }),
    regions.map(region => [shape("path", { class: "halo", d: path(region.outline) }), shape("path", { class: "outline", d: path(region.outline) })]),
    regions.map((region, i) => {
      const [x, y] = region.outline.flat().reduce((highest, corner) => corner[1] < highest[1] ? corner : highest);
      return shape("text", { "data-x": x, "data-y": y }, String(i + 1));
    }));
  byId("regions-count").textContent = record.anomalous ? (record.regions === null ? "" : count(regions.length, "region")) : "";
  fill(byId("regions-list"), regions.map((region, i) => element("li", {}, element("button", { type: "button", class: "row", click: () => approach(region.box) },
    element("span", { class: "index" }, String(i + 1)),
    element("span", {}, `peak ${number(region.peak.value)} at ${region.peak.x}, ${region.peak.y}`),
    element("span", { class: "note" }, `${count(region.area, "pixel")}, ${region.percent.toFixed(region.percent < 1 ? 2 : 1)} %`)))));
}

/** What is looked at, where that is known of this inspection; photos of other sizes have the same proportions. */
function regionOfPart() {
  const { part, model } = chosen;
  const region = part?.region;
  if (!region?.polygons || part.stale || model?.version.version !== record.model)
    return null;
  return region.polygons.map(polygon => polygon.map(([x, y]) => [x * record.width / region.width, y * record.height / region.height]));
}

/** The picture in the view: as large as it fits. */
function fit() {
  if (record === null)
    return;
  const view = byId("view"), layers = byId("view-layers");
  const room = window.innerHeight * 0.62;
  const width = Math.min(view.clientWidth, room * record.width / record.height);
  layers.style.width = `${width}px`;
  layers.style.height = `${width * record.height / record.width}px`;
  view.style.height = layers.style.height;
  place(scale, left, top);
}

function zoom(factor, point) {
  const view = byId("view").getBoundingClientRect();
  const [x, y] = point ?? [view.width / 2, view.height / 2];
  const next = Math.min(farthest, Math.max(1, scale * factor));
  place(next, x - (x - left) * next / scale, y - (y - top) * next / scale);
}

/** The region in the middle. */
function approach(box) {
  const layers = byId("view-layers"), view = byId("view");
  const size = layers.offsetWidth / record.width;
  const next = Math.min(farthest, Math.max(1, 0.4 * Math.min(view.clientWidth / (size * box.width), view.clientHeight / (size * box.height))));
  place(next, view.clientWidth / 2 - next * size * (box.x + box.width / 2), view.clientHeight / 2 - next * size * (box.y + box.height / 2));
  byId("view").scrollIntoView({ block: "nearest" });
}

function place(nextScale, nextLeft, nextTop) {
  const view = byId("view"), layers = byId("view-layers");
  const within = (offset, room, size) => size <= room ? (room - size) / 2 : Math.min(0, Math.max(room - size, offset));
  scale = nextScale;
  left = within(nextLeft, view.clientWidth, scale * layers.offsetWidth);
  top = within(nextTop, view.clientHeight, scale * layers.offsetHeight);
  layers.style.transform = `translate(${left}px, ${top}px) scale(${scale})`;
  layers.classList.toggle("close", scale * layers.offsetWidth > 4 * (record?.width ?? Infinity));
  view.classList.toggle("zoomed", scale > 1);
  byId("zoom-text").textContent = `${Math.round(100 * scale)} %`;
  byId("zoom-out").disabled = byId("zoom-fit").disabled = scale === 1;
  byId("zoom-in").disabled = scale === farthest;
  // Numbers stay as large as they are, above their region.
  const unit = (record?.width ?? 1) / (scale * Math.max(1, layers.offsetWidth));
  for (const label of byId("view-regions").querySelectorAll("text")) {
    label.setAttribute("font-size", 15 * unit);
    label.setAttribute("stroke-width", 3 * unit);
    label.setAttribute("x", Math.min(record.width - 10 * unit, Math.max(2 * unit, Number(label.dataset.x) - 4 * unit)));
    label.setAttribute("y", Math.max(14 * unit, Number(label.dataset.y) - 6 * unit));
  }
}

function at(event) {
  const view = byId("view").getBoundingClientRect();
  return [event.clientX - view.left, event.clientY - view.top];
}

function listenForPointers(view) {
  view.addEventListener("pointerdown", event => {
    pointers.set(event.pointerId, at(event));
    if (scale > 1 || pointers.size > 1)
      view.setPointerCapture(event.pointerId);
  });
  view.addEventListener("pointermove", event => {
    const now = at(event), before = pointers.get(event.pointerId);
    tellValue(now);
    if (!before)
      return;
    if (pointers.size === 2) {
      const [other] = [...pointers].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
      const distance = ([x, y]) => Math.max(1, Math.hypot(x - other[0], y - other[1]));
      zoom(distance(now) / distance(before), [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2]);
    } else if (scale > 1)
      place(scale, left + now[0] - before[0], top + now[1] - before[1]);
    pointers.set(event.pointerId, now);
  });
  for (const name of ["pointerup", "pointercancel"])
    view.addEventListener(name, event => pointers.delete(event.pointerId));
  view.addEventListener("pointerleave", event => {
    if (!view.hasPointerCapture(event.pointerId))
      pointers.delete(event.pointerId);
    byId("view-value").textContent = "";
  });
}

function tellValue([x, y]) {
  const layers = byId("view-layers");
  const [across, down] = [(x - left) / (scale * layers.offsetWidth), (y - top) / (scale * layers.offsetHeight)];
  byId("view-value").textContent = map && record && across >= 0 && down >= 0 && across < 1 && down < 1
    ? `${Math.floor(across * record.width)}, ${Math.floor(down * record.height)}: ${number(valueAt(map, across, down))}`
    : "";
}
