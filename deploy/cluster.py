"""A private PostgreSQL: one data folder, one Unix socket, no port, no installation.

The server is a child of whoever starts it and never outlives an orderly stop. Should its parent be
killed, the next start finds the orphan, stops it cleanly and says so.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from deploy import postmaster
from deploy.lock import Held, Lock
from deploy.postgres import HOSTING, Account, ClusterError, account_for, find_server

PATIENCE = 60.0
"""Seconds a start (with crash recovery) or a stop may take."""

IN_USE = "is still in use"
"""How the server's refusal ends while a process of the one before holds its shared memory."""

COMMON = {
    "listen_addresses": "",
    "unix_socket_permissions": "0777",  # the folder around it is closed
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "max_connections": "120",
}
THROW_AWAY = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "wal_init_zero": "off",
    "max_wal_size": "256MB",  # which may lie in memory
    "shared_buffers": "256MB",  # all of a test database
}

ACCESS = """\
# The socket's folder is open to the server's own account and root only.
local all postgres trust
local all all scram-sha-256
"""


class Cluster:
    """A PostgreSQL server over one data folder, made on first use.

    `durable=False` trades safety for speed and is for tests only. `notes` holds one sentence for
    each thing that was found out of order and set right.
    """

    def __init__(self, data: Path, *, durable: bool = True) -> None:
        self.data = data.absolute()
        self.durable = durable
        self.notes: list[str] = []
        self.kind = "PostgreSQL, not started"
        self._server: subprocess.Popen[bytes] | None = None
        self._sockets: Path | None = None
        self._owned: Lock | None = None
        self._thrown: Path | None = None
        self._serving: tuple[list[str], Path, Account] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def log(self) -> Path:
        """The server's own log, beside its data."""
        return self.data.with_name(f"{self.data.name}.log")

    @property
    def pid(self) -> int | None:
        """The server's process id while it runs."""
        return self._server.pid if self._server and self._server.poll() is None else None

    def dsn(
        self, database: str = "postgres", user: str = "postgres", password: str | None = None
    ) -> str:
        """Address of a database over the socket; only the superuser needs no password."""
        if self._sockets is None:
            raise ClusterError("The database is not started.")
        secret = f":{quote(password, safe='')}" if password else ""
        return f"postgresql://{user}{secret}@/{database}?host={self._sockets}"

    def start(self) -> None:
        """Serve; make the data folder first when it is missing. Raises `ClusterError`."""
        self.data.parent.mkdir(parents=True, exist_ok=True)
        account = account_for(self.data)
        self._own()
        try:
            self._serve(account)
        except BaseException:
            self.stop()
            raise

    def restart(self) -> None:
        """Serve again at the same address after the server ended by itself."""
        if self._serving is not None:
            self._launch(*self._serving)

    def stop(self) -> None:
        """Stop the server, waiting for its last write; harmless when it does not run."""
        if self._server is not None:
            self._server.send_signal(signal.SIGINT if self.durable else signal.SIGQUIT)
            try:
                self._server.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self._server.send_signal(signal.SIGQUIT)  # recovers from its journal next time
                self._server.wait()
            self._server = None
        if self._sockets is not None:
            shutil.rmtree(self._sockets, ignore_errors=True)
            self._sockets = None
        if self._thrown is not None:
            shutil.rmtree(self._thrown, ignore_errors=True)
            self._thrown = None
        if self._owned is not None:
            self._owned.free()
            self._owned = None

    def _serve(self, account: Account) -> None:
        data = self._place(account)
        version = data / "PG_VERSION"
        server = find_server(
            account, major=int(version.read_text().split(".")[0]) if version.exists() else None
        )
        self.kind = server.label
        if version.exists():
            self._end_orphan(data)
        else:
            self._make(data, server.program("initdb"), account, server.major)
        self._sockets = Path(tempfile.mkdtemp(prefix="vigie-", dir="/tmp"))  # short and 0700
        account.own(self._sockets)
        settings = COMMON | ({} if self.durable else THROW_AWAY)
        settings["unix_socket_directories"] = str(self._sockets)
        command = [server.program("postgres"), "-D", str(data)]
        command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self._serving = (command, data, account)
        self._launch(*self._serving)

    def _launch(self, command: list[str], data: Path, account: Account) -> None:
        """Serve, once the last process of a server that was killed has let go of its memory."""
        end = time.monotonic() + PATIENCE
        while True:
            with self.log.open("wb") as log:
                self._server = subprocess.Popen(  # noqa: S603  # our own program, no shell
                    command,
                    cwd="/",
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,  # Ctrl-C is for us; we stop the server last
                    user=account.user,
                    group=account.group,
                    extra_groups=account.extra_groups,
                )
            if postmaster.is_ready(self._server, data, end):
                return
            why = [
                line for line in postmaster.lines(self.log) if "FATAL" in line or "PANIC" in line
            ]
            reason = why[-1].split(":  ", 1)[-1] if why else "it did not get ready in time"
            if not reason.endswith(IN_USE) or time.monotonic() > end:
                raise ClusterError(f"PostgreSQL did not start ({reason}); its log is {self.log}.")
            time.sleep(0.1)

    def _own(self) -> None:
        """One launcher per data folder; the kernel frees the lock of one that was killed."""
        try:
            self._owned = Lock(self.data.with_name(f"{self.data.name}.lock"))
        except Held as held:
            raise ClusterError(
                f"The database in {self.data} is already being run by process {held.owner}: use"
                " that one, or stop it first."
            ) from None

    def _place(self, account: Account) -> Path:
        """Where the data really are: elsewhere when root's closed folders hide them."""
        if not account.is_other or account.reaches(self.data.parent):
            return self.data
        if not self.durable:
            self._thrown = Path(tempfile.mkdtemp(prefix="vigie-data-", dir="/tmp"))
            account.own(self._thrown)
            return self._thrown / "data"
        if self.data.is_symlink():
            home = self.data.readlink()
        else:
            digest = hashlib.sha256(str(self.data).encode()).hexdigest()[:12]
            home = HOSTING / f"data-{digest}"
            if self.data.exists() and any(self.data.iterdir()):
                raise ClusterError(
                    f"The user {account.name}, as whom PostgreSQL runs for root, cannot reach"
                    f" {self.data}: move the project out of root's closed folder."
                )
            if self.data.exists():
                self.data.rmdir()
            self.data.symlink_to(home)
            self.notes.append(
                f"PostgreSQL runs as {account.name}, who cannot reach {self.data}: the data are in"
                f" {home}."
            )
        home.parent.mkdir(parents=True, exist_ok=True)
        return home

    def _make(self, data: Path, initdb: str, account: Account, major: int) -> None:
        """Prepare beside the final name, then rename: a folder under its name is whole."""
        if data.exists() and any(data.iterdir()):
            raise ClusterError(
                f"{data} holds something that is not a whole PostgreSQL database (no PG_VERSION):"
                " move it away, or remove it with `make reset`."
            )
        partial = data.with_name(f"{data.name}.partial")
        if partial.exists():
            shutil.rmtree(partial)
            self.notes.append(
                "An earlier start was interrupted while it made the database; nothing was in it,"
                " and it was made again."
            )
        partial.mkdir(mode=0o700)
        account.own(partial)
        locale = [f"--locale={'en_US' if sys.platform == 'darwin' else 'C'}.UTF-8"]
        if major >= 17:  # noqa: PLR2004  # the version that brought a locale of its own
            locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        made = account.run(
            initdb,
            f"--pgdata={partial}",
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            *locale,
            *([] if self.durable else ["--no-sync"]),
        )
        if made.returncode:
            said = (made.stderr.strip() or made.stdout.strip()).splitlines() or ["no message"]
            raise ClusterError(f"PostgreSQL could not make its data folder: {said[-1]}.")
        (partial / "pg_hba.conf").write_text(ACCESS)
        if data.exists():
            data.rmdir()
        partial.rename(data)

    def _end_orphan(self, data: Path) -> None:
        """Stop a server whose launcher was killed; we hold the lock, so nobody else needs it."""
        found = postmaster.serving(data)
        if found is None:
            return
        pid, sockets = found
        os.kill(pid, signal.SIGINT)
        end = time.monotonic() + PATIENCE
        while (data / postmaster.FILE).exists():
            if time.monotonic() > end:
                raise ClusterError(
                    f"A PostgreSQL left over from an earlier run (process {pid}) does not stop:"
                    f" end it with `kill -QUIT {pid}`."
                )
            time.sleep(0.05)
        shutil.rmtree(sockets, ignore_errors=True)
        self.notes.append(
            f"A PostgreSQL left over from an earlier run (process {pid}) was stopped cleanly and"
            " started anew."
        )
