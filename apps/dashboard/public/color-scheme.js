// Runs before the first paint, so that a dark page never flashes white. A file of its own, since the CSP allows no inline script.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("waxseal-color-scheme");
  } catch {
    // Storage may be forbidden; then the system's choice holds.
  }
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  document.documentElement.dataset.mantineColorScheme =
    chosen === "dark" || chosen === "light" ? chosen : system;
})();
