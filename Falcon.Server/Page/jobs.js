// Trainings and lessons as they go on.

import { get } from "./api.js";
import { lostConnection } from "./connection.js";

const names = ["state", "progress", "doubts", "warning", "done", "failed", "cancelled"];

/** Whether nothing will change any more. */
export const hasEnded = job => ["done", "failed", "cancelled"].includes(job.state);

/** Tells of a job until it has ended, also over restarts of the server. Gives what stops it. */
export function watchJob(id, tell) {
  let events = null, stopped = false;
  const hear = job => {
    if (stopped)
      return;
    if (hasEnded(job))
      stop();
    tell(job);
  };
  const listen = () => {
    if (stopped)
      return;
    events = new EventSource(`/api/jobs/${id}/events`);
    for (const name of names)
      events.addEventListener(name, event => hear(JSON.parse(event.data)));
    events.onerror = () => {
      // The browser would try again by itself, but not after every kind of error.
      events.close();
      reconnect();
    };
  };
  const reconnect = async () => {
    await lostConnection();
    try {
      hear(await get(`/api/jobs/${id}`));
      listen();
    } catch (error) {
      hear({ id, state: "failed", problems: error.findings ?? [], doubts: [], warnings: [], lessons: [] });
    }
  };
  const stop = () => {
    stopped = true;
    events?.close();
  };
  listen();
  return stop;
}

/** How far it is, in words. */
export function progressText(job) {
  const { progress } = job;
  if (job.state === "queued")
    return "Waiting for its turn";
  const doing = { waiting: "Starting", loading: "Reading photos and teacher", training: "Training", learning: "Learning", saving: "Saving", done: "Done" }[progress.phase] ?? progress.phase;
  const passes = progress.epochs > 1 ? `, pass ${progress.epoch} of ${progress.epochs}` : "";
  return `${doing}${passes}${progress.secondsLeft > 1 ? `, ${duration(progress.secondsLeft)} left` : ""}`;
}

function duration(seconds) {
  return seconds < 90 ? `${Math.round(seconds)} s` : seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
