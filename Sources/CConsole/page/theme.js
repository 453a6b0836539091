// Light, dark, or as the system.

const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
const themeNames = { system: "as the system", light: "light", dark: "dark" };

function storedTheme() {
  try { return localStorage.getItem("ligature-theme") ?? "system"; } catch { return "system"; }
}

function applyTheme(theme) {
  const isDark = theme === "dark" || theme === "system" && systemIsDark.matches;
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
  const button = byID("theme");
  button.setAttribute("aria-label", `Colours: ${themeNames[theme]}`);
  button.title = `Colours: ${themeNames[theme]}`;
  button.dataset.theme = theme;
  dispatchEvent(new Event("themechange"));
}

function startTheme() {
  applyTheme(storedTheme());
  systemIsDark.addEventListener("change", () => applyTheme(storedTheme()));
  byID("theme").addEventListener("click", () => {
    const order = ["system", "light", "dark"];
    const next = order[(order.indexOf(storedTheme()) + 1) % order.length];
    try { localStorage.setItem("ligature-theme", next); } catch { /* Only this page then. */ }
    applyTheme(next);
    announce(`Colours: ${themeNames[next]}.`);
  });
}

/// A colour of the style sheet, as the theme has it now.
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
