/** Asks a person for the server's key. */

import { byId } from "./dom.js";

let asking = null;

/** The key, or null where the person would not say. Whoever asks while it is asked gets the same answer. */
export function askForKey({ wasWrong }) {
  asking ??= ask(wasWrong).finally(() => (asking = null));
  return asking;
}

function ask(wasWrong) {
  const [dialog, input] = [byId("key-dialog"), byId("key")];
  byId("key-text").textContent = wasWrong
    ? "That key was not accepted. It is the first line of the file after --api-key-file."
    : "Whoever started it has the key: the first line of the file after --api-key-file.";
  input.value = "";
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener(
      "close",
      () => {
        const key = dialog.returnValue === "use" ? input.value.trim() : "";
        input.value = "";
        resolve(key || null);
      },
      { once: true },
    );
  });
}
