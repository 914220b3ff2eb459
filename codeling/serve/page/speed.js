/** How fast an answer came, as seen from here. */

const SHORTEST_SECONDS = 0.02;
/** Below, the pieces came in one go, and their rate says nothing. */

export class Speed {
  #asked = performance.now();
  #first = null;
  #last = null;
  #pieces = 0;

  /** A piece of the answer is here. */
  tick() {
    this.#last = performance.now();
    this.#first ??= this.#last;
    this.#pieces += 1;
  }

  /** `usage` is the server's count, null where the answer was stopped before it came. */
  facts(usage) {
    const tokens = usage?.completion_tokens ?? this.#pieces;
    const seconds = this.#first === null ? 0 : (this.#last - this.#first) / 1000;
    return {
      tokens,
      isCounted: Boolean(usage),
      firstTokenMs: this.#first === null ? null : this.#first - this.#asked,
      // The first token's time is the prompt's; one token alone has no rate.
      tokensPerSecond: tokens > 1 && seconds >= SHORTEST_SECONDS ? (tokens - 1) / seconds : null,
      contextUsed: usage?.total_tokens ?? null,
    };
  }
}

/** "41 tokens · 118 tokens/s · first after 85 ms" */
export function sayFacts(facts, context = null) {
  const parts = [`${facts.isCounted ? "" : "about "}${facts.tokens} token${facts.tokens === 1 ? "" : "s"}`];
  if (facts.tokensPerSecond !== null) parts.push(`${sayNumber(facts.tokensPerSecond)} tokens/s`);
  if (facts.firstTokenMs !== null) parts.push(`first after ${sayMilliseconds(facts.firstTokenMs)}`);
  if (facts.contextUsed !== null && context) parts.push(`${facts.contextUsed} of ${context} of the context`);
  return parts.join(" · ");
}

function sayMilliseconds(ms) {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function sayNumber(value) {
  return value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString("en");
}
