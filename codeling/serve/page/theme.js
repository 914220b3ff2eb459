// Not a module, so that it runs before the first paint and a dark page does not flash white.
try {
  const theme = JSON.parse(localStorage.getItem("codeling.theme"));
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Nothing may be remembered here: the system's choice it is.
}
