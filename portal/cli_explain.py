"""`portal explain`: which rule allowed or refused a film."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer

_MARKS = {True: "yes", False: "NO", None: "?"}


def explain(
    what: Annotated[
        str,
        typer.Argument(help="A film's slug or id; or the reference that a viewer's error shows."),
    ],
    session: Annotated[str, typer.Option(help="A viewing session's id.")] = "",
    at: Annotated[
        str, typer.Option(help="An instant, 2026-11-23T20:15 (UTC); without it, now.")
    ] = "",
) -> None:
    """Say which rule of playback allowed or refused a film, now or at an instant.

    Ends with 1 if a rule refuses, with 2 if the input cannot be used.
    """
    from portal.services.actors import SYSTEM
    from portal.services.clock import utc_now
    from portal.services.container import running
    from portal.services.errors import PortalError
    from portal.services.explaining import Explanation
    from portal.settings import current_settings

    try:
        instant = datetime.fromisoformat(at) if at else utc_now()
    except ValueError:
        typer.echo(f"--at must be like 2026-11-23T20:15, not {at[:40]!r}.", err=True)
        raise typer.Exit(2) from None
    instant = instant if instant.tzinfo else instant.replace(tzinfo=UTC)

    async def work() -> Explanation:
        async with running(current_settings()) as services:
            return await services.explaining.ask(SYSTEM, what, instant, utc_now(), session)

    try:
        found = asyncio.run(work())
    except PortalError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    typer.echo(f"{found.title} at {found.at:%Y-%m-%d %H:%M:%S} UTC")
    for rule in found.rules:
        detail = f"  ({rule.detail})" if rule.detail else ""
        typer.echo(f"  {_MARKS[rule.holds]:>3}  {rule.words}{detail}")
    for each in found.refusals:
        typer.echo(
            f"{each.at:%Y-%m-%d %H:%M:%S} UTC  {each.step} of {each.movie} refused: {each.code}"
            f"  reference {each.reference}  session {each.session_id or '-'}"
        )
    if found.refusals or found.decided_by:
        raise typer.Exit(1)
