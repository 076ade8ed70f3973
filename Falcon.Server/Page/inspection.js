// Inspections: photos that are dropped, their verdicts, and what happens to the one that is chosen.

import { blob, get, post, send } from "./api.js";
import { begin, chosen, onChange, onJob } from "./chosen.js";
import { byId, count, element, fill, moment, number, say } from "./elements.js";
import { nameOf, takeFiles } from "./files.js";
import { attempt, findingsOf, showProblems } from "./problems.js";
import { recolour, showOnStage } from "./stage.js";

/** Of the chosen part, the newest first. */
let records = [];
let shown = null;
/** The threshold while it is being moved; null for the model's. */
let moved = null;
const listeners = [];

/** Called when the inspections have changed. */
export function onInspections(action) {
  listeners.push(action);
}

/** The inspections by the present model, with what is said of each. */
export const presentInspections = () => records.filter(isPresent).map(record => ({ record, anomalous: record.score > limitOf(record), chosen: record.id === shown?.id }));

/** Shows verdicts and colours as they would be with another threshold; null for the model's. */
export function judgeBy(threshold) {
  moved = threshold;
  showVerdicts();
  if (shown)
    recolour(limitOf(shown));
}

export function listenForInspection() {
  takeFiles(byId("inspection"), byId("inspection-drop"), byId("inspection-files"), inspect);
  byId("good").addEventListener("click", () => attempt(byId("stage-problems"), teach));
  byId("again").addEventListener("click", () => attempt(byId("stage-problems"), () => again(shown)));
  onJob(hearLesson);
  onChange(async another => {
    const { part, model } = chosen;
    if (another) {
      records = [];
      moved = null;
      show(null);
      byId("inspection-problems").replaceChildren();
    }
    if (!part)
      return;
    byId("inspection-drop").disabled = model === null;
    byId("inspection-none").hidden = model !== null;
    byId("inspection-place").hidden = model === null;
    arrange(model !== null, another);
    if (another)
      await readHistory();
    showVerdicts();
    if (shown)
      show(shown);
  });
}

/** Who has a model inspects: that comes first where there is one column, and by the keyboard. */
function arrange(inspects, another) {
  const [columns, work, setup] = [byId("columns"), byId("work"), byId("setup")];
  const first = inspects ? work : setup;
  if (columns.firstElementChild === first)
    return;
  // The other one stays in its place, and the focus in it.
  if (inspects)
    columns.prepend(work);
  else
    columns.append(work);
  if (!another)
    byId("inspection").scrollIntoView({ block: "nearest" });
}

const isPresent = record => record.model === chosen.model?.version.version;
const limitOf = record => isPresent(record) ? moved ?? chosen.model.threshold : record.threshold;

/** Programs inspect, too: the last inspections as the server knows them. */
export async function readHistory() {
  const part = chosen.part?.id;
  if (!part)
    return;
  const known = await get(`/api/parts/${part}/inspections`);
  if (chosen.part?.id !== part)
    return;
  records = known;
  if (shown === null && records.length > 0)
    show(records[0]);
  else
    showVerdicts();
}

async function inspect(files) {
  const part = chosen.part.id, progress = byId("inspection-progress");
  const refused = [];
  const found = [];
  byId("inspection-problems").replaceChildren();
  byId("inspection-drop").disabled = true;
  progress.hidden = false;
  progress.max = files.length;
  for (const [i, file] of files.entries()) {
    progress.value = i;
    try {
      const record = await send(`/api/parts/${part}/inspections?name=${nameOf(file)}`, file);
      found.push(record);
      take(record, part, i === 0);
    } catch (error) {
      refused.push(...findingsOf(error));
    }
  }
  progress.hidden = true;
  byId("inspection-drop").disabled = chosen.model === null;
  if (chosen.part?.id !== part)
    return;
  showProblems(byId("inspection-problems"), refused);
  const anomalous = found.filter(record => record.anomalous).length;
  say(found.length === 1 ? verdictText(found[0]) : `${count(found.length, "photo")} inspected, ${anomalous} anomalous${refused.length > 0 ? `, ${refused.length} refused` : ""}.`);
}

function take(record, part, first) {
  if (chosen.part?.id !== part)
    return;
  records = [record, ...records];
  if (first)
    show(record);
  showVerdicts();
}

/** The same photo by the present model. */
async function again(record) {
  const part = chosen.part.id;
  const file = await blob(`/api/inspections/${record.id}/image`);
  const fresh = await send(`/api/parts/${part}/inspections?name=${nameOf({ name: record.image })}`, file);
  take(fresh, part, true);
  say(verdictText(fresh));
  return fresh;
}

async function teach() {
  byId("lesson").replaceChildren();
  const job = await post(`/api/inspections/${shown.id}/good`);
  lessons.set(job.id, shown);
  byId("good").disabled = true;
  begin(job);
}

/** What each lesson is about. */
const lessons = new Map();

async function hearLesson(job) {
  const about = lessons.get(job.id);
  if (!about)
    return;
  if (job.state === "queued" || job.state === "running") {
    byId("lesson").replaceChildren(element("p", { class: "hint" }, "The model learns that this photo shows a good part …"));
    return;
  }
  lessons.delete(job.id);
  byId("lesson").replaceChildren();
  if (job.state !== "done") {
    showProblems(byId("stage-problems"), job.problems);
    return;
  }
  const lesson = job.lessons.at(-1);
  const passes = lesson.scoreAfter <= lesson.thresholdAfter;
  const text = `${lesson.image} ${passes ? "passes now" : "is still anomalous"}: score ${number(lesson.scoreBefore)} became ${number(lesson.scoreAfter)}, `
    + `the threshold ${number(lesson.thresholdBefore)} became ${number(lesson.thresholdAfter)}.`;
  await attempt(byId("stage-problems"), () => again(about));
  byId("lesson").replaceChildren(element("p", { class: passes ? "verdict-note good" : "verdict-note bad" }, text,
    " An earlier version of the model takes the lesson back."));
  say(text);
}

function show(record) {
  const same = record?.id === shown?.id;
  shown = record;
  byId("stage").hidden = record === null;
  if (!same) {
    byId("stage-problems").replaceChildren();
    byId("lesson").replaceChildren();
  }
  showVerdicts();
  if (!same)
    reveal();
  attempt(byId("view-problems"), () => showOnStage(record, record === null ? 0 : limitOf(record)));
}

/** The chosen one is seen in the list, too; the page stays where it is. */
function reveal() {
  const list = byId("inspections"), row = list.querySelector("[aria-pressed=true]");
  if (!row)
    return;
  const [inside, around] = [row.getBoundingClientRect(), list.getBoundingClientRect()];
  list.scrollTop += Math.min(0, inside.top - around.top) + Math.max(0, inside.bottom - around.bottom);
}

function verdictText(record) {
  const limit = limitOf(record);
  return `${record.image}: ${record.score > limit ? "anomalous" : "good"}, score ${number(record.score)}, ${(record.score / limit).toFixed(2)} of the threshold.`;
}

function showVerdicts() {
  fill(byId("inspections"), records.map(record => {
    const anomalous = record.score > limitOf(record);
    return element("li", {}, element("button", {
      type: "button", class: "row", "data-key": record.id, "aria-pressed": String(record.id === shown?.id), title: isPresent(record) ? null : `by version ${record.model} of the model`, click: () => show(record),
    },
    mark(anomalous), element("span", { class: "name", title: record.image }, record.image),
    element("span", { class: "note" }, `${number(record.score)}${isPresent(record) ? "" : ` (${record.model})`}`)));
  }));
  byId("inspections-count").textContent = records.length === 0 ? "" : `${records.filter(record => record.score > limitOf(record)).length} of ${records.length} anomalous`;
  if (shown)
    showVerdict();
  for (const action of listeners)
    action();
}

function showVerdict() {
  const limit = limitOf(shown), anomalous = shown.score > limit;
  const verdict = byId("verdict");
  verdict.className = anomalous ? "verdict bad" : "verdict good";
  fill(verdict, mark(anomalous, true));
  byId("verdict-name").textContent = shown.image;
  byId("verdict-score").textContent = `score ${number(shown.score)} = ${(shown.score / limit).toFixed(2)} × threshold ${number(limit)}`;
  byId("verdict-when").textContent = `${moment(shown.created)}, version ${shown.model}${isPresent(shown) ? "" : ", not the present one"}`;
  byId("good").hidden = !anomalous;
  byId("good").disabled = lessons.size > 0;
  byId("overlay").href = `/api/inspections/${shown.id}/overlay.png`;
}

/** Never by colour alone. */
function mark(anomalous, large = false) {
  return element("span", { class: anomalous ? "mark bad" : "mark good" },
    element("span", { "aria-hidden": "true" }, anomalous ? "▲" : "●"), large ? (anomalous ? " Anomalous" : " Good") : element("span", { class: "unseen" }, anomalous ? "Anomalous" : "Good"));
}
