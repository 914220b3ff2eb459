/** The settings beside the page; on a small screen, over it. */

import { byId } from "./dom.js";
import { local } from "./storage.js";

const small = matchMedia("(max-width: 60rem)");
const panel = byId("panel");
const button = byId("panel-toggle");

/** `{toggle, closeIfOver}`; the latter says whether it was. */
export function setUpPanel() {
  button.addEventListener("click", toggle);
  byId("panel-close").addEventListener("click", toggle);
  small.addEventListener("change", () => set(!small.matches && local.read("panel", true)));
  set(!small.matches && local.read("panel", true));
  return { toggle, closeIfOver };
}

function isOpen() {
  return !panel.hidden;
}

function set(open) {
  panel.hidden = !open;
  button.setAttribute("aria-expanded", String(open));
  // What is covered must not be reached with the Tab key.
  byId("main").inert = open && small.matches;
}

function toggle() {
  const open = !isOpen();
  set(open);
  if (small.matches) (open ? byId("panel-close") : button).focus();
  else local.write("panel", open);
}

function closeIfOver() {
  const isOver = isOpen() && small.matches;
  if (isOver) toggle();
  return isOver;
}
