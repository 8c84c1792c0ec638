"""The catalog is read from a replica only as far as the replica is up to date."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from portal.services.container import running
from portal.settings import Settings
from tests.services.editing.conftest import EDITOR, NOW


async def test_a_replica_is_read_when_it_has_what_was_announced(
    sqlite_url: str, redis_url: str, tmp_path: Path
) -> None:
    replica = tmp_path / "replica.sqlite3"
    settings = Settings(
        data_dir=tmp_path / "data",
        database_url=sqlite_url,
        database_replica_url=f"sqlite:///{replica}",
        redis_url=redis_url,
        port=1,
    )
    settings.data_dir.mkdir()

    def replicate() -> None:
        source = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
        copy = sqlite3.connect(replica)
        source.backup(copy)
        # So that one can see which of the two was read.
        copy.execute("UPDATE movie SET tagline = 'from the replica'")
        copy.commit()
        copy.close()
        source.close()

    async with running(settings) as services:
        replicate()
        made = await services.editing.movies.create(EDITOR, {"title": "One"}, NOW)
        assert (await services.catalog.record(made.slug)).tagline == ""  # it is behind

        replicate()
        await services.catalog.refresh(anew=True)
        assert (await services.catalog.record(made.slug)).tagline == "from the replica"

        again = await services.editing.movies.create(EDITOR, {"title": "Two"}, NOW)
        assert (await services.catalog.record(again.slug)).title == "Two"

        replicate()
        shutil.move(replica, tmp_path / "away")
        services.db.replica.dispose()  # type: ignore[union-attr]
        replica.mkdir()
        await services.catalog.refresh(anew=True)
        assert (await services.catalog.record(again.slug)).tagline == ""
