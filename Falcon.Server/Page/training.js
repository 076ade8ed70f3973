// Trainings: what is chosen, how far it is, and the models that came of it.

import { get, post, put, remove } from "./api.js";
import { begin, chosen, onChange, onJob, refresh } from "./chosen.js";
import { byId, count, element, fill, moment, say } from "./elements.js";
import { hasEnded, progressText } from "./jobs.js";
import { attempt, findingList, showProblems } from "./problems.js";

/** The methods by their name. */
let methods = new Map();
/** What decides how long it takes. */
const frequent = new Map([["epochs", "Passes"], ["inputSize", "Side of the input"]]);
/** Said by other means. */
const elsewhere = ["method", "regionOfInterest", "backbone"];
let running = null, saidPhase = "";

export async function listenForTraining() {
  byId("training-form").addEventListener("submit", event => {
    event.preventDefault();
    attempt(byId("training-problems"), train);
  });
  byId("training-cancel").addEventListener("click", () => attempt(byId("training-problems"), async () => {
    await remove(`/api/jobs/${running.id}`);
  }));
  byId("training-method").addEventListener("change", showOptions);
  byId("versions").addEventListener("change", event => attempt(byId("training-problems"), async () => {
    await put(`/api/parts/${chosen.part.id}/model/version`, { version: Number(event.target.value) });
    await refresh();
    say(`Version ${event.target.value} of the model inspects.`);
  }));
  onJob(showJob);
  onChange(another => {
    if (another) {
      running = null;
      byId("training-problems").replaceChildren();
      byId("training-remarks").replaceChildren();
    }
    if (chosen.part) {
      showTraining();
      showModel();
    }
  });
  await readChoices();
}

async function readChoices() {
  const [all, teachers] = await Promise.all([get("/api/methods"), get("/api/teachers")]);
  const usable = all.filter(method => !method.whyNotHere);
  methods = new Map(usable.map(method => [method.name, method]));
  const group = (label, takesSteps) => element("optgroup", { label }, usable.filter(method => method.takesSteps === takesSteps)
    .map(method => element("option", { value: method.name, selected: method.name === "patchcore" }, method.displayName)));
  fill(byId("training-method"), group("measure the photos, in seconds", false), group("train a network, in minutes to hours", true));
  fill(byId("training-teacher"), element("option", { value: "" }, "the best at hand"),
    teachers.filter(teacher => teacher.atHand).map(teacher => element("option", { value: teacher.name }, teacher.name)));
  showOptions();
}

/** Options of the method as JSON values; what is left empty has the published value, which is shown. */
function showOptions() {
  const options = Object.entries(methods.get(byId("training-method").value)?.options ?? {}).filter(([name]) => !elsewhere.includes(name));
  const field = label => ([name, value]) => element("label", {}, element("span", {}, label(name)),
    element("input", { type: "text", name, autocomplete: "off", spellcheck: "false", "data-option": true, placeholder: value === null ? "none" : JSON.stringify(value) }));
  fill(byId("training-frequent"), options.filter(([name]) => frequent.has(name)).map(field(name => frequent.get(name))));
  fill(byId("training-options"), options.filter(([name]) => !frequent.has(name)).map(field(name => name)));
}

async function train() {
  const options = {};
  for (const input of byId("training-form").querySelectorAll("[data-option]"))
    if (input.value.trim() !== "")
      options[input.name] = value(input.value.trim());
  const seed = byId("training-seed").value;
  const job = await post(`/api/parts/${chosen.part.id}/trainings`, {
    method: byId("training-method").value,
    options,
    teacher: byId("training-teacher").value || null,
    falseAlarms: Number(byId("training-rate").value) / 100,
    calibration: byId("training-calibration").value || null,
    seed: seed === "" ? null : Number(seed),
  });
  byId("training-remarks").replaceChildren();
  begin(job);
}

/** Words need no quotation marks. */
function value(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function showJob(job, remembered) {
  running = hasEnded(job) ? null : job;
  const bar = byId("training-bar");
  if (typeof job.progress?.share === "number")
    bar.value = job.progress.share;
  else
    bar.removeAttribute("value");
  byId("training-text").textContent = running ? progressText(job) : "";
  fill(byId("training-remarks"), [job.doubts, job.warnings].flat().length > 0 && element("div", { class: "remarks" }, findingList([...job.doubts, ...job.warnings])));
  showTraining();
  const phase = `${job.id} ${job.state} ${job.progress?.phase}`;
  if (phase === saidPhase || remembered)
    return;
  saidPhase = phase;
  const what = job.kind === "lesson" ? "lesson" : "training";
  if (job.state === "failed")
    showProblems(byId("training-problems"), job.problems.length > 0 ? job.problems : [{ what: `the ${what} has failed`, where: "training", fix: "The server's log says more." }]);
  say({ done: `The ${what} is done.`, failed: `The ${what} has failed.`, cancelled: `The ${what} was called off.` }[job.state] ?? progressText(job));
}

function showTraining() {
  const { part, model } = chosen;
  const busy = running !== null;
  byId("training-run").hidden = !busy;
  byId("training-kind").textContent = running?.kind === "lesson" ? "Lesson" : "Training";
  byId("training-form").hidden = busy;
  byId("training-start").disabled = part.photos.length === 0;
  byId("training-start").textContent = model ? "Train again" : "Train";
  byId("training-stale").hidden = busy || !part.stale;
}

async function showModel() {
  const { part, model } = chosen;
  byId("model").hidden = model === null;
  if (model === null)
    return;
  const { version } = model;
  fill(byId("model-facts"),
    fact("Method", model.method), fact("Teacher", model.teacher.weights), fact("Photos", count(version.photos, "photo")),
    fact("Made", moment(version.created)), model.lessons.length > 0 && fact("Lessons", String(model.lessons.length)));
  const download = byId("model-file");
  download.href = model.file;
  download.textContent = `Download the model (${size(model.bytes)})`;
  const versions = await get(`/api/parts/${part.id}/models`);
  if (chosen.part?.id !== part.id)
    return;
  byId("versions-row").hidden = versions.length < 2;
  fill(byId("versions"), versions.map(other => element("option", { value: other.version, selected: other.current },
    `${other.version}: ${other.origin === "lesson" ? "lesson" : "training"}, ${moment(other.created)}`)));
}

function fact(name, text) {
  return element("div", {}, element("dt", {}, name), element("dd", {}, text));
}

function size(bytes) {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
