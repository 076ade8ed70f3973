// The threshold over the scores of photos that were held out, and over those that were inspected.

import { put } from "./api.js";
import { chosen, onChange, refresh } from "./chosen.js";
import { byId, element, fill, number, say, shape } from "./elements.js";
import { judgeBy, onInspections, presentInspections } from "./inspection.js";
import { attempt } from "./problems.js";

const height = 132, base = 96, top = 14, side = 12;
const patience = 500;

/** The threshold that is shown; the model has it as soon as it is let go of. */
let value = 0;
let domain = [0, 1];
let dragging = false, timer = 0;

export function listenForThreshold() {
  const range = byId("threshold-range"), typed = byId("threshold-value"), rate = byId("threshold-rate-form");
  range.addEventListener("input", () => move(Number(range.value)));
  // Arrow keys end a change with each step.
  range.addEventListener("change", () => later());
  typed.addEventListener("change", () => {
    if (Number(typed.value) > 0) {
      move(Number(typed.value), true);
      set();
    } else
      typed.value = shown(value);
  });
  rate.addEventListener("submit", event => {
    event.preventDefault();
    attempt(byId("threshold-problems"), async () => {
      await put(`/api/parts/${chosen.part.id}/model/threshold`, { falseAlarms: Number(byId("threshold-rate").value) / 100 });
      await taken();
    });
  });
  const chart = byId("threshold-chart");
  chart.addEventListener("pointerdown", event => {
    dragging = true;
    chart.setPointerCapture(event.pointerId);
    moveTo(event);
  });
  chart.addEventListener("pointermove", event => dragging && moveTo(event));
  for (const name of ["pointerup", "pointercancel"])
    chart.addEventListener(name, () => {
      if (dragging)
        set();
      dragging = false;
    });
  new ResizeObserver(draw).observe(byId("threshold-chart-place"));
  onInspections(() => {
    // The axis stays while the threshold is being moved.
    if (chosen.model !== null && value === chosen.model.threshold) {
      scaleAxis();
      showText();
    }
    draw();
  });
  onChange(another => {
    byId("threshold").hidden = chosen.model === null;
    if (another)
      byId("threshold-problems").replaceChildren();
    if (chosen.model === null || dragging || timer !== 0)
      return;
    value = chosen.model.threshold;
    scaleAxis();
    showText();
    draw();
  });
}

const heldOut = () => chosen.model?.calibration?.heldOutScores ?? [];

/** The axis holds what there is to see; a few scores far away do not press the others together. */
function scaleAxis() {
  const limit = 2.5 * Math.max(value, ...heldOut());
  const all = [value, ...heldOut(), ...presentInspections().map(({ record }) => Math.min(record.score, limit))];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const margin = Math.max(0.08 * (high - low), 0.02 * high, 1e-9);
  domain = [Math.max(0, low - margin), high + margin];
}

function move(next, anew = false) {
  value = next;
  if (anew)
    scaleAxis();
  judgeBy(value);
  showText();
  draw();
}

function moveTo(event) {
  const box = byId("threshold-chart").getBoundingClientRect();
  const share = Math.min(1, Math.max(0, (event.clientX - box.left - side) / (box.width - 2 * side)));
  move(Math.max(domain[0] + share * (domain[1] - domain[0]), 1e-9));
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(set, patience);
}

async function set() {
  clearTimeout(timer);
  timer = 0;
  await attempt(byId("threshold-problems"), async () => {
    await put(`/api/parts/${chosen.part.id}/model/threshold`, { value });
    await taken();
  });
  // What was refused is what it was.
  if (value !== chosen.model?.threshold && timer === 0) {
    judgeBy(null);
    await refresh();
  }
}

async function taken() {
  judgeBy(null);
  await refresh();
  say(`The threshold is ${number(value)}.${cautions().length > 0 ? ` Caution: ${cautions()[0]}` : ""}`);
}

const cautions = () => chosen.model?.calibration?.cautions ?? [];

/** As many digits as the axis tells apart. */
const shown = number => Number(number.toPrecision(5)).toString();

function showText() {
  const { model } = chosen;
  const range = byId("threshold-range");
  [range.min, range.max] = domain;
  range.step = (domain[1] - domain[0]) / 400;
  range.value = value;
  range.setAttribute("aria-valuetext", shown(value));
  byId("threshold-value").value = shown(value);
  const rate = model.calibration?.falseAlarms ?? null;
  const scores = heldOut();
  byId("threshold-rate-form").hidden = scores.length === 0;
  if (rate !== null && document.activeElement !== byId("threshold-rate"))
    byId("threshold-rate").value = number(100 * rate);
  byId("threshold-origin").textContent = value !== model.threshold ? "Let go to set it."
    : rate === null ? "Set by hand." : `Made for ${number(100 * rate)} % false alarms.`;
  fill(byId("threshold-cautions"), cautions().length > 0 && value === model.threshold && element("div", { class: "remarks" },
    element("ul", { class: "findings" }, cautions().map(caution => element("li", {}, element("strong", {}, "Caution: "), caution, ".")))));
}

function draw() {
  const chart = byId("threshold-chart"), width = byId("threshold-chart-place").clientWidth;
  if (chosen.model === null || width === 0)
    return;
  const inspected = presentInspections(), scores = heldOut();
  const x = score => side + (width - 2 * side) * Math.min(1, Math.max(0, (score - domain[0]) / (domain[1] - domain[0])));
  chart.setAttribute("viewBox", `0 0 ${width} ${height}`);
  chart.setAttribute("aria-label", `${scores.length} held-out scores${scores.length > 0 ? ` from ${number(Math.min(...scores))} to ${number(Math.max(...scores))}` : ""}; `
    + `${inspected.filter(one => one.anomalous).length} of ${inspected.length} inspected photos above the threshold ${number(value)}`);
  fill(chart,
    bars(scores, width).map(bar => shape("rect", { class: "bar", x: bar.x + 0.5, y: base - bar.height, width: Math.max(1, bar.width - 1), height: bar.height })),
    scores.map(score => shape("line", { class: "tick", x1: x(score), x2: x(score), y1: base - 6, y2: base })),
    shape("line", { class: "axis", x1: side, x2: width - side, y1: base, y2: base }),
    ticks().map(tick => shape("text", { class: "label", x: x(tick), y: height - 4 }, number(tick))),
    inspected.map(one => shape("path", { class: `${one.anomalous ? "bad" : "good"}${one.chosen ? " chosen" : ""}`, d: markAt(x(one.record.score), base + 11, one.anomalous) },
      shape("title", {}, `${one.record.image}: ${number(one.record.score)}`))),
    shape("line", { class: "threshold", x1: x(value), x2: x(value), y1: top - 4, y2: base + 20 }),
    shape("circle", { class: "grip", cx: x(value), cy: top, r: 9 }));
  byId("threshold-legend").textContent = `${scores.length} held out${inspected.length > 0 ? `, ${inspected.length} inspected: ${inspected.filter(one => one.anomalous).length} above` : ""}`;
}

const markAt = (x, y, anomalous) => anomalous ? `M${x - 5} ${y + 4}h10l-5 -9z` : `M${x - 4} ${y}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z`;

/** Bins of the scores that were held out. */
function bars(scores, width) {
  if (scores.length === 0)
    return [];
  const bins = Math.min(60, Math.max(24, Math.ceil(2 * Math.sqrt(scores.length))));
  const counts = new Array(bins).fill(0);
  for (const score of scores)
    counts[Math.min(bins - 1, Math.max(0, Math.floor(bins * (score - domain[0]) / (domain[1] - domain[0]))))]++;
  const highest = Math.max(...counts), step = (width - 2 * side) / bins;
  return counts.map((amount, i) => ({ x: side + i * step, width: step, height: (base - top - 14) * amount / highest })).filter(bar => bar.height > 0);
}

/** Round values within the axis. */
function ticks() {
  const span = domain[1] - domain[0];
  const rough = span / 5, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(factor => factor * power).find(candidate => candidate >= rough);
  return Array.from({ length: 12 }, (_, i) => (Math.ceil(domain[0] / step) + i) * step).filter(tick => tick < domain[1] - 0.02 * span && tick > domain[0] + 0.02 * span);
}
