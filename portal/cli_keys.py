"""`portal keys`: add, rotate, retire and look at keys; never shows one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from portal.services.db import Database
    from portal.services.key_rotation import Rotation
    from portal.services.keyring import Keyring

keys_app = typer.Typer(
    help="The key ring: what seals source URLs and signs tokens.", no_args_is_help=True
)

Purpose = Annotated[
    str,
    typer.Argument(
        help="source-url, source-index, stream-token, hls-reference, totp-secret, viewer,"
        " qa-bypass or origin."
    ),
]


@keys_app.command("init")
def init() -> None:
    """Make the key ring if there is none."""
    from portal.services.container import load_keyring
    from portal.services.keyring import Keyring, KeyringError
    from portal.settings import SettingsError, load_settings

    try:
        settings = load_settings()
        if settings.keys_file is not None:
            Keyring.load_or_create(settings.keys_file)
        ring = load_keyring(settings)
    except (SettingsError, KeyringError) as error:
        _fail(error)
    _say(f"The key ring is {ring.path}.")


@keys_app.command("status")
def status() -> None:
    """Which keys there are, which are active, and how many stored values need each."""
    with _opened() as (ring, db):
        from portal.services.key_rotation import status as ask

        for use in ask(db, ring):
            state = "active" if use.is_active else "pending" if use.is_pending else "old"
            rows = "" if use.rows is None else f", {use.rows:,} stored value{'s'[: use.rows != 1]}"
            typer.echo(f"{use.purpose}: {use.key_id} {state}{rows}")


@keys_app.command("add")
def add(purpose: Purpose = "source-url") -> None:
    """Add a key that is not used yet: for all machines to know before `rotate`."""
    with _opened() as (ring, _):
        kid = ring.add(purpose)
    _say(
        f"Key {kid} of {purpose} is in {ring.path}. Give the ring to all machines, then run:"
        f" portal keys rotate {purpose}"
    )


@keys_app.command("rotate")
def rotate(
    purpose: Purpose = "source-url",
    again: Annotated[
        bool, typer.Option("--again", help="Only move what still uses an old key.")
    ] = False,
) -> None:
    """Use the newest key from now on, and move all that is stored to it."""
    with _opened() as (ring, db):
        from portal.services.actors import SYSTEM
        from portal.services.clock import utc_now
        from portal.services.key_rotation import reencrypt
        from portal.services.key_rotation import rotate as run

        done = (
            reencrypt(db, ring, purpose)
            if again
            else run(db, ring, purpose, actor=SYSTEM, now=utc_now())
        )
    _tell(done)


@keys_app.command("retire")
def retire(purpose: Purpose, key: Annotated[str, typer.Argument(help="Its id, as k1.")]) -> None:
    """Forget an old key, after proving that nothing stored needs it."""
    with _opened() as (ring, db):
        from portal.services.actors import SYSTEM
        from portal.services.clock import utc_now
        from portal.services.key_rotation import retire as run

        rows = run(db, ring, purpose, key, actor=SYSTEM, now=utc_now())
    proof = f" 0 stored values needed it; {rows:,} use the active key." if rows else ""
    _say(f"Key {key} of {purpose} is gone.{proof}")


@keys_app.command("qa-token")
def qa_token(
    name: Annotated[str, typer.Option(help="Whose test: it stands in the log.")],
    minutes: Annotated[int, typer.Option(min=1, max=1440, help="How long it lives.")] = 60,
) -> None:
    """Make a token that lets a test through the rate limits, as the header x-portal-qa."""
    with _opened() as (ring, _):
        from portal.services.clock import utc_now
        from portal.services.keyring import QA_BYPASS
        from portal.services.qa_bypass import QaBypass

        typer.echo(QaBypass(ring[QA_BYPASS]).issue(name, utc_now(), minutes=minutes))


@contextmanager
def _opened() -> Iterator[tuple[Keyring, Database]]:
    from portal.embedded.migrations import current_and_head, upgrade
    from portal.services.container import load_keyring
    from portal.services.db import Database
    from portal.services.errors import PortalError
    from portal.services.keyring import KeyringError
    from portal.settings import SettingsError, load_settings

    try:
        settings = load_settings()
        ring = load_keyring(settings)
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        url = settings.sqlalchemy_url()
        if current_and_head(url)[0] is None:
            upgrade(url)
        db = Database(url, threads=1)
        try:
            yield ring, db
        finally:
            db.close()
    except (SettingsError, KeyringError) as error:
        _fail(error)
    except PortalError as error:
        _fail(error.detail)


def _tell(done: Rotation) -> None:
    _say(f"{done.purpose}: key {done.key_id} is active. {done.moved:,} stored values moved to it.")
    if done.purpose == "source-index" and done.moved:
        _say("Films that play at this moment have to be started again.")
    if done.left:
        _fail(
            f"{done.left:,} stored values still need an old key"
            + (f", {done.unreadable:,} of them unreadable with any key" if done.unreadable else "")
            + f". Run it again: portal keys rotate {done.purpose} --again"
        )


def _fail(message: object) -> NoReturn:
    typer.secho(str(message), fg=typer.colors.RED, err=True)
    raise typer.Exit(1)


def _say(text: str) -> None:
    typer.echo(text, err=True)
