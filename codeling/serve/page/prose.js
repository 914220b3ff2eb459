/** Text as a person reads it: fenced code as code, the rest as it is. */

import { copyButton, el } from "./dom.js";

const FENCE = /^\s*```\s*([\w+#.-]*)\s*$/;

export function prose(text) {
  return parts(text).map(({ code, language, text }) => (code ? codeBlock(text, language) : paragraph(text)));
}

/** `code` between backticks, on one line. */
function paragraph(text) {
  const pieces = text.split(/`([^`\n]+)`/);
  return el("p", {}, ...pieces.map((piece, i) => (i % 2 ? el("code", {}, piece) : piece)));
}

/** A fence that is still open runs to the end: the text may be on its way. */
function parts(text) {
  const found = [];
  let current = { code: false, language: "", lines: [] };
  const close = () => {
    const text = current.lines.join("\n");
    if (current.code || text.trim()) found.push({ ...current, text: current.code ? text : text.replace(/^\n+|\n+$/g, "") });
  };
  for (const line of text.split("\n")) {
    const fence = line.match(FENCE);
    if (fence && (!current.code || !fence[1])) {
      close();
      current = { code: !current.code, language: fence[1], lines: [] };
    } else current.lines.push(line);
  }
  close();
  return found;
}

function codeBlock(text, language) {
  return el(
    "figure",
    { class: "code-block" },
    el("figcaption", {}, el("span", {}, language || "code"), copyButton(() => text)),
    el("pre", { tabindex: "0", "aria-label": language || "code" }, el("code", {}, text)),
  );
}
