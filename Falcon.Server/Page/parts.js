// The list of parts, and what a part is called.

import { get, patch, post, remove } from "./api.js";
import { byId, count, element, fill, say } from "./elements.js";
import { choose, chosen, onChange, onJob, refresh } from "./chosen.js";
import { attempt } from "./problems.js";

let parts = [];

/** The address of a part on this page. */
export const addressOf = id => `#part=${id}`;

/** The part of the address; null for none. */
export const partOfAddress = () => new URLSearchParams(location.hash.slice(1)).get("part");

/** Makes a part and goes to it. */
export async function makePart(name) {
  const part = await post("/api/parts", { name });
  parts.push(part);
  await goTo(part.id);
  return part;
}

/** Goes to a part; null for none. It is there when this ends. */
async function goTo(id) {
  history.pushState(null, "", id === null ? location.pathname : addressOf(id));
  await choose(id);
}

/** Reads the list again. */
export async function readParts() {
  parts = await get("/api/parts");
  showParts();
  return parts;
}

export function listenForParts() {
  const form = byId("new-part"), name = byId("new-part-name");
  form.addEventListener("submit", event => {
    event.preventDefault();
    attempt(byId("parts-problems"), async () => {
      await makePart(name.value);
      name.value = "";
      say("The part is made. Add photos of good parts.");
      byId("photos-drop").focus();
    });
  });

  const title = byId("part-name");
  title.addEventListener("change", () => attempt(byId("part-problems"), async () => {
    await patch(`/api/parts/${chosen.part.id}`, { name: title.value });
    await refresh();
  }));
  title.addEventListener("keydown", event => {
    if (event.key === "Enter")
      title.blur();
    if (event.key === "Escape")
      title.value = chosen.part.name;
  });

  const dialog = byId("remove-part");
  byId("part-remove").addEventListener("click", () => {
    byId("remove-part-name").textContent = chosen.part.name;
    dialog.showModal();
  });
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "remove")
      attempt(byId("part-problems"), removeChosen);
    dialog.returnValue = "";
  });

  onChange(another => {
    const part = chosen.part;
    byId("chosen").hidden = part === null;
    byId("welcome").hidden = part !== null;
    document.title = part ? `${part.name} – Falcon` : "Falcon";
    parts = part ? parts.map(known => known.id === part.id ? part : known) : parts;
    showParts();
    if (part && (another || document.activeElement !== title))
      title.value = part.name;
    if (another)
      byId("part-problems").replaceChildren();
  });
  onJob(job => {
    parts = parts.map(part => part.id === job.part ? { ...part, job } : part);
    showParts();
  });
}

async function removeChosen() {
  const { id, name } = chosen.part;
  await remove(`/api/parts/${id}`);
  await readParts();
  say(`${name} is removed.`);
  await goTo(parts[0]?.id ?? null);
}

function showParts() {
  fill(byId("parts"), parts.map(part => element("li", {}, element("a", {
    href: addressOf(part.id), "data-key": part.id, "aria-current": part.id === chosen.part?.id ? "page" : null,
  }, element("span", { class: "name" }, part.name), element("span", { class: "note" }, stateOf(part))))));
}

function stateOf(part) {
  if (part.job && ["queued", "running"].includes(part.job.state))
    return part.job.kind === "lesson" ? "learning" : "training";
  return part.model ? (part.stale ? "has changed since its training" : "inspects") : part.photos.length > 0 ? count(part.photos.length, "photo") : "no photos";
}
