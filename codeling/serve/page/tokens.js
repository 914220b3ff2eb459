/** Tokens with their probabilities: coloured text, and the alternatives of the token that is pointed at.
 *
 *  A token is `{text, logprob, top: [{text, logprob}]}`, likeliest alternative first. */

import { byId, el } from "./dom.js";

const LEVELS = [0.9, 0.6, 0.3, 0.1, 0.02];
/** Below the first a token is of level 1, and so on: the less likely, the stronger its colour. */

/** From the `logprobs` of a chat chunk. */
export function tokensOfChat(logprobs) {
  const entry = ({ token, bytes, logprob }) => ({ text: spell(token, bytes), logprob });
  return (logprobs?.content ?? []).map((one) => ({ ...entry(one), top: (one.top_logprobs ?? []).map(entry) }));
}

/** From the `logprobs` of a text completion. */
export function tokensOfCompletion(logprobs) {
  return (logprobs?.tokens ?? []).map((text, i) => ({
    text,
    logprob: logprobs.token_logprobs[i],
    top: Object.entries(logprobs.top_logprobs?.[i] ?? {})
      .map(([text, logprob]) => ({ text, logprob }))
      .sort((a, b) => b.logprob - a.logprob),
  }));
}

/** A token that is a piece of a character has no text of its own: its bytes then. */
function spell(token, bytes) {
  if (!bytes?.length || !token.includes("\uFFFD")) return token;
  return bytes.map((byte) => `‹${byte.toString(16).padStart(2, "0")}›`).join("");
}

function percent(logprob) {
  if (logprob === null || logprob === undefined) return "–";
  const value = Math.exp(logprob) * 100;
  if (value >= 99.95) return "100 %";
  return value >= 10 ? `${Math.round(value)} %` : value >= 0.1 ? `${value.toFixed(1)} %` : "< 0.1 %";
}

function level(logprob) {
  const probability = Math.exp(logprob ?? 0);
  return LEVELS.filter((bound) => probability < bound).length;
}

/** One line that shows what cannot be seen: ` ` as ␣, a line break as ↵. */
function visible(text) {
  return text.replaceAll(" ", "␣").replaceAll("\n", "↵").replaceAll("\t", "⇥").replaceAll("\r", "␍") || "(nothing)";
}

function describe(token) {
  const alternatives = token.top.map((one) => `${visible(one.text)} ${percent(one.logprob)}`).join(", ");
  return `${visible(token.text)}, ${percent(token.logprob)}${alternatives && `. Likeliest here: ${alternatives}`}`;
}

/** Coloured tokens. One stop for the Tab key; arrows move within. */
export class TokenView {
  #tokens = [];
  #current = 0;

  constructor(label) {
    this.element = el("div", {
      class: "tokens",
      role: "listbox",
      "aria-label": label,
      "aria-orientation": "horizontal",
      onkeydown: (event) => this.#move(event),
    });
  }

  add(tokens) {
    for (const token of tokens) {
      const number = this.#tokens.push(token) - 1;
      const span = el(
        "span",
        {
          class: "token",
          role: "option",
          tabindex: number === 0 ? "0" : "-1",
          "aria-selected": "false",
          "aria-label": describe(token),
          "data-level": level(token.logprob),
          onpointerenter: () => popover.show(span, token),
          onpointerleave: () => popover.hide(span),
          onfocus: () => this.#focused(number, span, token),
          onblur: () => (span.setAttribute("aria-selected", "false"), popover.hide(span)),
          onclick: () => span.focus(),
        },
        ...shown(token.text),
      );
      this.element.append(span);
    }
  }

  #focused(number, span, token) {
    this.element.children[this.#current]?.setAttribute("tabindex", "-1");
    this.#current = number;
    span.setAttribute("tabindex", "0");
    span.setAttribute("aria-selected", "true");
    popover.show(span, token);
  }

  #move(event) {
    const last = this.#tokens.length - 1;
    const to = {
      ArrowLeft: this.#current - 1,
      ArrowRight: this.#current + 1,
      ArrowUp: this.#current - 10,
      ArrowDown: this.#current + 10,
      Home: 0,
      End: last,
    }[event.key];
    if (event.key === "Escape") popover.hide();
    if (to === undefined) return;
    event.preventDefault();
    this.element.children[Math.min(Math.max(to, 0), last)]?.focus();
  }
}

function shown(text) {
  return text.split(/(\n)/).map((piece) => (piece === "\n" ? el("span", {}, "↵\n") : piece)).filter((piece) => piece);
}

/** What the colours mean. */
export function legend() {
  const names = ["≥ 90 %", "60", "30", "10", "2", "less"];
  return el(
    "p",
    { class: "legend", "aria-hidden": "true" },
    "likely ",
    ...names.map((name, i) => el("span", { class: "token", "data-level": i }, name)),
    " unlikely",
  );
}

const popover = {
  owner: null,

  show(owner, token) {
    this.owner = owner;
    const box = byId("alternatives");
    box.replaceChildren(
      el("p", { class: "chosen" }, el("code", {}, visible(token.text)), ` ${percent(token.logprob)}`),
      el("ol", {}, ...token.top.map((one) => alternative(one, one.text === token.text))),
    );
    box.hidden = false;
    this.place();
  },

  place() {
    const box = byId("alternatives");
    const at = this.owner.getClientRects()[0] ?? this.owner.getBoundingClientRect();
    const { width, height } = box.getBoundingClientRect();
    const room = document.documentElement.clientWidth;
    const above = at.top - height - 6;
    box.style.left = `${Math.max(8, Math.min(at.left, room - width - 8))}px`;
    box.style.top = `${above > 8 ? above : at.bottom + 6}px`;
  },

  /** Only the one that shows it may hide it: the pointer may have left after another was focused. */
  hide(owner = this.owner) {
    if (owner === this.owner) byId("alternatives").hidden = true;
  },

  scrolled() {
    if (this.owner === null || byId("alternatives").hidden) return;
    if (this.owner === document.activeElement) this.place();
    else this.hide();
  },
};

function alternative({ text, logprob }, isChosen) {
  const bar = el("span", { class: "share" });
  bar.style.setProperty("--share", Math.exp(logprob));
  return el("li", { class: isChosen ? "is-chosen" : null }, el("code", {}, visible(text)), bar, percent(logprob));
}

document.addEventListener("scroll", () => popover.scrolled(), { capture: true, passive: true });
