/** Writing code: the model continues at the end, or fills in at the cursor. */

import { stream } from "./api.js";
import { CODE_EXAMPLES, CURSOR } from "./code_examples.js";
import { announce, byId, copyButton, el } from "./dom.js";
import { GhostEditor } from "./ghost_editor.js";
import { model, showSpeed } from "./model.js";
import { showProblem } from "./problem_view.js";
import { samplingFields } from "./sampling.js";
import { sayFacts, Speed } from "./speed.js";
import { session } from "./storage.js";
import { TokenView, tokensOfCompletion } from "./tokens.js";

const NUM_ALTERNATIVES = 5;
const MAX_TOKENS = 128;
/** Where the person does not say: OpenAI's default, 16, is hardly a line. */

export class Code {
  #editor;
  #running = null;
  #hint = [...byId("code-status").childNodes];
  #status = byId("code-status");
  #problem = byId("code-problem");
  #showsTokens;

  constructor({ showsTokens }) {
    this.#showsTokens = showsTokens;
    this.#editor = new GhostEditor(byId("editor"), {
      changed: () => session.write("code", this.#editor.value),
      ended: () => this.#suggestionEnded(),
    });
    this.#editor.load(session.read("code", ""));
    this.#setUpExamples();
    byId("code-fill").addEventListener("click", () => (this.#running ? this.stop() : this.fillIn()));
    byId("code-continue").addEventListener("click", () => this.continueAtEnd());
    byId("code-accept").addEventListener("click", () => this.#editor.accept());
    byId("code-discard").addEventListener("click", () => this.#editor.discard());
    byId("code-clear").addEventListener("click", () => this.#editor.replace(""));
    byId("code-copy").replaceWith(copyButton(() => this.#editor.value));
    byId("code").addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      if (event.shiftKey) this.continueAtEnd();
      else this.fillIn();
    });
  }

  focus() {
    this.#editor.focus();
  }

  stop() {
    const wasRunning = this.#running !== null;
    this.#running?.abort();
    return wasRunning;
  }

  /** At the cursor, or in place of what is selected; with nothing but blanks behind, that is to continue. */
  fillIn() {
    this.#suggest(this.#editor.selection);
  }

  continueAtEnd() {
    const end = this.#editor.value.length;
    this.#suggest({ start: end, end });
  }

  #setUpExamples() {
    const choice = byId("code-examples");
    for (const name of Object.keys(CODE_EXAMPLES)) choice.append(el("option", { value: name }, name));
    choice.addEventListener("change", () => {
      const example = CODE_EXAMPLES[choice.value];
      choice.value = "";
      if (example === undefined) return;
      const at = example.indexOf(CURSOR);
      this.#editor.replace(example.replace(CURSOR, ""));
      this.#editor.select(at);
      this.#say(null);
    });
  }

  async #suggest({ start, end }) {
    this.#editor.discard();
    this.stop();
    const running = (this.#running = new AbortController());
    const request = this.#request(start, end);
    const tokens = this.#showsTokens() ? new TokenView("Tokens of the suggestion") : null;
    const speed = new Speed();
    let [usage, text, wasCut] = [null, "", false];
    showProblem(this.#problem, null);
    this.#showTokens(tokens);
    this.#editor.suggest({ start, end });
    this.#showState();
    try {
      for await (const chunk of stream("v1/completions", request, { signal: running.signal })) {
        usage = chunk.usage ?? usage;
        const [choice] = chunk.choices;
        if (!choice) continue;
        if (choice.text) speed.tick();
        text += choice.text;
        if (this.#running === running) this.#editor.add(choice.text);
        tokens?.add(tokensOfCompletion(choice.logprobs));
        wasCut ||= choice.finish_reason === "length";
        this.#showState();
      }
    } catch (error) {
      if (error.name !== "AbortError") showProblem(this.#problem, error, () => this.#suggest({ start, end }));
    }
    if (this.#running !== running) return; // another one has taken its place
    this.#running = null;
    const facts = speed.facts(usage);
    if (text) showSpeed(facts);
    if (!text.trim()) this.#editor.discard();
    this.#showState();
    this.#say(text.trim() ? `${sayFacts(facts, model.context)}${wasCut ? " · ended at its limit" : ""}` : "Nothing to add here.");
    announce(text.trim() ? `Suggestion: ${text.slice(0, 600)}. Tab accepts, Escape discards.` : "Nothing to add here.");
  }

  #request(start, end) {
    const code = this.#editor.value;
    const suffix = code.slice(end);
    return {
      model: model.id,
      prompt: code.slice(0, start),
      ...(suffix.trim() ? { suffix } : {}),
      max_tokens: MAX_TOKENS,
      stream_options: { include_usage: true },
      ...samplingFields(),
      ...(this.#showsTokens() ? { logprobs: NUM_ALTERNATIVES } : {}),
    };
  }

  #suggestionEnded() {
    this.stop();
    this.#showState();
    this.#say(null);
  }

  #showState() {
    const isRunning = this.#running !== null && !this.#running.signal.aborted;
    byId("suggestion-actions").hidden = !this.#editor.hasSuggestion;
    byId("code-fill").textContent = isRunning ? "Stop" : "Fill in here";
    byId("editor").setAttribute("aria-busy", String(isRunning));
    if (isRunning) this.#say("Writing…");
  }

  /** null: what can be done here. */
  #say(text) {
    if (text === null) this.#status.replaceChildren(...this.#hint);
    else this.#status.replaceChildren(el("small", {}, text));
  }

  #showTokens(view) {
    byId("code-tokens").hidden = view === null;
    byId("code-tokens-body").replaceChildren(...(view ? [view.element] : []));
  }
}
