"""`portal serve`: checks, private Redis, migrations, then the ASGI server on one port."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces, Loops
from granian.log import LogLevels
from reflex_base.environment import environment

from portal.embedded import frontend_build
from portal.embedded.metrics_server import metrics_server
from portal.embedded.migrations import upgrade
from portal.embedded.redis_relay import relayed
from portal.embedded.redis_server import private_redis
from portal.services.redis_sentinel import is_sentinel
from portal.services.telemetry import traces
from portal.settings import Settings

# An hour longer than the longest film one may think of: a page left open keeps its state.
_STATE_LIFE_S = 6 * 3600
_MARKER, _URL = "PORTAL_READY_MARKER", "PORTAL_READY_URL"


class CannotServe(Exception):
    """The portal cannot start; the text says why and what to do."""


def serve(settings: Settings, say: Callable[[str], None]) -> None:
    """Run the portal until it is told to stop.

    Raises:
        CannotServe: The port is taken, or another portal uses the data folder.
        RedisNotStarted, BuildFailed: As they say.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        traces.exporter_asked_for()
    except traces.TracesMisconfigured as error:
        raise CannotServe(str(error)) from None
    check_port(settings)
    if settings.metrics_port:
        check_port(settings, metrics=True)
    with contextlib.ExitStack() as stack:
        stack.enter_context(_only_portal_of(settings.data_dir, shared=not settings.embedded_redis))
        if frontend_build.build():
            say("Built the front end.")
        if settings.metrics_port:
            folder = settings.data_dir.resolve() / "metrics" / str(os.getpid())
            stack.enter_context(
                metrics_server(settings.metrics_host, settings.metrics_port, folder)
            )
        redis_url = settings.effective_redis_url()
        if settings.embedded_redis:
            stack.enter_context(private_redis(settings.redis_socket, settings.data_dir / "redis"))
        elif is_sentinel(redis_url):
            socket_of_relay = settings.redis_socket.with_name(f"relay-{os.getpid()}.sock")
            redis_url = stack.enter_context(relayed(redis_url, socket_of_relay))
        if settings.environment != "production":  # there a job of its own migrates before the pods
            upgrade(settings.sqlalchemy_url())
        os.environ.update(reflex_environment(settings, redis_url))
        os.chdir(frontend_build.ROOT)
        marker = settings.data_dir.resolve() / f".ready-{os.getpid()}"
        stack.callback(marker.unlink, missing_ok=True)
        os.environ.update({_MARKER: str(marker), _URL: _shown_url(settings)})
        Granian(
            "portal.app:app",
            factory=True,
            address=settings.host,
            port=settings.port,
            interface=Interfaces.ASGI,
            workers=settings.workers,
            loop=Loops.uvloop,
            backlog=4096,
            log_level=LogLevels.warning,
            workers_kill_timeout=15,
            # At SIGHUP a new worker gets this long to start before its predecessor is stopped.
            respawn_interval=8.0,
            respawn_failed_workers=True,
        ).serve()
    say("Stopped.")


def reflex_environment(settings: Settings, redis_url: str) -> dict[str, str]:
    """What Reflex reads when a worker imports the app; `redis_url` is where it keeps its state."""
    origins = [settings.public_url] if settings.public_url else []
    origins += [f"http://localhost:{settings.port}", f"http://127.0.0.1:{settings.port}"]
    return {
        "REFLEX_ENV_MODE": "prod",
        environment.REFLEX_SKIP_COMPILE.name: "true",
        environment.REFLEX_MOUNT_FRONTEND_COMPILED_APP.name: "true",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_STATE_MANAGER_MODE": "redis",
        "REFLEX_REDIS_URL": redis_url,
        "REFLEX_REDIS_TOKEN_EXPIRATION": str(_STATE_LIFE_S),
        "REFLEX_TRUSTED_PROXY_HOPS": str(settings.trusted_proxy_hops),
        "REFLEX_CORS_ALLOWED_ORIGINS": ",".join(origins),
        "PORTAL_DATA_DIR": str(settings.data_dir.resolve()),
    }


def check_port(settings: Settings, *, metrics: bool = False) -> None:
    """See that the port, or that for metrics, is free.

    Raises:
        CannotServe: It is not, with how to use another one.
    """
    host, port, variable = settings.host, settings.port, "PORTAL_PORT"
    if metrics:
        host, port = settings.metrics_host, settings.metrics_port
        variable = "PORTAL_METRICS_PORT"
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                message = (
                    f"Port {port} is taken by another program. Stop that one, or choose "
                    f"another port: {variable}={port + 1}"
                )
            elif error.errno == errno.EACCES:
                message = (
                    f"Port {port} needs more rights. Try {variable}={9000 if metrics else 3000}."
                )
            else:
                message = f"Cannot listen on {host}:{port}: {error.strerror}."
            raise CannotServe(message) from None


@contextlib.contextmanager
def _only_portal_of(data_dir: Path, *, shared: bool) -> Iterator[None]:
    """One portal a data folder: two would start two Redis servers on one socket."""
    with (data_dir / "portal.lock").open("w") as lock:
        try:
            fcntl.flock(lock, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except OSError:
            message = (
                f"Another portal is running with the data folder {data_dir}. Stop it, or set "
                "PORTAL_DATA_DIR to another folder."
            )
            raise CannotServe(message) from None
        yield


def announce_once() -> None:
    """Called by a worker that is ready: the first one of a start says where the portal is.

    A thread in the supervisor could watch for it instead, but the supervisor forks its workers: a
    lock that a thread holds at that moment stays locked in the child for ever.
    """
    marker, url = os.environ.get(_MARKER), os.environ.get(_URL)
    if marker and url:
        with contextlib.suppress(OSError):
            Path(marker).touch(exist_ok=False)
            print(f"The portal is ready: {url}  (Ctrl-C stops it)", file=sys.stderr, flush=True)


def _shown_url(settings: Settings) -> str:
    everywhere = {"0.0.0.0", "::", "127.0.0.1"}  # noqa: S104  # nosec B104
    host = "localhost" if settings.host in everywhere else settings.host
    return settings.public_url or f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"
