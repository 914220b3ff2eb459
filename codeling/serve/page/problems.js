/** What went wrong, in words, and what to do about it. */

export class Problem extends Error {
  /** `said` is the server's own sentence, `remedy` what a person can do; `retryAfter` are seconds. */
  constructor(title, { said = "", remedy = "", status = 0, retryAfter = null } = {}) {
    super(title);
    Object.assign(this, { title, said, remedy, status, retryAfter });
  }
}

export function unreachable() {
  return new Problem("The server does not answer.", {
    remedy: "Is `codeling serve` still running, and is this page still at its address? Then try again.",
  });
}

export function interrupted() {
  return new Problem("The connection was lost in the middle of the answer.", {
    remedy: "What had come is kept. See whether `codeling serve` still runs, then try again.",
  });
}

/** The problem that a refusal means; `error` is the `error` object of its body, null where there was none. */
export function refused(status, error, retryAfter = null) {
  const [title, remedy] = wordsFor(status, error?.code ?? null, retryAfter);
  return new Problem(title, { said: error?.message ?? "", remedy, status, retryAfter });
}

function wordsFor(status, code, retryAfter) {
  if (code === "context_length_exceeded")
    return [
      "That is longer than the model can read at once.",
      "Begin anew with /reset, shorten what you sent, offer fewer tools, or ask for fewer tokens.",
    ];
  switch (status) {
    case 400:
      return ["The server cannot make sense of this request.", "Change what it names, then try again."];
    case 401:
      return ["The server wants a key.", "Whoever started it knows the key. Try again to type it."];
    case 403:
      return [
        "The server does not accept requests from this address.",
        "Open the page at the address that `codeling serve` printed, or start it with --allowed-hosts.",
      ];
    case 404:
      return ["The server does not have that.", "Reload the page: it may have been started anew with another model."];
    case 413:
      return ["That is more than the server takes in one request.", "Send less at once."];
    case 429:
      return ["The server is busy.", `Try again in ${retryAfter ?? "a few"} seconds.`];
    case 503:
      return ["The model is not ready yet.", "It is being loaded, or the server is about to stop. Try again soon."];
    default:
      return status >= 500
        ? ["The server failed.", "Its log, in the terminal of `codeling serve`, says why."]
        : [`The server refused this (status ${status}).`, ""];
  }
}
