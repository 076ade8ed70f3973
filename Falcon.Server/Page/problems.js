// Problems are shown where they arise: what is wrong, where, and how to fix it.

import { element } from "./elements.js";
import { Problem } from "./api.js";

/** What is wrong. */
export function findingsOf(error) {
  if (error instanceof Problem)
    return error.findings;
  console.error(error);
  return [{ what: error.message, where: "page", fix: "Load the page again." }];
}

/** A list of findings. */
export function findingList(findings) {
  return element("ul", { class: "findings" }, findings.map(finding => element("li", {},
    element("strong", {}, finding.where ? `${finding.where}: ` : ""), finding.what, ". ", element("span", { class: "fix" }, finding.fix))));
}

/** Shows problems in a place; nothing takes them away. */
export function showProblems(place, findings) {
  if (!findings?.length) {
    place.replaceChildren();
    return;
  }
  place.replaceChildren(element("div", { class: "problem", role: "alert" }, findingList(findings),
    element("button", { type: "button", class: "plain", "aria-label": "Close this message", click: () => place.replaceChildren() }, "×")));
}

/** Does something, and shows in a place what went wrong. */
export async function attempt(place, action) {
  place.replaceChildren();
  try {
    return await action();
  } catch (error) {
    showProblems(place, findingsOf(error));
    return undefined;
  }
}
