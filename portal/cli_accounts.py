"""`portal account`: who may change the catalog. A password is never an argument."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, NoReturn, TypeVar

import typer

from portal.services.actors import SYSTEM, Role

if TYPE_CHECKING:
    from portal.services.accounts import Accounts
    from portal.services.accounts.views import AccountView

T = TypeVar("T")

account_app = typer.Typer(
    help="Accounts of content managers: editor, manager or owner.", no_args_is_help=True
)

Email = Annotated[str, typer.Argument(help="The account's e-mail address.")]
RoleArgument = Annotated[Role, typer.Argument(help="editor drafts, manager publishes, owner all.")]


@account_app.command("create")
def create(
    email: Email,
    role: Annotated[Role, typer.Option(help="What the account may do.")] = Role.MANAGER,
    name: Annotated[str, typer.Option(help="How the person is called.")] = "",
    generate: Annotated[
        bool, typer.Option("--generate", help="Make a password and print it once.")
    ] = False,
) -> None:
    """Make an account. The password is asked for, or read from standard input."""
    password, is_made = _password(generate=generate)

    async def work(accounts: Accounts) -> str:
        made = await accounts.people.create(
            SYSTEM, email, role, _now(), name=name, password=password
        )
        return made.email

    address = _run(work)
    _say(f"{address} is {_article(role)} now.")
    if is_made:
        typer.echo(password)


@account_app.command("list")
def list_accounts() -> None:
    """All accounts with their roles."""

    async def work(accounts: Accounts) -> list[AccountView]:
        return await accounts.people.list(SYSTEM)

    for each in _run(work):
        typer.echo(f"{each.email}\t{each.role}{'  (disabled)' if each.is_disabled else ''}")


@account_app.command("role")
def role_of(email: Email, role: RoleArgument) -> None:
    """Give an account another role; it holds at once."""

    async def work(accounts: Accounts) -> None:
        found = await accounts.people.find(SYSTEM, email)
        await accounts.people.set_role(SYSTEM, found.id, role, _now())

    _run(work)
    _say(f"{email} is {_article(role)} now.")


@account_app.command("password")
def password_of(
    email: Email,
    generate: Annotated[
        bool, typer.Option("--generate", help="Make a password and print it once.")
    ] = False,
    forget_factors: Annotated[
        bool,
        typer.Option(
            "--forget-factors", help="Take off its authenticator app, passkeys and outside sign-in."
        ),
    ] = False,
) -> None:
    """Give an account a new password; its sessions and tokens end."""
    password, is_made = _password(generate=generate)

    async def work(accounts: Accounts) -> None:
        found = await accounts.people.find(SYSTEM, email)
        await accounts.people.set_password(SYSTEM, found.id, password, _now())
        if forget_factors:
            await accounts.people.forget_factors(SYSTEM, found.id, _now())

    _run(work)
    _say(f"{email} has a new password; its sessions and tokens have ended.")
    if is_made:
        typer.echo(password)


@account_app.command("token")
def token_of(
    email: Email,
    name: Annotated[str, typer.Option(help="What the token is for.")] = "command line",
    role: Annotated[Role | None, typer.Option(help="At most the account's own.")] = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="How long it lives.")] = 90,
) -> None:
    """Make a personal token for the HTTP API and print it once."""

    async def work(accounts: Accounts) -> str:
        found = await accounts.people.find(SYSTEM, email)
        _, secret = await accounts.tokens.create(
            SYSTEM, name, role or found.role, days, _now(), of=found.id
        )
        return secret

    typer.echo(_run(work))


@account_app.command("disable")
def disable(
    email: Email,
    undo: Annotated[bool, typer.Option("--undo", help="Let it in again.")] = False,
) -> None:
    """Shut an account out at once: its sessions and tokens end."""

    async def work(accounts: Accounts) -> None:
        found = await accounts.people.find(SYSTEM, email)
        await accounts.people.set_disabled(SYSTEM, found.id, _now(), disabled=not undo)

    _run(work)
    _say(f"{email} can sign in again." if undo else f"{email} is shut out.")


def _password(*, generate: bool) -> tuple[str, bool]:
    if generate:
        from portal.services.accounts.secrets import new_password

        return new_password(), True
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n"), False
    return typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True), False


def _article(role: Role) -> str:
    return f"{'an' if role.value[0] in 'aeiou' else 'a'} {role}"


def _now() -> datetime:
    return datetime.now(UTC)


def _run(work: Callable[[Accounts], Awaitable[T]]) -> T:
    """Run work on the account services; it needs the database and nothing else."""
    from portal.embedded.migrations import current_and_head, upgrade
    from portal.services.accounts import make_accounts
    from portal.services.container import load_keyring
    from portal.services.db import Database
    from portal.services.errors import InvalidInput, PortalError
    from portal.services.keyring import TOTP_SECRET, KeyringError
    from portal.services.rate_limits import RateLimiter
    from portal.services.redis_client import make_redis
    from portal.services.secrets_box import SecretsBox
    from portal.settings import SettingsError, load_settings

    async def main() -> T:
        settings = load_settings()
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        url = settings.sqlalchemy_url()
        if current_and_head(url)[0] is None:
            upgrade(url)
        box = SecretsBox.of(load_keyring(settings), TOTP_SECRET)
        redis = make_redis(settings.effective_redis_url())
        db = Database(url, threads=1)
        try:
            return await work(make_accounts(db, redis, RateLimiter(redis), box))
        finally:
            db.close()
            await redis.aclose()

    try:
        return asyncio.run(main())
    except InvalidInput as error:
        _fail("\n".join(error.fields.values()))
    except (PortalError, SettingsError, KeyringError) as error:
        _fail(getattr(error, "detail", str(error)))


def _fail(message: str) -> NoReturn:
    typer.secho(message, fg=typer.colors.RED, err=True)
    raise typer.Exit(1)


def _say(text: str) -> None:
    typer.echo(text, err=True)
