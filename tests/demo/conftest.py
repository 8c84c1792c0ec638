"""One small build that the tests of this folder look at."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.demo.build import build_demo
from portal.demo.manifest import DemoManifest

FILM = "dusk"
SECONDS = 6
TITLES = 3


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="session")
def demo(demo_folder: Path) -> DemoManifest:
    return build_demo(
        demo_folder, jobs=2, film_keys=[FILM], titles_limit=TITLES, max_film_s=SECONDS
    )
