/** Elements are made here and nowhere else. Text goes in as text: nothing that a model, a server or a person wrote is
 *  ever read as HTML. */

/** `el("button", {class: "quiet", onclick: act}, "Copy")`; attributes that are null or false are left out. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export function byId(id) {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no element #${id}`);
  return element;
}

/** A button that puts `text()` on the clipboard and says so. */
export function copyButton(text, label = "Copy") {
  const button = el("button", { type: "button", class: "quiet", onclick: copy }, label);
  async function copy() {
    const done = await copyText(text());
    button.textContent = done ? "Copied" : "Not allowed";
    announce(done ? "Copied." : "The browser does not allow copying.");
    setTimeout(() => (button.textContent = label), 1500);
  }
  return button;
}

async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** Where there is no clipboard interface: a page that came over plain HTTP from another machine. */
function copyBySelection(text) {
  const before = document.activeElement;
  const area = el("textarea", { class: "visually-hidden", readonly: true, "aria-hidden": "true" });
  area.value = text;
  (before?.closest("dialog") ?? document.body).append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  before?.focus();
  return done;
}

/** Have a screen reader say this when it has time. */
export function announce(text) {
  const region = byId("announcements");
  region.textContent = "";
  // A region that gets the same text twice says it once, unless it was empty in between.
  setTimeout(() => (region.textContent = text), 50);
}

/** Offer `text` as a file. */
export function saveFile(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  el("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Whether keys that are typed now are text. */
export function isTyping() {
  const focused = document.activeElement;
  return focused !== null && (focused.matches("textarea, select, input:not([type=checkbox], [type=range])"));
}
