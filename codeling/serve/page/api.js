/** Talking to the server: its key, its refusals, its streams.
 *
 *  Everything that fails is a `Problem`. A request that the person stopped is an `AbortError`. */

import { interrupted, Problem, refused, unreachable } from "./problems.js";
import { session } from "./storage.js";

let askForKey = async () => null;

/** `ask({wasWrong})` gives the key that a person typed, or null where they would not. */
export function onKeyWanted(ask) {
  askForKey = ask;
}

export async function get(path) {
  return await (await send(path)).json();
}

/** The JSON of each event, as it comes. */
export async function* stream(path, body, { signal } = {}) {
  const response = await send(path, { body: { ...body, stream: true }, signal });
  let ended = false;
  for await (const data of eventsOf(response, signal)) {
    ended = data === "[DONE]";
    if (ended) break;
    const value = JSON.parse(data);
    if (value.error) throw refused(value.error.status ?? 500, value.error);
    yield value;
  }
  if (!ended) throw interrupted();
}

async function send(path, { body, signal } = {}) {
  for (let wasWrong = false; ; wasWrong = true) {
    const key = session.read("key", null);
    const response = await sendOnce(path, { body, signal, key });
    if (response.ok) return response;
    const problem = await problemOf(response);
    if (problem.status !== 401) throw problem;
    // Two requests at once are both refused; the second one finds the key that the first one asked for.
    if (session.read("key", null) !== key) continue;
    const typed = await askForKey({ wasWrong: wasWrong || key !== null });
    if (!typed) throw problem;
    session.write("key", typed);
  }
}

async function sendOnce(path, { body, signal, key }) {
  const headers = {};
  if (key !== null) headers.Authorization = `Bearer ${key}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  try {
    return await fetch(new URL(path, document.baseURI), {
      method: body === undefined ? "GET" : "POST",
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw unreachable();
  }
}

async function problemOf(response) {
  const body = await response.json().catch(() => null);
  const error = typeof body?.error === "string" ? { message: body.error } : (body?.error ?? null);
  return refused(response.status, error, response.headers.get("Retry-After"));
}

/** The data of each server-sent event. Source: https://html.spec.whatwg.org/multipage/server-sent-events.html */
async function* eventsOf(response, signal) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) return;
      text += value;
      const blocks = text.split(/\r?\n\r?\n/);
      text = blocks.pop();
      for (const block of blocks) {
        const lines = block.split(/\r?\n/).filter((line) => line.startsWith("data:"));
        if (lines.length) yield lines.map((line) => line.slice(5).replace(/^ /, "")).join("\n");
      }
    }
  } catch (error) {
    if (error instanceof Problem || error.name === "AbortError" || signal?.aborted) throw error;
    throw interrupted();
  } finally {
    reader.cancel().catch(() => {}); // an answer that nobody reads any more must not go on
  }
}
