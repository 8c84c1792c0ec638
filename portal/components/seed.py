"""The browser's half of a page that came with its content: the first render shows the same.

The document carries the state that it was rendered from (`portal/first_paint`). It is put into
Reflex's initial state before React hydrates, so the first render is what already stands there. The
socket's first answer holds only what differs from the compiled defaults, so it takes nothing away.
"""

from __future__ import annotations

import reflex as rx
from reflex_base.components.component import Component

SEED_ID = "portal-seed"

# On the server the renderer's worker fills the same object before each page.
_SCRIPT = """
if (typeof document === "undefined") {
  globalThis.__portalInitialState = initialState;
} else {
  try {
    const seed = JSON.parse(document.getElementById("SEED_ID")?.textContent ?? "{}");
    for (const name in seed) if (initialState[name]) Object.assign(initialState[name], seed[name]);
  } catch (error) {
    console.error("The page's seed cannot be read.", error);
  }
}
function SeedGate({ children }) { return children; }
""".replace("SEED_ID", SEED_ID)


class Seed(Component):
    """Wraps the whole app (`extra_app_wraps`) and shows its children as they are."""

    tag = "SeedGate"

    def add_imports(self) -> dict[str, list[rx.ImportVar]]:
        """Reflex's initial state, which its own providers read."""
        return {"$/utils/context": [rx.ImportVar(tag="initialState")]}

    def add_custom_code(self) -> list[str]:
        """Runs when the root module is evaluated, before the first render."""
        return [_SCRIPT]
