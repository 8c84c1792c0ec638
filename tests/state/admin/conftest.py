"""States of the content managers' pages, opened by somebody who is signed in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest
import reflex as rx
from reflex.istate.data import HeaderData, ReflexURL, URLData
from sqlmodel import Session, select

from portal.services.actors import Role
from portal.services.container import Services
from portal.services.models import Movie
from tests.state.conftest import ORIGIN
from tests.support.catalog import add_movie
from tests.support.people import Person, person

S = TypeVar("S", bound=rx.State)
OpenAs = Callable[..., Awaitable[S]]


@pytest.fixture
async def manager(running_services: Services) -> Person:
    return await person(running_services, Role.MANAGER)


@pytest.fixture
async def editor(running_services: Services) -> Person:
    return await person(running_services, Role.EDITOR)


@pytest.fixture
def open_as(running_services: Services) -> OpenAs[rx.State]:
    """Gives a state as the socket of somebody's page has it; None: nobody is signed in."""

    async def open_at(state: type[S], address: str, who: Person | None) -> S:
        root = rx.State()
        root.rx_router_url = URLData.from_url(ReflexURL(ORIGIN + address))
        host = ORIGIN.partition("//")[2]
        root.rx_router_headers = HeaderData.from_router_data(
            {"headers": {"cookie": who.cookie if who else "", "host": host, "origin": ORIGIN}}
        )
        return await root.get_state(state)

    return open_at


@pytest.fixture
def film(running_services: Services) -> Callable[..., Awaitable[str]]:
    """Puts a movie into the catalog and gives its id."""

    async def add(**values: object) -> str:
        def work(session: Session) -> str:
            return add_movie(session, running_services.box, **values).id  # type: ignore[arg-type]

        movie_id = await running_services.db.run(work)
        await running_services.catalog.announce_change()
        return movie_id

    return add


@pytest.fixture
def stored(running_services: Services) -> Callable[[str], Awaitable[Movie]]:
    """A movie's row."""

    async def read(movie_id: str) -> Movie:
        def work(session: Session) -> Movie:
            found = session.exec(select(Movie).where(Movie.id == movie_id)).one()
            session.expunge(found)
            return found

        return await running_services.db.run(work)

    return read
