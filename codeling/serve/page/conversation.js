/** A conversation as data, in OpenAI's shape, and how a streamed answer grows. Nothing here touches the page.
 *
 *  An entry is a message (`role`, `content`, perhaps `tool_calls` or `tool_call_id`) with what is known about it:
 *  `tokens` with their probabilities, `finish` (why it ended), `facts` (its speed). Only the message is sent. */

export function userEntry(content) {
  return { role: "user", content };
}

export function answerEntry() {
  return { role: "assistant", content: "", tool_calls: [], tokens: [], finish: null, facts: null };
}

/** What one streamed chunk adds to an answer. True when there was something to see. */
export function grow(answer, choice) {
  const delta = choice?.delta ?? {};
  if (delta.content) answer.content += delta.content;
  for (const piece of delta.tool_calls ?? []) {
    const call = (answer.tool_calls[piece.index] ??= { id: "", type: "function", function: { name: "", arguments: "" } });
    if (piece.id) call.id = piece.id;
    call.function.name += piece.function?.name ?? "";
    call.function.arguments += piece.function?.arguments ?? "";
  }
  if (choice?.finish_reason) answer.finish = choice.finish_reason;
  return Boolean(delta.content || delta.tool_calls?.length);
}

/** The value of a call's arguments; undefined while they are no JSON. */
export function argumentsOf(call) {
  try {
    return JSON.parse(call.function.arguments || "{}");
  } catch {
    return undefined;
  }
}

/** The message alone. Of an answer that was stopped in the middle of a call, the whole calls. */
function messageOf({ role, content, tool_calls, tool_call_id }) {
  const message = { role, content };
  if (tool_call_id) message.tool_call_id = tool_call_id;
  const calls = (tool_calls ?? []).filter((call) => argumentsOf(call) !== undefined);
  if (calls.length) message.tool_calls = calls;
  return message;
}

export function messagesOf(system, entries) {
  const messages = entries.map(messageOf).filter((one) => one.role !== "assistant" || one.content || one.tool_calls);
  return system.trim() ? [{ role: "system", content: system }, ...messages] : messages;
}

/** The calls of the entry at `index` that no later message answers. */
export function waitingCalls(entries, index) {
  const answered = new Set();
  for (const entry of entries.slice(index + 1)) {
    if (entry.role !== "tool") break;
    answered.add(entry.tool_call_id);
  }
  return (messageOf(entries[index]).tool_calls ?? []).filter((call) => !answered.has(call.id));
}

/** One line, so that such files one after another are JSON Lines. */
export function saved(system, entries, tools) {
  const value = { messages: messagesOf(system, entries) };
  if (tools.length) value.tools = tools;
  return `${JSON.stringify(value)}\n`;
}

/** The reverse of `saved`: `{system, entries, tools}`; an Error that says what is wrong with the text. */
export function opened(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error("That file is not JSON.");
  }
  if (!Array.isArray(value?.messages)) throw new Error('That file has no list "messages".');
  const messages = value.messages.map(readMessage);
  const system = messages.length && isSystem(messages[0]) ? messages.shift().content : "";
  if (messages.some(isSystem)) throw new Error("A system message must be the first.");
  return { system, entries: messages, tools: Array.isArray(value.tools) ? value.tools : [] };
}

const isSystem = ({ role }) => role === "system" || role === "developer";

function readMessage(message, number) {
  const { role, content = "", tool_calls, tool_call_id } = message ?? {};
  if (!["system", "developer", "user", "assistant", "tool"].includes(role))
    throw new Error(`Message ${number + 1} has no role that is known here.`);
  const text = Array.isArray(content) ? content.map((part) => part?.text ?? "").join("") : (content ?? "");
  if (typeof text !== "string") throw new Error(`The content of message ${number + 1} is not text.`);
  const calls = (Array.isArray(tool_calls) ? tool_calls : []).map((call, i) => readCall(call, `call_${number}_${i}`));
  return { ...(role === "assistant" ? answerEntry() : {}), role, content: text, tool_calls: calls, tool_call_id };
}

function readCall(call, id) {
  const { name = "", arguments: given = {} } = call?.function ?? call ?? {};
  const text = typeof given === "string" ? given : JSON.stringify(given);
  return { id: call?.id || id, type: "function", function: { name: String(name), arguments: text } };
}
