// Photos of good parts, and remarks on odd ones.

import { remove, send } from "./api.js";
import { byId, count, element, fill, say } from "./elements.js";
import { chosen, onChange, onJob, refresh } from "./chosen.js";
import { nameOf, takeFiles } from "./files.js";
import { makePart } from "./parts.js";
import { attempt, findingList, findingsOf, showProblems } from "./problems.js";

let doubts = [];

export function listenForPhotos() {
  takeFiles(byId("photos"), byId("photos-drop"), byId("photos-files"), files => add(chosen.part.id, files));
  takeFiles(byId("welcome"), byId("welcome-drop"), byId("welcome-files"), files => attempt(byId("welcome-problems"), async () => {
    const part = await makePart(byId("welcome-name").value.trim() || "My part");
    await add(part.id, files);
  }));
  const dialog = byId("photo");
  dialog.addEventListener("click", event => event.target === dialog && dialog.close());
  onJob(job => {
    if (job.doubts.length !== doubts.length) {
      doubts = job.doubts;
      showPhotos();
    }
  });
  onChange(another => {
    if (another) {
      doubts = [];
      byId("photos-problems").replaceChildren();
    }
    if (chosen.part)
      showPhotos();
  });
}

/** Sends photos one by one, so that a large folder is no large request, and tells what became of them. */
async function add(part, files) {
  const button = byId("photos-drop"), progress = byId("photos-progress");
  const refused = [];
  let added = 0;
  button.disabled = true;
  progress.hidden = false;
  progress.max = files.length;
  byId("photos-problems").replaceChildren();
  for (const [i, file] of files.entries()) {
    progress.value = i;
    try {
      await send(`/api/parts/${part}/photos?name=${nameOf(file)}`, file);
      added++;
    } catch (error) {
      refused.push(...findingsOf(error));
    }
  }
  progress.hidden = true;
  button.disabled = false;
  await refresh();
  if (chosen.part?.id === part)
    showProblems(byId("photos-problems"), refused);
  const odd = chosen.part?.remarks.length ?? 0;
  say(`${count(added, "photo")} added${refused.length > 0 ? `, ${refused.length} refused` : ""}.${odd > 0 ? ` ${count(odd, "remark")}.` : ""}`);
}

function showPhotos() {
  const { photos, remarks } = chosen.part;
  // A doubt about a photo that was taken away is answered.
  const findings = [...remarks, ...doubts.filter(doubt => photos.some(photo => photo.name === doubt.where) && !remarks.some(remark => remark.where === doubt.where && remark.what === doubt.what))];
  fill(byId("photos-list"), photos.map(photo => card(photo, findings.filter(finding => finding.where === photo.name))));
  byId("photos-count").textContent = photos.length === 0 ? "" : count(photos.length, "photo");
  byId("photos-hint").hidden = photos.length > 0;
  fill(byId("photos-remarks"), findings.length > 0 && element("div", { class: "remarks" }, findingList(findings)));
}

function card(photo, findings) {
  const odd = findings.length > 0;
  return element("li", { class: odd ? "odd" : null },
    element("button", { type: "button", class: "picture", "data-key": photo.id, "aria-label": `Look at ${photo.name}${odd ? `, which ${findings[0].what}` : ""}`, click: () => look(photo) },
      element("img", { src: `${photo.thumbnail}?size=192`, alt: "", loading: "lazy" })),
    element("span", { class: "name", title: photo.name }, odd && element("span", { class: "mark", "aria-hidden": "true" }, "! "), photo.name),
    element("button", { type: "button", class: "plain", "data-key": `away-${photo.id}`, "aria-label": `Take ${photo.name} away`, title: "Take away", click: () => away(photo) }, "×"));
}

function look(photo) {
  byId("photo-name").textContent = `${photo.name}, ${photo.width} × ${photo.height}`;
  byId("photo-picture").src = `${photo.thumbnail}?size=1024`;
  byId("photo").showModal();
}

function away(photo) {
  return attempt(byId("photos-problems"), async () => {
    const next = chosen.part.photos[chosen.part.photos.findIndex(other => other.id === photo.id) + 1];
    await remove(photo.href);
    await refresh();
    say(`${photo.name} is taken away.`);
    const focus = next && byId("photos-list").querySelector(`[data-key="away-${next.id}"]`);
    (focus ?? byId("photos-drop")).focus();
  });
}
