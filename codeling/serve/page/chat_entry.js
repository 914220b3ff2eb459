/** One message on the page. */

import { argumentsOf } from "./conversation.js";
import { copyButton, el } from "./dom.js";
import { model } from "./model.js";
import { prose } from "./prose.js";
import { sayFacts } from "./speed.js";
import { TokenView } from "./tokens.js";

const NAMES = { user: "You", assistant: "Model", tool: "Tool" };
const ENDS = {
  length: "The answer ended at its limit of tokens.",
  stopped: "You stopped it.",
  lost: "The answer was cut off.",
};

/** The element of an entry, kept up to date by `update` while the entry grows.
 *
 *  `actions` are functions of the conversation: `edit(text)`, `regenerate`, `goOn`, `giveResults(map)`; those that do
 *  not apply are missing. */
export class EntryView {
  #entry;
  #actions;
  #body = el("div", { class: "body" });
  #calls = el("div", { class: "calls" });
  #foot = el("div", { class: "foot" });
  #buttons = el("span", { class: "actions" });
  #tokens = null;
  #numTokens = 0;

  constructor(entry, { withTokens = false } = {}) {
    this.#entry = entry;
    if (withTokens && entry.role === "assistant") this.#tokens = new TokenView("Tokens of the answer");
    const name = entry.role === "tool" ? `Result${entry.toolName ? ` of ${entry.toolName}` : ""}` : NAMES[entry.role];
    this.element = el(
      "li",
      { class: `entry is-${entry.role}` },
      el("div", { class: "head" }, el("h3", {}, name), this.#buttons),
      this.#body,
      this.#calls,
      this.#foot,
    );
  }

  /** Show what the entry is now; `actions` is null while it grows. */
  update(actions) {
    this.#actions = actions;
    this.element.classList.toggle("is-growing", actions === null);
    this.element.setAttribute("aria-busy", String(actions === null));
    this.#showBody();
    this.#calls.replaceChildren(...(this.#entry.tool_calls ?? []).map((call) => callCard(call, actions === null)));
    if (actions?.giveResults) this.#calls.append(this.#resultsForm(actions.waiting, actions.giveResults));
    this.#buttons.replaceChildren(...(actions === null ? [] : this.#offers()));
    this.#foot.replaceChildren(...(actions === null ? [] : this.#notes()));
  }

  edit() {
    const { content, role } = this.#entry;
    const area = el("textarea", { class: "edit", rows: Math.min(12, content.split("\n").length + 1), "aria-label": "Edit" });
    area.value = content;
    const done = () => this.#actions.edit(area.value);
    area.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.stopPropagation();
        this.update(this.#actions);
      } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        done();
      }
    });
    this.#body.replaceChildren(area);
    this.#buttons.replaceChildren();
    this.#foot.replaceChildren(
      el("button", { type: "button", class: "main-action", onclick: done }, role === "user" ? "Ask again" : "Keep"),
      el("button", { type: "button", class: "quiet", onclick: () => this.update(this.#actions) }, "Cancel"),
      el("small", {}, role === "user" ? "What came after it will be dropped." : ""),
    );
    area.focus();
    area.setSelectionRange(content.length, content.length);
  }

  #showBody() {
    const { role, content, tokens } = this.#entry;
    if (this.#tokens && tokens?.length) {
      this.#tokens.add(tokens.slice(this.#numTokens));
      this.#numTokens = tokens.length;
      if (this.#body.firstChild !== this.#tokens.element) this.#body.replaceChildren(this.#tokens.element);
    } else if (role === "assistant") this.#body.replaceChildren(...prose(content));
    else this.#body.replaceChildren(el("p", {}, content));
  }

  #offers() {
    const { content } = this.#entry;
    const { edit, regenerate, goOn } = this.#actions;
    const button = (label, act) => act && el("button", { type: "button", class: "quiet", onclick: act }, label);
    return [
      content && copyButton(() => content),
      button("Edit", edit && (() => this.edit())),
      button("Again", regenerate),
      button("Go on", goOn),
    ].filter(Boolean);
  }

  #notes() {
    const { content, facts, finish, tool_calls: calls = [] } = this.#entry;
    const isEmpty = this.#entry.role === "assistant" && !content && !calls.length;
    return [
      facts && el("small", { class: "speed" }, sayFacts(facts, model.context)),
      ENDS[finish] && el("small", {}, ENDS[finish]),
      isEmpty && !ENDS[finish] && el("small", {}, "The answer is empty."),
    ].filter(Boolean);
  }

  #resultsForm(waiting, giveResults) {
    const areas = waiting.map((call, i) => {
      const id = `result-${call.id}-${i}`;
      const area = el("textarea", { id, rows: 2, spellcheck: "false", required: true, placeholder: '{"…": …}, or any text' });
      return [call, area, el("label", { for: id }, `What `, el("code", {}, call.function.name), " gives")];
    });
    const give = (event) => {
      event.preventDefault();
      giveResults(areas.map(([call, area]) => ({ call, content: area.value })));
    };
    return el(
      "form",
      {
        class: "results",
        onsubmit: give,
        onkeydown: (event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
        },
      },
      ...areas.flatMap(([, area, label]) => [label, area]),
      el("p", { class: "row" }, el("button", { class: "main-action" }, "Give and go on"),
        el("small", {}, "The server never runs a tool: you are the tool.")),
    );
  }
}

function callCard(call, isGrowing) {
  const value = argumentsOf(call);
  const text = value === undefined ? call.function.arguments : JSON.stringify(value, null, 2);
  const isBroken = value === undefined && !isGrowing;
  return el(
    "figure",
    { class: "call" },
    el(
      "figcaption",
      {},
      el("span", {}, "calls ", el("code", { class: "call-name" }, call.function.name)),
      isBroken ? el("small", {}, "unfinished: not sent on") : null,
      copyButton(() => text),
    ),
    el("pre", { tabindex: "0", "aria-label": `Arguments of ${call.function.name}` }, el("code", {}, text)),
  );
}
