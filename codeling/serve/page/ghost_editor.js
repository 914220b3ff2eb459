/** A text field with a suggestion in it: shown where it would stand, and the field's text only once it is accepted.
 *
 *  Under the field lies a layer with the same text and the suggestion. While there is one, the layer is what is seen.
 *  Both lie in one box that scrolls, so they never come apart. */

import { el } from "./dom.js";

export class GhostEditor {
  #area;
  #layer;
  #ghost = null; // {start, end, text}: `text` would replace what stands from `start` to `end`
  #changed;
  #ended;

  /** `changed()` after every change of the text; `ended(wasAccepted)` when a suggestion is no more. */
  constructor(box, { changed, ended }) {
    this.#area = box.querySelector("textarea");
    this.#layer = box.querySelector("pre");
    this.#changed = changed;
    this.#ended = ended;
    this.#area.addEventListener("input", () => {
      if (this.#ghost) this.#end(false);
      this.#show();
      this.#changed();
    });
    this.#area.addEventListener("keydown", (event) => this.#key(event));
  }

  get value() {
    return this.#area.value;
  }

  /** Where a suggestion would go: the cursor, or what is selected. */
  get selection() {
    return { start: this.#area.selectionStart, end: this.#area.selectionEnd };
  }

  get hasSuggestion() {
    return this.#ghost !== null;
  }

  focus() {
    this.#area.focus();
  }

  select(start, end = start) {
    this.#area.focus();
    this.#area.setSelectionRange(start, end);
  }

  /** Begin a suggestion that would replace `start` to `end`. */
  suggest({ start, end }) {
    this.#ghost = { start, end, text: "" };
    this.select(start);
    this.#show();
  }

  add(text) {
    if (!this.#ghost) return;
    this.#ghost.text += text;
    this.#show();
  }

  /** Make the suggestion, or `part` of its beginning, text. */
  accept(part = this.#ghost?.text) {
    if (!this.#ghost) return;
    const { start, end, text } = this.#ghost;
    this.#ghost = null;
    this.#insert(start, end, part);
    if (part.length < text.length) {
      this.suggest({ start: start + part.length, end: start + part.length });
      this.add(text.slice(part.length));
    } else this.#end(true);
  }

  discard() {
    if (!this.#ghost) return;
    const { start, end } = this.#ghost;
    this.#end(false);
    this.select(start, end);
  }

  /** Another text altogether. */
  replace(text) {
    this.discard();
    this.#insert(0, this.#area.value.length, text);
  }

  /** Restore a text without making that an edit. */
  load(text) {
    this.#area.value = text;
    this.#show();
  }

  #end(wasAccepted) {
    this.#ghost = null;
    this.#show();
    this.#ended(wasAccepted);
  }

  #key(event) {
    if (!this.#ghost) return;
    const isWord = event.key === "ArrowRight" && (event.ctrlKey || event.altKey);
    if (event.key === "Tab" && !event.shiftKey) this.accept();
    else if (isWord) this.accept(this.#ghost.text.match(/^\s*(\w+|[^\w\s]+)?/)[0] || this.#ghost.text);
    else if (event.key === "Escape") this.discard();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #insert(start, end, text) {
    this.select(start, end);
    // The only way of changing a field that its undo knows; where a browser has given it up, without undo.
    const done = text === "" ? document.execCommand("delete") : document.execCommand("insertText", false, text);
    if (!done || this.#area.value.slice(start, start + text.length) !== text) {
      this.#area.setRangeText(text, start, this.#area.selectionEnd, "end");
      this.#changed();
    }
    this.#show();
  }

  #show() {
    const value = this.#area.value;
    const { start, end, text } = this.#ghost ?? { start: value.length, end: value.length, text: "" };
    this.#layer.replaceChildren(
      value.slice(0, start),
      el("span", { class: "ghost" }, text),
      value.slice(end),
      "\n\u200B", // the last line, also when it is empty, has a height
    );
    this.#layer.parentElement.classList.toggle("has-suggestion", text !== "");
  }
}
