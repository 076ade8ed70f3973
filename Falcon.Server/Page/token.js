// The token that a server for others wants. It is kept in this tab only, and is gone with it.

import { byId } from "./elements.js";

const key = "falcon-token";

export const tokenOfTab = {
  read: () => sessionStorage.getItem(key),
  write: token => {
    sessionStorage.setItem(key, token);
    byId("leave").hidden = false;
  },
  forget: () => sessionStorage.removeItem(key),
};

/** Asks for the token. */
export function askToken(wrong) {
  const [dialog, form, input] = [byId("token"), byId("token-form"), byId("token-word")];
  byId("token-wrong").hidden = !wrong;
  input.value = "";
  return new Promise(resolve => {
    form.onsubmit = event => {
      event.preventDefault();
      dialog.close();
      resolve(input.value.trim());
    };
    // There is nothing behind it.
    dialog.oncancel = event => event.preventDefault();
    if (!dialog.open)
      dialog.showModal();
    input.focus();
  });
}

/** Signs out. */
export function listenForLeaving() {
  byId("leave").hidden = tokenOfTab.read() === null;
  byId("leave").addEventListener("click", async () => {
    tokenOfTab.forget();
    await fetch("/api/session", { method: "DELETE" });
    location.reload();
  });
}
