// The part that is looked at, its model, and the job that makes the next one.

import { get, Problem } from "./api.js";
import { hasEnded, watchJob } from "./jobs.js";

/** The part, and the card of its model; null for none. */
export const chosen = { part: null, model: null };

const changed = [], jobTold = [];
let watched = null;

/** Called when another part was chosen, or the part or its model has changed: with whether it is another part. */
export function onChange(action) {
  changed.push(action);
}

/** Called with each word of the part's job. */
export function onJob(action) {
  jobTold.push(action);
}

/** Chooses a part by its id; null for none. A part that is gone chooses none. */
export async function choose(id) {
  if (id === null)
    return take(null, null);
  try {
    const part = await get(`/api/parts/${id}`);
    await take(part, part.model ? await modelOf(part) : null);
  } catch (error) {
    if (!(error instanceof Problem && error.status === 404))
      throw error;
    await take(null, null);
  }
}

/** Looks at the part again. */
export async function refresh() {
  const id = chosen.part?.id;
  if (!id)
    return;
  const part = await get(`/api/parts/${id}`).catch(error => error.status === 404 ? null : Promise.reject(error));
  const model = part?.model ? await modelOf(part) : null;
  // Another one may have been chosen meanwhile.
  if (chosen.part?.id === id)
    take(part, model);
}

/** Shows a job that has just been taken on. */
export function begin(job) {
  watch(job);
}

const modelOf = part => get(`/api/parts/${part.id}/model`).catch(error => error.status === 409 || error.status === 404 ? null : Promise.reject(error));

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
