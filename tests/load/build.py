"""What a page's socket must say to a server of this very build: events' names, states' hashes."""

from __future__ import annotations

import json
import re
from pathlib import Path

CONTEXT = Path(__file__).resolve().parents[2] / ".web" / "utils" / "context.jsx"
ROOT = "reflex___state____state"
HYDRATE = f"{ROOT}.hydrate_and_load"
ON_LOAD = f"{ROOT}.reflex___state____on_load_internal_state.on_load_internal"
HYDRATED = '"is_hydrated_rx_state_":true'


def _of_build() -> tuple[str, list[str]]:
    text = CONTEXT.read_text("utf-8")
    schema = re.search(r'stateSchema = "(\w+)"', text)
    hashes = re.search(r"initialStateHashes = (\[.*?\])", text)
    if not schema or not hashes:
        message = "the build's context is not as this release of Reflex makes it"
        raise RuntimeError(message)
    return schema[1], json.loads(hashes[1])


SCHEMA, HASHES = _of_build()
