"""`portal audit`: whether the audit is whole, and all of it as a file."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, NoReturn, TypeVar

import typer

if TYPE_CHECKING:
    from portal.services.audit_log import AuditLog

T = TypeVar("T")

audit_app = typer.Typer(help="Who changed what in the catalog.", no_args_is_help=True)


class Format(StrEnum):
    """Of an export."""

    CSV = "csv"
    JSON = "json"


@audit_app.command("verify")
def verify() -> None:
    """Walk the whole chain of hashes; status 1 if an event was changed, removed or put in."""
    from portal.services.actors import SYSTEM

    found = _run(lambda log: log.verify(SYSTEM))
    if found.broken_at is not None:
        _fail(
            f"The audit is broken at event {found.broken_at}: it, or one before it, is not what"
            f" was written. The {found.checked} events before it fit."
        )
    typer.echo(f"The audit is whole: {found.checked} events, each sealed with the one before.")


@audit_app.command("export")
def export(
    to: Annotated[Format, typer.Option("--format", help="csv or json.")] = Format.CSV,
    action: Annotated[str, typer.Option(help="`movie.update`, or `movie.` for a kind.")] = "",
    actor: Annotated[str, typer.Option(help="Part of an e-mail address.")] = "",
) -> None:
    """Write all events to standard output, the newest first."""
    from portal.services.actors import SYSTEM
    from portal.services.repositories.audit_events import AuditFilter

    chosen = AuditFilter(actor=actor, action=action)

    async def work(log: AuditLog) -> None:
        start = log.export_csv if to is Format.CSV else log.export_json
        async for piece in await start(SYSTEM, chosen):
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()

    _run(work)


def _run(work: Callable[[AuditLog], Awaitable[T]]) -> T:
    """Run work on the audit; it needs the database and nothing else."""
    from portal.embedded.migrations import current_and_head
    from portal.services.audit_log import AuditLog
    from portal.services.db import Database
    from portal.services.errors import PortalError
    from portal.settings import SettingsError, load_settings

    async def main() -> T:
        url = load_settings().sqlalchemy_url()
        if current_and_head(url)[0] is None:
            _fail("There is no catalog yet: `portal serve` or `portal migrate` makes one.")
        db = Database(url, threads=1)
        try:
            return await work(AuditLog(db))
        finally:
            db.close()

    try:
        return asyncio.run(main())
    except (PortalError, SettingsError) as error:
        _fail(getattr(error, "detail", str(error)))


def _fail(message: str) -> NoReturn:
    typer.secho(message, fg=typer.colors.RED, err=True)
    raise typer.Exit(1)
