/** The tools that are offered: their JSON as a person wrote it, read and checked while it is written. */

import { byId, el } from "./dom.js";
import { Problem } from "./problems.js";
import { local } from "./storage.js";
import { TOOL_EXAMPLES } from "./tool_examples.js";

const area = byId("tools");
const choice = byId("tool-choice");
const NAME = /^[A-Za-z0-9_.:/-]{1,128}$/;

let read = { tools: [], wrong: "" };

export function setUpTools() {
  area.value = local.read("tools", "");
  const examples = byId("tool-examples");
  for (const name of Object.keys(TOOL_EXAMPLES)) examples.append(el("option", { value: name }, name));
  examples.addEventListener("change", () => {
    if (examples.value) addTools(TOOL_EXAMPLES[examples.value]);
    examples.value = "";
  });
  area.addEventListener("input", changed);
  byId("tools-format").addEventListener("click", () => !read.wrong && setTools(read.tools));
  byId("tools-clear").addEventListener("click", () => setTools([]));
  changed();
}

/** Append tools; one of the same name is replaced. What cannot be read is left alone, and said. */
export function addTools(tools) {
  if (read.wrong) return area.focus();
  const names = new Set(tools.map((tool) => tool.function.name));
  setTools([...read.tools.filter((tool) => !names.has(tool.function.name)), ...tools]);
}

export function setTools(tools) {
  area.value = tools.length ? JSON.stringify(tools, null, 2) : "";
  changed();
}

/** The tools in OpenAI's shape; a Problem where the text is no list of tools. */
export function offeredTools() {
  if (read.wrong) throw new Problem("The tools cannot be offered as they are.", { said: read.wrong, remedy: "Mend them under Tools." });
  return read.tools;
}

/** What of a request is about tools. */
export function toolFields() {
  const tools = offeredTools();
  if (!tools.length) return {};
  const named = choice.selectedOptions[0]?.dataset.tool;
  return {
    tools,
    tool_choice: named ? { type: "function", function: { name: named } } : choice.value,
    parallel_tool_calls: byId("parallel-calls").checked,
  };
}

function changed() {
  read = readTools(area.value);
  local.write("tools", area.value);
  area.setAttribute("aria-invalid", String(Boolean(read.wrong)));
  const status = byId("tools-status");
  status.textContent = read.wrong || say(read.tools);
  status.classList.toggle("is-wrong", Boolean(read.wrong));
  byId("tools-count").textContent = read.wrong ? "!" : read.tools.length || "";
  offerChoices(read.tools);
}

function say(tools) {
  if (!tools.length) return "None offered. The server never runs a tool: you type what it gives.";
  return `Offered: ${tools.map((tool) => tool.function.name).join(", ")}.`;
}

/** auto, required, none, and each tool by its name. */
function offerChoices(tools) {
  const before = choice.selectedOptions[0]?.textContent;
  for (const option of choice.querySelectorAll("[data-tool]")) option.remove();
  for (const { function: { name } } of tools) {
    choice.append(el("option", { value: `tool:${name}`, "data-tool": name }, `must call ${name}`));
  }
  const same = [...choice.options].find((option) => option.textContent === before);
  if (same) same.selected = true;
}

/** `{tools, wrong}`: a list in OpenAI's shape, or bare functions, or one of either. */
function readTools(text) {
  if (!text.trim()) return { tools: [], wrong: "" };
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { tools: [], wrong: `not JSON: ${error.message}` };
  }
  const tools = (Array.isArray(value) ? value : [value]).map((one) =>
    one?.function === undefined ? { type: "function", function: one } : one,
  );
  for (const [number, { function: described }] of tools.entries()) {
    const wrong = wrongWith(described);
    if (wrong) return { tools: [], wrong: `tool ${number + 1} ${wrong}` };
  }
  const names = tools.map((tool) => tool.function.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  return twice ? { tools: [], wrong: `two tools have the name ${twice}` } : { tools, wrong: "" };
}

function wrongWith(described) {
  if (typeof described !== "object" || described === null) return "is no object";
  if (typeof described.name !== "string" || !NAME.test(described.name))
    return 'needs a "name" of letters, digits and _ . : / -';
  const { parameters } = described;
  if (parameters !== undefined && (typeof parameters !== "object" || parameters === null || Array.isArray(parameters)))
    return 'has "parameters" that are no JSON Schema object';
  return "";
}
