/** A problem where it happened: what it is, what the server said, what to do. */

import { el } from "./dom.js";
import { Problem } from "./problems.js";

/** Show `error` in `place`, with a button for `again` where that may help; null clears the place. */
export function showProblem(place, error, again = null) {
  place.replaceChildren();
  if (error === null) return;
  if (!(error instanceof Problem)) console.error(error); // a mistake of this page
  const { title = error.message, said = "", remedy = "" } = error;
  place.append(
    el(
      "div",
      { class: "problem", role: "alert" },
      el("p", {}, el("strong", {}, title), " ", remedy),
      said ? el("p", { class: "said" }, said) : null,
      el(
        "p",
        { class: "row" },
        again ? el("button", { type: "button", onclick: () => (place.replaceChildren(), again()) }, "Try again") : null,
        el("button", { type: "button", class: "quiet", onclick: () => place.replaceChildren() }, "Dismiss"),
      ),
    ),
  );
}
