/** What the server says about its model, and the last answer's speed. */

import { get } from "./api.js";
import { byId, el } from "./dom.js";
import { sayFacts } from "./speed.js";

/** `chats` is null where the server does not say. */
export const model = { id: "", context: null, chats: null, stage: null };

const shown = new Map();

/** Ask, remember and show. */
export async function readModel() {
  const entry = (await get("v1/models")).data[0];
  const meta = entry.meta ?? {};
  const props = await get("props").catch(() => ({})); // extras: the page works without
  const context = meta.n_ctx ?? props.default_generation_settings?.n_ctx ?? meta.n_ctx_train ?? null;
  Object.assign(model, { id: entry.id, context, chats: meta.chat ?? null, stage: meta.stage ?? null });
  show("Name", entry.id);
  show("Stage", meta.stage);
  show("Parameters", meta.n_params && sayLarge(meta.n_params));
  show("Context", context && `${context.toLocaleString("en")} tokens`);
  show("Vocabulary", meta.n_vocab && `${meta.n_vocab.toLocaleString("en")} tokens`);
  show("At once", props.total_slots && `${props.total_slots} answers`);
  byId("model-name").textContent = entry.id;
  document.title = `${entry.id} · Codeling`;
}

/** The last answer's speed. */
export function showSpeed(facts) {
  show("Last answer", sayFacts(facts));
}

function show(name, value) {
  if (!value) return;
  if (!shown.has(name)) {
    shown.set(name, el("dd"));
    byId("facts").append(el("dt", {}, name), shown.get(name));
  }
  shown.get(name).textContent = value;
}

/** 6_512_640 -> "6.5 million" */
function sayLarge(count) {
  for (const [size, name] of [[1e9, "billion"], [1e6, "million"]]) {
    if (count >= size) return `${(count / size).toPrecision(3).replace(/\.?0+$/, "")} ${name}`;
  }
  return count.toLocaleString("en");
}
