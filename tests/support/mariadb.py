"""A private MariaDB: its own data folder, a free port, ended by its process id."""

from __future__ import annotations

import contextlib
import getpass
import itertools
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pymysql

from tests.support.ports import free_port

_START_TIMEOUT_S = 60


def _find(*names: str) -> str:
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    for name in names:
        found = shutil.which(name, path=path)
        if found:
            return found
    message = f"{names[0]} is missing: apt-get install mariadb-server (make test does it)"
    raise RuntimeError(message)


class MariaDb:
    """A running server; `new_database` gives an empty database's URL."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self.process = self._run()
        self._numbers = itertools.count(1)

    def _run(self) -> subprocess.Popen[bytes]:
        folder = self.folder
        with (folder / "mariadb.log").open("ab") as log:
            return subprocess.Popen(
                [
                    _find("mariadbd", "mysqld"), "--no-defaults", f"--datadir={folder / 'data'}",
                    f"--user={getpass.getuser()}", f"--socket={folder / 'm.sock'}",
                    f"--tmpdir={_tmpdir(folder)}",
                    f"--port={self.port}", "--bind-address=127.0.0.1",
                    f"--pid-file={folder / 'pid'}", "--innodb-buffer-pool-size=64M",
                    "--innodb-flush-log-at-trx-commit=0", "--innodb-flush-method=nosync",
                    "--skip-log-bin", "--skip-name-resolve", "--performance-schema=OFF",
                ],
                stdout=log,
                stderr=log,
            )  # fmt: skip

    def start(self) -> None:
        """Start it again after it was stopped or killed."""
        self.process = self._run()
        self.wait()

    def wait(self) -> None:
        """Wait until it answers."""
        deadline = time.monotonic() + _START_TIMEOUT_S
        while True:
            try:
                self.connect().close()
                return
            except pymysql.err.OperationalError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def connect(self, **more: object) -> pymysql.connections.Connection:
        """A connection as root."""
        return pymysql.connect(host="127.0.0.1", port=self.port, user="root", **more)  # type: ignore[call-overload,no-any-return]

    def new_database(self) -> str:
        """URL of a new, empty database."""
        name = f"portal_{next(self._numbers)}"
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
        return f"mysql+pymysql://root@127.0.0.1:{self.port}/{name}"


def _tmpdir(folder: Path) -> Path:
    """A server that starts deletes the temporary tables of all that share its tmpdir (/tmp)."""
    tmpdir = folder / "tmp"
    tmpdir.mkdir(exist_ok=True)
    return tmpdir


@contextlib.contextmanager
def mariadb_server(folder: Path) -> Iterator[MariaDb]:
    """Run a MariaDB while the block runs."""
    data, user = folder / "data", getpass.getuser()
    install = _find("mariadb-install-db", "mysql_install_db")
    subprocess.run(
        [
            install, "--no-defaults", f"--datadir={data}", f"--user={user}",
            "--auth-root-authentication-method=normal", "--skip-test-db",
            f"--tmpdir={_tmpdir(folder)}",
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    server = MariaDb(folder, free_port())
    try:
        server.wait()
        yield server
    finally:
        server.stop()
