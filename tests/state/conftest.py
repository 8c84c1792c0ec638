"""States on real services; one kind of database is enough, the services have both."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest
import reflex as rx
from reflex.istate.data import ReflexURL, URLData

from portal.services.container import Services
from tests.support.catalog import add_movie

S = TypeVar("S", bound=rx.State)
Opener = Callable[[type[S], str], Awaitable[S]]
Adder = Callable[..., Awaitable[None]]

ORIGIN = "https://films.example"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def open_page(running_services: Services) -> Opener:
    """Gives a state as the socket of a page at an address has it."""

    async def open_at(state: type[S], address: str) -> S:
        root = rx.State()
        root.rx_router_url = URLData.from_url(ReflexURL(ORIGIN + address))
        return await root.get_state(state)

    return open_at


@pytest.fixture
def add_films(running_services: Services) -> Adder:
    """Puts movies into the catalog, one for each set of values."""

    async def add(*films: dict[str, object]) -> None:
        def work(session: object) -> None:
            for values in films:
                add_movie(session, running_services.box, **values)  # type: ignore[arg-type]

        await running_services.db.run(work)
        await running_services.catalog.announce_change()

    return add
