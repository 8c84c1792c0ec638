"""The demo's owner: an account for whoever starts the portal for the first time."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from rich.console import Console

from portal import routes
from portal.services.accounts.passwords import Passwords
from portal.services.accounts.people import People
from portal.services.accounts.secrets import new_password
from portal.services.actors import SYSTEM, Role
from portal.services.clock import utc_now
from portal.services.db import Database
from portal.services.repositories import accounts
from portal.settings import Settings

OWNER = "owner@demo.example"


def show_owner(settings: Settings, console: Console) -> None:
    """Make the owner if there is no account at all, and say how to sign in.

    The password is random, and kept beside the database in a file that only the portal's user can
    read, so that a newcomer finds it again. With accounts of one's own the file can be deleted.
    """
    file = settings.data_dir / "owner-password.txt"
    db = Database(settings.sqlalchemy_url(), threads=1)
    try:
        if not db.run_sync(accounts.count):
            _make(db, file)
    finally:
        db.close()
    if file.exists():
        console.print(
            f"Content managers: http://localhost:{settings.port}{routes.ADMIN}\n"
            f"  sign in as {OWNER}, password {file.read_text().strip()}  (kept in {file})",
            highlight=False,
            soft_wrap=True,
        )


def _make(db: Database, file: Path) -> None:
    password = new_password()
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as opened:
        opened.write(password + "\n")
    passwords = Passwords()
    try:
        people = People(db, passwords)
        asyncio.run(
            people.create(
                SYSTEM, OWNER, Role.OWNER, utc_now(), name="Demo owner", password=password
            )
        )
    finally:
        passwords.close()
