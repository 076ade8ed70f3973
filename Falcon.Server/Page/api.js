// The server's interface (/api/openapi.json): requests, and what is wrong with them.

import { askToken, tokenOfTab } from "./token.js";
import { lostConnection } from "./connection.js";

/** Why something was not done: findings with what, where and fix. */
export class Problem extends Error {
  constructor(findings, status = 0) {
    super(findings.map(finding => `${finding.where}: ${finding.what}`).join("; "));
    this.findings = findings;
    this.status = status;
  }
}

export const get = path => request("GET", path);
export const post = (path, value) => request("POST", path, { value });
export const put = (path, value) => request("PUT", path, { value });
export const patch = (path, value) => request("PATCH", path, { value });
export const remove = path => request("DELETE", path);

/** Sends a file. It may be sent again when the connection was lost: the same photo is known by its digest. */
export const send = (path, file) => request("POST", path, { file, again: true });

/** The bytes of a path. */
export const bytes = path => request("GET", path, { read: response => response.arrayBuffer() });

/** A file of a path. */
export const blob = path => request("GET", path, { read: response => response.blob() });

async function request(method, path, { value, file, again = method === "GET", read = json } = {}) {
  for (let attempt = 1; ; attempt++) {
    let response;
    try {
      response = await fetch(path, {
        method,
        body: file ?? (value === undefined ? undefined : JSON.stringify(value)),
        headers: file ? { "Content-Type": file.type || "application/octet-stream" } : value === undefined ? {} : { "Content-Type": "application/json" },
      });
    } catch {
      const back = lostConnection();
      if (!again)
        throw new Problem([{ what: "the server is not reached", where: location.host, fix: "Whether it has heard this is not known. The page goes on as soon as it is back: look, then try again." }]);
      await back;
      continue;
    }
    if (response.status === 401) {
      await admitted(attempt > 1);
      continue;
    }
    if (response.status === 429 && attempt <= 60) {
      await new Promise(resolve => setTimeout(resolve, 1000 * (Number(response.headers.get("Retry-After")) || 1)));
      continue;
    }
    if (!response.ok)
      throw await problemOf(response);
    try {
      return await read(response);
    } catch (error) {
      // Cut in the middle: as if it had not come.
      if (!again || error instanceof SyntaxError)
        throw error;
      await lostConnection();
    }
  }
}

/** Shows the server the token of this tab, or asks for it; several requests ask once. */
let admission = null;

function admitted(afresh) {
  return admission ??= admit(afresh).finally(() => admission = null);
}

async function admit(afresh) {
  let token = afresh ? null : tokenOfTab.read();
  for (let wrong = false; ; wrong = true) {
    token ??= await askToken(wrong);
    const response = await fetch("/api/session", { method: "POST", body: JSON.stringify({ token }), headers: { "Content-Type": "application/json" } });
    if (response.ok) {
      tokenOfTab.write(token);
      return;
    }
    tokenOfTab.forget();
    token = null;
  }
}

async function json(response) {
  return response.status === 204 ? null : response.json();
}

async function problemOf(response) {
  try {
    const problem = await response.json();
    if (problem.findings?.length)
      return new Problem(problem.findings, response.status);
  } catch {
    // No answer of the server itself.
  }
  return new Problem([{ what: `the request was refused with status ${response.status}`, where: new URL(response.url).pathname, fix: "Load the page again." }], response.status);
}
