"""`portal qoe`: forgetting what viewers' sessions were like."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

qoe_app = typer.Typer(help="What playback was like.", no_args_is_help=True)


@qoe_app.command("prune")
def prune() -> None:
    """Delete what is older than PORTAL_QOE_SESSION_DAYS and PORTAL_QOE_SUM_DAYS, now.

    A running portal does so by itself, every quarter of an hour.
    """
    from portal.services.clock import utc_now
    from portal.services.container import running
    from portal.settings import current_settings

    async def work() -> int:
        async with running(current_settings()) as services:
            return await services.qoe.prune(utc_now())

    typer.echo(f"{asyncio.run(work())} rows are gone.")


@qoe_app.command("erase")
def erase(
    who: Annotated[str, typer.Argument(help="A viewer's pseudonym, or the id of a session.")],
) -> None:
    """Delete what is stored of a viewer: sessions, what they were like, what was refused, where
    films were left.

    A viewer is a browser: the first part of its cookie `portal_viewer`. Sums name nobody and stay.
    """
    from portal.services.container import running
    from portal.services.repositories import qoe as rows
    from portal.settings import current_settings

    async def work() -> int:
        async with running(current_settings()) as services:
            viewer = await services.db.run(lambda session: rows.viewer_of(session, who)) or who
            return await services.qoe.erase(viewer) + await services.refusals.forget(viewer)

    typer.echo(f"{asyncio.run(work())} rows are gone.")
