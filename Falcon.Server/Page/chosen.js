// The part that is looked at, its model, and the job that makes the next one.

import { get, Problem } from "./api.js";
import { hasEnded, watchJob } from "./jobs.js";

/** The part, and the card of its model; null for none. */
export const chosen = { part: null, model: null };

const changed = [], jobTold = [];
let watched = null;
/** Looks at parts that were begun, and the youngest whose answer was taken: an older one that comes later is out of date. */
let begun = 0, answered = 0;

/** Called when another part was chosen, or the part or its model has changed: with whether it is another part. */
export function onChange(action) {
  changed.push(action);
}

/** Called with each word of the part's job, and with the job that made its model: with whether that is long ago. */
export function onJob(action) {
  jobTold.push(action);
}

/** Chooses a part by its id; null for none. A part that is gone chooses none. */
export async function choose(id) {
  const turn = ++begun;
  const part = id === null ? null : await orNone(get(`/api/parts/${id}`));
  const model = part?.model ? await orNone(get(`/api/parts/${id}/model`)) : null;
  if (turn < answered)
    return;
  answered = turn;
  take(part, model);
}

/** Looks at the part again. */
export async function refresh() {
  if (chosen.part)
    await choose(chosen.part.id);
}

/** Shows a job that has just been taken on. */
export function begin(job) {
  watch(job);
}

/** What is gone meanwhile is none. */
const orNone = answer => answer.catch(error => error instanceof Problem && (error.status === 404 || error.status === 409) ? null : Promise.reject(error));

function take(part, model) {
  const another = part?.id !== chosen.part?.id;
  chosen.part = part;
  chosen.model = model;
  if (another)
    forget();
  for (const action of changed)
    action(another);
  if (part?.job)
    watch(part.job);
  else if (another && part?.model)
    remember(part);
}

/** What a training had to say of its photos is still so. */
async function remember(part) {
  const job = await get(`/api/jobs/${part.model.job}`).catch(() => null);
  if (job && chosen.part?.id === part.id && watched === null)
    for (const action of jobTold)
      action(job, true);
}

function watch(job) {
  if (watched?.id === job.id)
    return;
  forget();
  const own = watched = { id: job.id, stop: () => { } };
  tell(job);
  own.stop = watchJob(job.id, told => {
    if (watched === own)
      tell(told);
  });
}

async function tell(job) {
  for (const action of jobTold)
    action(job);
  if (!hasEnded(job))
    return;
  forget();
  await refresh();
}

function forget() {
  watched?.stop();
  watched = null;
}
