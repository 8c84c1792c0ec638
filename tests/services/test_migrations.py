"""Migrations, up and down, with data, on SQLite and MariaDB."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from sqlmodel import Session, select

from alembic import command
from portal.embedded.migrations import alembic_config, current_and_head, downgrade, upgrade
from portal.services.db_engine import make_engine
from portal.services.models import Movie, title_key
from tests.support.mariadb import MariaDb


@pytest.fixture(params=["sqlite", pytest.param("mariadb", marks=pytest.mark.mariadb)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'x.sqlite3'}"
    server: MariaDb = request.getfixturevalue("mariadb")
    return server.new_database()


def test_up_down_and_up_again(empty_url: str) -> None:
    upgrade(empty_url)
    current, head = current_and_head(empty_url)
    assert current == head is not None
    command.check(alembic_config(empty_url))  # the models and the revisions agree
    engine = make_engine(empty_url)
    with Session(engine) as session, session.begin():
        session.add(Movie(slug="a", title="À", title_key=title_key("À")))
    with Session(engine) as session:
        movie = session.exec(select(Movie)).one()
        assert movie.title == "À"
        assert movie.created_at.tzinfo is not None
    engine.dispose()
    downgrade(empty_url, "base")
    engine = make_engine(empty_url)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    engine.dispose()
    upgrade(empty_url)
    assert current_and_head(empty_url)[0] == head


def test_a_rollback_of_one_revision_keeps_the_catalog(empty_url: str) -> None:
    """The playbook of docs/operations.md, rehearsed: one down with data, and up again."""
    upgrade(empty_url)
    engine = make_engine(empty_url)
    with Session(engine) as session, session.begin():
        for number in range(20):
            title = f"Film {number}"
            session.add(Movie(slug=f"film-{number}", title=title, title_key=title_key(title)))
    engine.dispose()
    command.downgrade(alembic_config(empty_url), "-1")
    assert current_and_head(empty_url)[0] != current_and_head(empty_url)[1]
    engine = make_engine(empty_url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM movie")).scalar() == 20
    engine.dispose()
    upgrade(empty_url)
    command.check(alembic_config(empty_url))
    engine = make_engine(empty_url)
    with Session(engine) as session:
        assert {movie.slug for movie in session.exec(select(Movie))} == {
            f"film-{number}" for number in range(20)
        }
    engine.dispose()
