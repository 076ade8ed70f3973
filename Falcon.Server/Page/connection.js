// Whether the server is reached. A server that was stopped and started again is found again, without a reload.

import { byId, say } from "./elements.js";

const shortest = 500, longest = 5000;
const returned = [];
let waiting = null;

/** Called when the server is back. */
export function onReturn(action) {
  returned.push(action);
}

/** Ends when the server is back. */
export function lostConnection() {
  return waiting ??= wait().finally(() => waiting = null);
}

async function wait() {
  const banner = byId("connection");
  for (let pause = shortest; ; pause = Math.min(2 * pause, longest)) {
    await new Promise(resolve => setTimeout(resolve, pause));
    try {
      if ((await fetch("/health/ready")).ok)
        break;
    } catch {
      // Not yet.
    }
    if (banner.hidden) {
      banner.hidden = false;
      say(banner.textContent);
    }
  }
  if (!banner.hidden) {
    banner.hidden = true;
    say("The server is back.");
  }
  for (const action of returned)
    action();
}
