/** Puts the page together: its two views, settings, keys, and what it asks the server first. */

import { onKeyWanted } from "./api.js";
import { Chat } from "./chat.js";
import { Code } from "./code.js";
import { announce, byId, el, isTyping } from "./dom.js";
import { setUpPanel } from "./panel.js";
import { askForKey } from "./key_dialog.js";
import { model, readModel } from "./model.js";
import { showProblem } from "./problem_view.js";
import { setUpSampling } from "./sampling.js";
import { local } from "./storage.js";
import { setUpTheme } from "./theme_switch.js";
import { legend } from "./tokens.js";
import { addTools, setUpTools } from "./tool_editor.js";
import { TOOL_EXAMPLES } from "./tool_examples.js";

const LOADING_RETRY_MS = 2000;

const probabilities = byId("probabilities");
const showsTokens = () => probabilities.checked;
const askedView = location.hash.slice(1);
const openHelp = () => byId("shortcuts").showModal();

setUpTheme();
setUpSampling();
setUpTools();
const panel = setUpPanel();
onKeyWanted(askForKey);
probabilities.checked = local.read("probabilities", false);
byId("legend").append(legend());
const chat = new Chat({ showsTokens, openHelp });
const code = new Code({ showsTokens });
const views = { chat, code };

probabilities.addEventListener("change", () => {
  local.write("probabilities", probabilities.checked);
  chat.render();
  announce(probabilities.checked ? "Token probabilities are shown from the next answer on." : "Token probabilities are hidden.");
});
byId("help").addEventListener("click", openHelp);
setUpTabs();
setUpKeys();
setUpStarters();
await meet();

/** The first thing to ask: which model is this? Until it is loaded, ask again. */
async function meet() {
  try {
    await readModel();
    showProblem(byId("banner"), null);
    greet();
  } catch (error) {
    showProblem(byId("banner"), error, meet);
    if (error.status === 503) setTimeout(meet, LOADING_RETRY_MS);
  }
}

function greet() {
  if (model.chats !== false) return;
  byId("welcome-text").textContent =
    `This checkpoint is of the stage “${model.stage}” and has not learnt to chat: it goes on with text. ` +
    "It is at home under Code. A model of the stage “tools” or “rlhf” answers.";
  if (!askedView) show("code");
}

function setUpTabs() {
  const tabs = [byId("tab-chat"), byId("tab-code")];
  for (const [i, tab] of tabs.entries()) {
    tab.addEventListener("click", () => show(tab.id.slice("tab-".length)));
    tab.addEventListener("keydown", (event) => {
      if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
      const other = tabs[1 - i];
      other.click();
      other.focus();
    });
  }
  addEventListener("hashchange", () => show(location.hash.slice(1)));
  show(askedView);
}

function show(name) {
  if (!Object.hasOwn(views, name)) name = "chat";
  for (const view of Object.keys(views)) {
    const isShown = view === name;
    byId(`view-${view}`).hidden = !isShown;
    byId(`tab-${view}`).setAttribute("aria-selected", String(isShown));
    byId(`tab-${view}`).tabIndex = isShown ? 0 : -1;
  }
  document.body.dataset.view = name;
  if (location.hash.slice(1) !== name) history.replaceState(null, "", `#${name}`);
}

function shownView() {
  return views[document.body.dataset.view];
}

function setUpKeys() {
  const keys = {
    "?": openHelp,
    "/": () => shownView().focus(),
    ",": panel.toggle,
    "p": () => probabilities.click(),
    "1": () => (show("chat"), chat.focus()),
    "2": () => (show("code"), code.focus()),
  };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") {
      if (shownView().stop() || panel.closeIfOver()) return;
      document.activeElement.blur();
    } else if (!isTyping() && !event.ctrlKey && !event.metaKey && !event.altKey && Object.hasOwn(keys, event.key)) {
      event.preventDefault();
      keys[event.key]();
    }
  });
}

/** Ways to begin, for a chat that is empty. */
function setUpStarters() {
  const starters = [
    ["Write a Bash command that counts the lines of every .py file here.", null],
    ["What is the weather in Oslo?", "Weather"],
    ["What is 17 times 23?", "Calculator"],
  ];
  for (const [text, tools] of starters) {
    const begin = () => {
      if (tools) addTools(TOOL_EXAMPLES[tools]);
      chat.suggest(text);
    };
    const note = tools ? el("small", {}, ` offers the tool ${TOOL_EXAMPLES[tools][0].function.name}`) : null;
    byId("starters").append(el("li", {}, el("button", { type: "button", class: "starter", onclick: begin }, text, note)));
  }
}
