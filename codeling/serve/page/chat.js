/** The chat: a conversation, the answer that is coming, and what a person does with both. */

import { stream } from "./api.js";
import { EntryView } from "./chat_entry.js";
import { answerEntry, grow, messagesOf, opened, saved, userEntry, waitingCalls } from "./conversation.js";
import { announce, byId, saveFile } from "./dom.js";
import { model, showSpeed } from "./model.js";
import { showProblem } from "./problem_view.js";
import { Problem } from "./problems.js";
import { samplingFields } from "./sampling.js";
import { Speed } from "./speed.js";
import { local, session } from "./storage.js";
import { tokensOfChat } from "./tokens.js";
import { offeredTools, setTools, toolFields } from "./tool_editor.js";

const NUM_ALTERNATIVES = 5;

export class Chat {
  #entries = session.read("conversation", []);
  #views = [];
  #running = null;
  #list = byId("entries");
  #scroll = byId("chat-scroll");
  #input = byId("message");
  #system = byId("system");
  #problem = byId("chat-problem");
  #showsTokens;
  #openHelp;

  /** `showsTokens()`: whether probabilities are wanted; `openHelp()` for /help. */
  constructor({ showsTokens, openHelp }) {
    this.#showsTokens = showsTokens;
    this.#openHelp = openHelp;
    this.#system.value = local.read("system", "");
    this.#system.addEventListener("input", () => local.write("system", this.#system.value));
    byId("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    byId("chat-stop").addEventListener("click", () => this.stop());
    byId("chat-reset").addEventListener("click", () => this.reset());
    byId("chat-save").addEventListener("click", () => this.#save());
    byId("chat-open").addEventListener("click", () => byId("chat-file").click());
    byId("chat-file").addEventListener("change", (event) => this.#open(event.target));
    this.render();
  }

  focus() {
    this.#input.focus();
  }

  /** Put a text into the field, to be sent or changed. */
  suggest(text) {
    this.#input.value = text;
    this.focus();
  }

  stop() {
    const wasRunning = this.#running !== null;
    this.#running?.abort();
    return wasRunning;
  }

  reset() {
    this.stop();
    this.#change([]);
    announce("New conversation.");
    this.focus();
  }

  /** Show everything anew: after a change of the conversation, or of how it is shown. */
  render() {
    this.#views = this.#entries.map((entry) => new EntryView(entry, { withTokens: this.#showsTokens() }));
    this.#list.replaceChildren(...this.#views.map((view) => view.element));
    this.#views.forEach((view, i) => view.update(this.#isGrowing(i) ? null : this.#actions(i)));
    byId("welcome").hidden = this.#entries.length > 0;
    byId("send").hidden = this.#running !== null;
    byId("chat-stop").hidden = this.#running === null;
  }

  #isGrowing(i) {
    return this.#running !== null && i === this.#entries.length - 1;
  }

  /** What can be done with entry `i`; nothing while an answer is coming. */
  #actions(i) {
    if (this.#running !== null) return {};
    const entry = this.#entries[i];
    const isLast = i === this.#entries.length - 1;
    if (entry.role === "user") return { edit: (text) => this.#askAgain(i, text) };
    if (entry.role === "tool") return { edit: (text) => this.#replace(i, text) };
    const isOpen = this.#entries.slice(i + 1).every(({ role }) => role === "tool");
    const waiting = isOpen ? waitingCalls(this.#entries, i) : [];
    return {
      edit: entry.content || !entry.tool_calls.length ? (text) => this.#replace(i, text) : undefined,
      regenerate: () => (this.#change(this.#entries.slice(0, i)), this.#answer()),
      goOn: isLast && entry.content && !entry.tool_calls.length ? () => this.#answer(entry) : undefined,
      waiting,
      giveResults: waiting.length ? (results) => this.#giveResults(results) : undefined,
    };
  }

  #change(entries) {
    this.#entries = entries;
    showProblem(this.#problem, null);
    this.#remember();
    this.render();
  }

  #remember() {
    session.write("conversation", this.#entries.map(({ tokens, ...entry }) => ({ ...entry, tokens: [] })));
  }

  #key(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#send();
    } else if (event.key === "ArrowUp" && !this.#input.value && this.#running === null) {
      const last = this.#entries.findLastIndex((entry) => entry.role === "user");
      if (last < 0) return;
      event.preventDefault();
      this.#views[last].edit();
    }
  }

  #send() {
    const text = this.#input.value;
    if (!text.trim() || this.#running !== null) return;
    this.#input.value = "";
    const command = { "/reset": () => this.reset(), "/save": () => this.#save(), "/help": this.#openHelp }[text.trim()];
    if (command) return command();
    this.#change([...this.#entries, userEntry(text)]);
    this.#answer();
  }

  #askAgain(i, text) {
    this.#change([...this.#entries.slice(0, i), userEntry(text)]);
    this.#answer();
    this.focus();
  }

  #replace(i, content) {
    this.#change(this.#entries.with(i, { ...this.#entries[i], content, tokens: [], facts: null, finish: null }));
    this.focus();
  }

  #giveResults(results) {
    const entries = results.map(({ call, content }) => ({
      role: "tool", tool_call_id: call.id, content, toolName: call.function.name,
    }));
    this.#change([...this.#entries, ...entries]);
    this.#answer();
    this.focus();
  }

  /** Let the model speak. `begun` is an answer of its own that it goes on with. */
  async #answer(begun = null) {
    const running = (this.#running = new AbortController());
    const speed = new Speed();
    let answer = null;
    let usage = null;
    try {
      const request = this.#request();
      answer = begun ?? answerEntry();
      if (begun) goOnWith(begun);
      else this.#entries.push(answer);
      this.render();
      this.#follow();
      for await (const chunk of stream("v1/chat/completions", request, { signal: running.signal })) {
        usage = chunk.usage ?? usage;
        const [choice] = chunk.choices;
        if (!choice) continue;
        if (grow(answer, choice)) speed.tick();
        answer.tokens.push(...tokensOfChat(choice.logprobs));
        this.#show(answer);
      }
    } catch (error) {
      if (error.name === "AbortError") answer.finish = "stopped";
      else {
        if (answer) answer.finish = "lost";
        this.#failed(error, answer);
      }
    }
    const isGone = answer === null || !this.#entries.includes(answer);
    if (!isGone && !answer.content && !answer.tool_calls.length && ["stopped", "lost"].includes(answer.finish))
      this.#entries = this.#entries.filter((entry) => entry !== answer);
    else if (!isGone) {
      answer.facts = speed.facts(usage);
      showSpeed(answer.facts);
    }
    if (this.#running === running) this.#running = null;
    this.#remember();
    const wasAtEnd = this.#isAtEnd();
    this.render();
    if (wasAtEnd) this.#follow();
    if (!isGone) announce(said(answer));
  }

  /** To try again is to go on with what came, unless that has a call in it, which can only be made anew. */
  #failed(error, answer) {
    const again = () => {
      const isBegun = this.#entries.includes(answer) && answer.tool_calls.length === 0;
      if (!isBegun) this.#entries = this.#entries.filter((entry) => entry !== answer);
      this.#answer(isBegun ? answer : null);
    };
    showProblem(this.#problem, error, again);
    this.#problem.scrollIntoView({ block: "nearest" });
  }

  #request() {
    const request = {
      model: model.id,
      messages: messagesOf(this.#system.value, this.#entries),
      stream_options: { include_usage: true },
      ...samplingFields(),
      ...toolFields(),
    };
    return this.#showsTokens() ? { ...request, logprobs: true, top_logprobs: NUM_ALTERNATIVES } : request;
  }

  #frame = null;

  /** The growing answer, at most once per frame. */
  #show(answer) {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      if (this.#running === null || this.#entries.at(-1) !== answer) return;
      const isAtEnd = this.#isAtEnd();
      this.#views.at(-1).update(null);
      if (isAtEnd) this.#follow();
    });
  }

  /** Not so when the person went elsewhere to read. */
  #isAtEnd() {
    return this.#scroll.scrollHeight - this.#scroll.scrollTop - this.#scroll.clientHeight < 60;
  }

  #follow() {
    this.#scroll.scrollTop = this.#scroll.scrollHeight;
  }

  #save() {
    try {
      saveFile("conversation.json", saved(this.#system.value, this.#entries, offeredTools()));
    } catch (error) {
      showProblem(this.#problem, error);
    }
  }

  async #open(input) {
    const [file] = input.files;
    input.value = "";
    try {
      const { system, entries, tools } = opened(await file.text());
      this.stop();
      this.#system.value = system;
      local.write("system", system);
      setTools(tools);
      this.#change(entries);
    } catch (error) {
      showProblem(this.#problem, new Problem(error.message, { remedy: 'It should be {"messages": [...], "tools": [...]}.' }));
    }
  }
}

function goOnWith(answer) {
  Object.assign(answer, { finish: null, facts: null });
  // Of what is there already, the probabilities may not be known.
  if (!answer.tokens.length) answer.tokens = [{ text: answer.content, logprob: null, top: [] }];
}

/** For a screen reader, once it is whole. */
function said(answer) {
  const calls = answer.tool_calls.map((call) => `It calls ${call.function.name}.`);
  return ["Answer:", answer.content.slice(0, 600), ...calls].join(" ");
}
