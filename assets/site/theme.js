// The theme that was chosen on this device, before the first paint of pages that are plain HTML; the
// pages that Reflex makes have the same in their head.
(() => {
  let chosen = "dark";
  try {
    chosen = localStorage.getItem("theme") || chosen;
  } catch {
    // storage is forbidden: dark
  }
  const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
  const shown = chosen === "system" ? (isDark ? "dark" : "light") : chosen;
  document.documentElement.classList.add(shown === "light" ? "light" : "dark");
})();
