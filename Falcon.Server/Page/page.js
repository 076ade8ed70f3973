// The page: what listens to what, and which part is chosen by the address.

import { get } from "./api.js";
import { choose, refresh } from "./chosen.js";
import { onReturn } from "./connection.js";
import { byId } from "./elements.js";
import { keepPage } from "./files.js";
import { listenForInspection, readHistory } from "./inspection.js";
import { addressOf, listenForParts, partOfAddress, readParts } from "./parts.js";
import { listenForPhotos } from "./photos.js";
import { attempt } from "./problems.js";
import { listenForRegion } from "./region.js";
import { listenForStage } from "./stage.js";
import { listenForThreshold } from "./threshold.js";
import { listenForTraining } from "./training.js";
import { listenForLeaving } from "./token.js";

const go = () => attempt(byId("page-problems"), () => choose(partOfAddress()));
const look = () => attempt(byId("page-problems"), () => Promise.all([readParts(), refresh(), readHistory()]));

keepPage();
listenForParts();
listenForPhotos();
listenForRegion();
listenForStage();
listenForInspection();
listenForThreshold();
// The address says which part is chosen, not where the focus is.
byId("skip").addEventListener("click", event => {
  event.preventDefault();
  byId("main").focus();
});
window.addEventListener("hashchange", go);
window.addEventListener("popstate", go);
onReturn(look);
// Others may have changed something while nobody looked here.
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
window.addEventListener("unhandledrejection", event => attempt(byId("page-problems"), () => Promise.reject(event.reason)));

await attempt(byId("page-problems"), async () => {
  const server = await get("/api");
  byId("version").textContent = `Falcon ${server.version}`;
  const parts = await readParts();
  await listenForTraining();
  if (partOfAddress() === null && parts.length > 0)
    history.replaceState(null, "", addressOf(parts[0].id));
  await go();
});
listenForLeaving();
document.body.removeAttribute("aria-busy");
