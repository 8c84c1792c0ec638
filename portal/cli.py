"""`portal`: serve, demo, migrate, doctor, account, audit, keys. Imports are lazy: help is fast."""

from __future__ import annotations

import sys
from typing import Annotated, NoReturn

import typer

from portal.cli_accounts import account_app
from portal.cli_audit import audit_app
from portal.cli_explain import explain
from portal.cli_keys import keys_app
from portal.cli_qoe import qoe_app

app = typer.Typer(
    help="A self-hosted movie streaming portal.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(account_app, name="account")
app.add_typer(audit_app, name="audit")
app.add_typer(keys_app, name="keys")
app.add_typer(qoe_app, name="qoe")
app.command("explain")(explain)


def main() -> None:
    """Entry point: errors that we know end in one plain sentence and status 1."""
    from portal.logs import configure_logging

    configure_logging()
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)


def _fail(message: object) -> NoReturn:
    typer.secho(str(message), fg=typer.colors.RED, err=True)
    raise typer.Exit(1)


def _say(text: str) -> None:
    typer.echo(text, err=True)


@app.command()
def serve() -> None:
    """Serve pages, socket, API and HLS on one port (PORTAL_PORT, 3000)."""
    from portal.embedded.frontend_build import BuildFailed
    from portal.embedded.redis_server import RedisNotStarted
    from portal.embedded.server import CannotServe
    from portal.embedded.server import serve as run
    from portal.services.edge_signing import SignerUnusable, make_signer
    from portal.services.flags import Flags, FlagsUnreadable
    from portal.services.keyring import KeyringError
    from portal.settings import SettingsError, load_settings

    try:
        settings = load_settings()
        # Says now what a worker could only say in the log.
        Flags(settings.flags_file)
        make_signer(settings)
        run(settings, _say)
    except (
        CannotServe, RedisNotStarted, BuildFailed, SettingsError, KeyringError, FlagsUnreadable,
        SignerUnusable,
    ) as error:  # fmt: skip
        _fail(error)


@app.command()
def demo(
    titles: Annotated[int, typer.Option(help="How many titles the catalog gets.")] = 240,
    films: Annotated[str, typer.Option(help="Only these films, comma-separated.")] = "",
    jobs: Annotated[int, typer.Option(help="Processes to render with; 0: one a core.")] = 0,
) -> None:
    """Make the demo films and fill the catalog with them; done once, reused after."""
    from portal.seeding import SeedingFailed, make_demo
    from portal.settings import SettingsError, load_settings

    try:
        make_demo(
            load_settings(),
            titles=titles,
            film_keys=tuple(filter(None, films.split(","))),
            jobs=jobs,
        )
    except (SeedingFailed, SettingsError) as error:
        _fail(error)


@app.command()
def build(force: Annotated[bool, typer.Option(help="Also when nothing changed.")] = False) -> None:
    """Build the front end if its sources changed."""
    from portal.embedded.frontend_build import BuildFailed
    from portal.embedded.frontend_build import build as run

    try:
        _say("Built the front end." if run(force=force) else "The front end is up to date.")
    except BuildFailed as error:
        _fail(error)


@app.command()
def migrate(
    revision: Annotated[str, typer.Argument(help="`head`, `base` or a revision.")] = "head",
    down: Annotated[bool, typer.Option("--down", help="Go back to the revision.")] = False,
) -> None:
    """Bring the database to a revision."""
    from portal.embedded.migrations import current_and_head, downgrade, upgrade
    from portal.settings import SettingsError, load_settings

    try:
        settings = load_settings()
    except SettingsError as error:
        _fail(error)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    url = settings.sqlalchemy_url()
    (downgrade if down else upgrade)(url, revision)
    current, head = current_and_head(url)
    _say(f"The database is at revision {current or 'none'} (newest: {head}).")


@app.command("edge-config")
def edge_config(
    upstream: Annotated[str, typer.Option(help="host:port of the portal.")] = "127.0.0.1:3000",
    listen: Annotated[str, typer.Option(help="As nginx's listen takes it.")] = "8080",
    certificate: Annotated[str, typer.Option(help="Certificate chain, with --listen 443.")] = "",
    certificate_key: Annotated[str, typer.Option(help="Its key.")] = "",
    cache: Annotated[str, typer.Option(help="Folder of the caches.")] = "/var/cache/nginx/portal",
    cache_gb: Annotated[int, typer.Option(min=1, help="How much segments may fill.")] = 20,
    log: Annotated[str, typer.Option(help="Where the access log goes.")] = "/dev/stdout",
) -> None:
    """Print the nginx configuration of the edge, for conf.d or sites-enabled."""
    from portal.edge_config import render

    if certificate and "ssl" not in listen.split():
        listen = f"{listen} ssl http2"
    typer.echo(
        render(
            upstream=upstream,
            listen=listen,
            certificate=certificate,
            certificate_key=certificate_key,
            cache=cache,
            cache_gb=cache_gb,
            log=log,
        )
    )


@app.command()
def doctor() -> None:
    """Say what is configured, reachable and missing."""
    from portal.doctor import examine
    from portal.settings import SettingsError, load_settings

    try:
        settings = load_settings()
    except SettingsError as error:
        _fail(error)
    findings = examine(settings)
    for finding in findings:
        mark = {"ok": "ok     ", "note": "note   ", "bad": "MISSING"}[finding.level]
        typer.echo(f"{mark}  {finding.subject}: {finding.text}")
    if any(finding.level == "bad" for finding in findings):
        raise typer.Exit(1)


if __name__ == "__main__":
    main()
