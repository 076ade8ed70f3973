// What is looked at of a part's photos: polygons, drawn by pointer or by keys.

import { put, remove } from "./api.js";
import { chosen, onChange, refresh } from "./chosen.js";
import { byId, count, element, fill, number, say, shape } from "./elements.js";
import { attempt } from "./problems.js";

/** Polygons of corners [x, y] in pixels of the photo, while they are drawn. */
let polygons = [];
/** The polygon and the corner that are being changed. */
let current = 0, corner = 0;
let photo = null;
/** While corners are drawn anew, the focus that they give back chooses nothing. */
let drawing = false;

export function listenForRegion() {
  byId("region-draw").addEventListener("click", open);
  byId("region-all").addEventListener("click", () => attempt(byId("region-problems"), async () => {
    await remove(`/api/parts/${chosen.part.id}/region`);
    await refresh();
    say("The whole photo is looked at.");
    byId("region-draw").focus();
  }));
  byId("region-photo").addEventListener("change", event => choosePhoto(chosen.part.photos.find(one => one.id === event.target.value)));
  byId("region-add").addEventListener("click", () => {
    polygons.push(rectangle(0.35));
    [current, corner] = [polygons.length - 1, 0];
    draw(true);
  });
  byId("region-less").addEventListener("click", () => {
    polygons.splice(current, 1);
    [current, corner] = [0, 0];
    draw(true);
  });
  byId("region-corner").addEventListener("click", () => insertAfter(corner));
  byId("region-no-corner").addEventListener("click", removeCorner);
  byId("region-cancel").addEventListener("click", () => byId("region-editor").close());
  byId("region-save").addEventListener("click", save);
  listenForPointers();
  new ResizeObserver(() => byId("region-editor").open && draw()).observe(byId("region-picture"));
  onChange(another => {
    if (another)
      byId("region-problems").replaceChildren();
    if (chosen.part)
      show();
  });
}

function show() {
  const { region, photos } = chosen.part;
  byId("region-draw").disabled = photos.length === 0;
  byId("region-draw").textContent = region ? "Change the region" : "Draw a region";
  byId("region-all").hidden = region === null;
  byId("region-text").textContent = region === null ? "The whole photo is looked at." : `${number(region.percent)} % of the photo is looked at.`;
  const preview = byId("region-preview");
  preview.toggleAttribute("hidden", region === null || photos.length === 0);
  if (region === null || photos.length === 0)
    return;
  const [width, height] = [region.width, region.height];
  preview.setAttribute("viewBox", `0 0 ${width} ${height}`);
  fill(preview,
    shape("image", { href: `${photos[0].thumbnail}?size=256`, width, height, preserveAspectRatio: "none" }),
    region.polygons ? [outside(region.polygons, width, height, "region-shown"), shape("path", { class: "outline", d: path(region.polygons) })]
      : shape("image", { class: "mask", href: `${region.mask}?${encodeURIComponent(region.percent)}`, width, height }));
}

const path = shapes => shapes.map(polygon => `M${polygon.map(([x, y]) => `${x} ${y}`).join("L")}Z`).join("");

/** What is not looked at, darkened: areas may overlap, and what lies in one of them is looked at. */
function outside(shapes, width, height, name) {
  return [shape("mask", { id: name, maskUnits: "userSpaceOnUse", x: 0, y: 0, width, height },
    shape("rect", { width, height, fill: "white" }), shapes.map(polygon => shape("path", { d: path([polygon]), fill: "black" }))),
  shape("rect", { class: "outside", width, height, mask: `url(#${name})` })];
}

function open() {
  const { region, photos } = chosen.part;
  byId("region-editor-problems").replaceChildren();
  fill(byId("region-photo"), photos.map(one => element("option", { value: one.id }, one.name)));
  photo = null;
  polygons = [];
  choosePhoto(photos[0]);
  if (region?.polygons)
    polygons = scaled(region.polygons, photo.width / region.width, photo.height / region.height);
  if (polygons.length === 0)
    polygons = [rectangle(0.15)];
  [current, corner] = [0, 0];
  byId("region-editor").showModal();
  draw(true);
}

/** Polygons keep their place on a photo of another size. */
function choosePhoto(next) {
  if (photo)
    polygons = scaled(polygons, next.width / photo.width, next.height / photo.height);
  photo = next;
  const picture = byId("region-image");
  picture.src = `${photo.thumbnail}?size=1024`;
  picture.alt = `Photo ${photo.name}`;
  byId("region-picture").style.aspectRatio = `${photo.width} / ${photo.height}`;
  byId("region-picture").style.maxWidth = `calc(60vh * ${photo.width / photo.height})`;
  draw();
}

const scaled = (shapes, x, y) => shapes.map(polygon => polygon.map(([across, down]) => [Math.round(across * x), Math.round(down * y)]));

function rectangle(margin) {
  const [left, right] = [margin, 1 - margin].map(share => Math.round(share * photo.width));
  const [top, bottom] = [margin, 1 - margin].map(share => Math.round(share * photo.height));
  return [[left, top], [right, top], [right, bottom], [left, bottom]];
}

/** Draws the polygons, and a button for each corner of the chosen one. */
function draw(focus = false) {
  if (!photo)
    return;
  const picture = byId("region-drawing");
  picture.setAttribute("viewBox", `0 0 ${photo.width} ${photo.height}`);
  fill(picture, outside(polygons, photo.width, photo.height, "region-drawn"),
    polygons.map((polygon, i) => shape("path", { class: i === current ? "outline current" : "outline", d: path([polygon]), "data-polygon": i })));
  const polygon = polygons[current] ?? [];
  const handles = polygon.map(([x, y], i) => {
    const handle = element("button", {
      type: "button", class: i === corner ? "corner current" : "corner", "data-key": `corner-${i}`,
      "aria-label": `Corner ${i + 1} of ${polygon.length}, at ${x}, ${y}`, "aria-describedby": "region-keys", "data-corner": i, focus: () => chooseCorner(i), keydown: event => key(event, i),
    });
    handle.style.left = `${100 * x / photo.width}%`;
    handle.style.top = `${100 * y / photo.height}%`;
    return handle;
  });
  drawing = true;
  fill(byId("region-corners"), handles);
  if (focus)
    handles[corner]?.focus();
  drawing = false;
  byId("region-less").disabled = polygons.length < 2;
  byId("region-no-corner").disabled = polygon.length < 4;
  byId("region-position").textContent = polygon[corner] ? `Corner ${corner + 1} of ${polygon.length}: ${polygon[corner].join(", ")}${polygons.length > 1 ? `; area ${current + 1} of ${polygons.length}` : ""}` : "";
}

function chooseCorner(i) {
  if (drawing || corner === i)
    return;
  corner = i;
  draw();
}

function key(event, i) {
  const step = Math.max(1, Math.round(Math.max(photo.width, photo.height) / (event.shiftKey ? 20 : 200)));
  const by = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
  if (by) {
    const [x, y] = polygons[current][i];
    polygons[current][i] = clamped([x + by[0], y + by[1]]);
    draw();
  } else if (event.key === "Insert" || event.key === "+" || event.key === "Enter")
    insertAfter(i);
  else if (event.key === "Delete" || event.key === "Backspace" || event.key === "-")
    removeCorner();
  else
    return;
  event.preventDefault();
}

function insertAfter(i) {
  const polygon = polygons[current], [[x, y], [nextX, nextY]] = [polygon[i], polygon[(i + 1) % polygon.length]];
  polygon.splice(i + 1, 0, [Math.round((x + nextX) / 2), Math.round((y + nextY) / 2)]);
  corner = i + 1;
  draw(true);
}

function removeCorner() {
  if (polygons[current].length < 4)
    return;
  polygons[current].splice(corner, 1);
  corner = Math.min(corner, polygons[current].length - 1);
  draw(true);
}

const clamped = ([x, y]) => [Math.min(photo.width, Math.max(0, Math.round(x))), Math.min(photo.height, Math.max(0, Math.round(y)))];

function listenForPointers() {
  const picture = byId("region-picture");
  let drag = null;
  const at = event => {
    const box = picture.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width * photo.width, (event.clientY - box.top) / box.height * photo.height];
  };
  picture.addEventListener("pointerdown", event => {
    const point = at(event);
    const handle = event.target.closest("[data-corner]"), body = event.target.closest("[data-polygon]");
    if (handle) {
      corner = Number(handle.dataset.corner);
      drag = { from: point, start: [polygons[current][corner]], moves: [corner] };
    } else if (body && Number(body.dataset.polygon) !== current)
      [current, corner] = [Number(body.dataset.polygon), 0];
    else if (body)
      drag = { from: point, start: [...polygons[current]], moves: polygons[current].map((_, i) => i) };
    else {
      // Beside the area: it grows to there.
      corner = nearestEdge(polygons[current], point) + 1;
      polygons[current].splice(corner, 0, clamped(point));
      drag = { from: point, start: [polygons[current][corner]], moves: [corner] };
    }
    event.preventDefault();
    if (drag)
      picture.setPointerCapture(event.pointerId);
    draw(true);
  });
  picture.addEventListener("pointermove", event => {
    if (!drag)
      return;
    const [x, y] = at(event);
    for (const [k, i] of drag.moves.entries())
      polygons[current][i] = clamped([drag.start[k][0] + x - drag.from[0], drag.start[k][1] + y - drag.from[1]]);
    draw();
  });
  for (const name of ["pointerup", "pointercancel"])
    picture.addEventListener(name, () => drag = null);
}

/** The edge that a further corner belongs to. */
function nearestEdge(polygon, [x, y]) {
  const distance = i => {
    const [[ax, ay], [bx, by]] = [polygon[i], polygon[(i + 1) % polygon.length]];
    const length = (bx - ax) ** 2 + (by - ay) ** 2 || 1;
    const share = Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length));
    return Math.hypot(x - ax - share * (bx - ax), y - ay - share * (by - ay));
  };
  return polygon.map((_, i) => i).reduce((best, i) => distance(i) < distance(best) ? i : best, 0);
}

function save() {
  return attempt(byId("region-editor-problems"), async () => {
    await put(`/api/parts/${chosen.part.id}/region`, { polygons, width: photo.width, height: photo.height });
    byId("region-editor").close();
    await refresh();
    say(`${count(polygons.length, "area")} saved; ${number(chosen.part.region.percent)} % of the photo is looked at.${chosen.part.stale ? " Train again." : ""}`);
  });
}
