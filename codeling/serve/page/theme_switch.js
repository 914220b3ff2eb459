/** Light, dark, or as the system has it. What was chosen is applied by theme.js before the page is painted. */

import { byId } from "./dom.js";
import { local } from "./storage.js";

const THEMES = ["system", "light", "dark"];

export function setUpTheme() {
  const button = byId("theme");
  let theme = document.documentElement.dataset.theme ?? "system";
  const show = () => {
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    button.textContent = `◐ ${{ system: "Auto", light: "Light", dark: "Dark" }[theme]}`;
    button.setAttribute("aria-label", `Colours: ${theme}. Change`);
  };
  button.addEventListener("click", () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    local.write("theme", theme === "system" ? null : theme);
    show();
  });
  show();
}
