/** The sampling controls: what a person set, remembered, as fields of a request. What is not set is not sent. */

import { byId, el } from "./dom.js";
import { local } from "./storage.js";

const FIELDS = [
  { name: "temperature", label: "Temperature", min: 0, max: 2, step: 0.05, hint: "0 always takes the likeliest token" },
  { name: "top_p", label: "Top-p", min: 0, max: 1, step: 0.01, hint: "keep the likeliest tokens up to this sum" },
  { name: "top_k", label: "Top-k", min: 0, max: 1000, step: 1, hint: "keep this many tokens; 0 keeps all" },
  { name: "min_p", label: "Min-p", min: 0, max: 1, step: 0.01, hint: "drop what is less likely than this share of the best" },
  { name: "max_tokens", label: "Max tokens", min: 1, max: 1e6, step: 1, hint: "length of the answer at most" },
  { name: "seed", label: "Seed", min: 0, max: 2 ** 53 - 1, step: 1, hint: "the same seed gives the same answer" },
];

export function setUpSampling() {
  const values = local.read("sampling", {});
  const form = byId("sampling");
  for (const field of FIELDS) form.append(numberRow(field, values));
  form.append(stopRow(values));
  const remember = () => local.write("sampling", typed());
  form.addEventListener("input", (event) => {
    event.target.setCustomValidity?.("");
    validate(event.target);
    remember();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  byId("sampling-defaults").addEventListener("click", () => {
    for (const input of form.querySelectorAll("input, textarea")) {
      input.value = "";
      validate(input);
    }
    remember();
  });
}

function numberRow({ name, label, min, max, step, hint }, values) {
  const id = `sampling-${name}`;
  const input = el("input", {
    id, name, min, max, step, type: "number", inputmode: step < 1 ? "decimal" : "numeric",
    placeholder: name === "seed" ? "random" : "default", "aria-describedby": `${id}-hint`,
  });
  if (Number.isFinite(values[name])) input.value = values[name];
  return el(
    "div",
    { class: "field" },
    el("label", { for: id }, label),
    input,
    el("small", { id: `${id}-hint`, "data-hint": hint }, hint),
  );
}

function stopRow(values) {
  const area = el("textarea", {
    id: "sampling-stop", name: "stop", rows: 2, spellcheck: "false", placeholder: "none",
    "aria-describedby": "sampling-stop-hint",
  });
  area.value = typeof values.stop === "string" ? values.stop : "";
  return el(
    "div",
    { class: "field field-wide" },
    el("label", { for: "sampling-stop" }, "Stop at"),
    area,
    el("small", { id: "sampling-stop-hint" }, "one text per line; \\n is a line break, \\t a tab"),
  );
}

function validate(input) {
  if (input.type !== "number") return;
  const hint = byId(`${input.id}-hint`);
  const wrong = !input.validity.valid;
  input.setAttribute("aria-invalid", String(wrong));
  hint.textContent = wrong ? `a number from ${input.min} to ${input.max}; not sent as it is` : hint.dataset.hint;
  hint.classList.toggle("is-wrong", wrong);
}

function typed() {
  const values = {};
  for (const { name } of FIELDS) {
    const input = byId(`sampling-${name}`);
    if (input.value !== "" && input.validity.valid) values[name] = Number(input.value);
  }
  const stop = byId("sampling-stop").value;
  if (stop) values.stop = stop;
  return values;
}

/** The fields for a request. */
export function samplingFields() {
  const { stop, ...numbers } = typed();
  const stops = (stop ?? "").split("\n").filter((line) => line).slice(0, 16).map(unescaped);
  return stops.length ? { ...numbers, stop: stops } : numbers;
}

function unescaped(line) {
  const meanings = { n: "\n", t: "\t", "\\": "\\" };
  return line.replace(/\\([nt\\])/g, (_, letter) => meanings[letter]);
}
