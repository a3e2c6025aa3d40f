"""Real processes for tests: `bocage` commands in folders of their own, and an instance that serves."""

import atexit
import functools
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx
import tomli_w
from tests import forked

import bocage.cli

DEMONSTRATION = Path(bocage.cli.__file__).parent / "demonstration"
MAIN, BESIDE = "val-de-loire", "marais"
SOURCE = "air-ecoles"  # of the main territory: it may push JSON
ROOMS = 4
_STREAM = """declaration = {{ schema = 1 }}
id = {number}
thing = "classe"
observed_property = "co2"
sensor = "capteur-co2"
source = "air-ecoles"
key = "salle-{room}"
dataset = "air-des-ecoles"
cadence_seconds = 60

[title]
fr = "Air de la salle {room}"

[unit]
name = "partie par million"
symbol = "ppm"
ucum = "[ppm]"
"""
_THING = 'declaration = { schema = 1 }\npublic_space = false\n\n[title]\nfr = "Salles de classe"\n'
_SENSOR = 'declaration = { schema = 1 }\n\n[title]\nfr = "Capteur de dioxyde de carbone"\n'


def instance(folder: Path, **settings: Any) -> Path:
    """The settings file of an instance of its own, on a free port, in whose folder the tables are made already."""
    path = _settings(folder, **settings)
    if not {"data", "database"} & settings.keys():
        (folder / "data").mkdir()
        shutil.copy(_migrated(), folder / "data")
    return path


def _settings(folder: Path, **settings: Any) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "bocage.toml"
    path.write_text(tomli_w.dumps({"port": _free_port(), **settings}), encoding="utf-8")
    return path


@functools.cache
def _migrated() -> Path:
    """Tables as a first command makes them: made once for a whole worker, copied for each instance of its tests."""
    folder = tempfile.TemporaryDirectory(prefix="bocage-migrated-")
    atexit.register(folder.cleanup)
    bocage_(_settings(Path(folder.name)), "verify")
    return Path(folder.name) / "data" / "relational.sqlite"


def beside(folder: Path) -> Path:
    """Declarations of the small demonstration territory; a copy, since applying notes in the files what they became."""
    return Path(shutil.copytree(DEMONSTRATION / BESIDE, folder))


def declared(folder: Path) -> Path:
    """Declarations of the main demonstration territory, with rooms that push their air."""
    shutil.copytree(DEMONSTRATION / MAIN, folder)
    (folder / "manifest.toml").unlink()
    _write(folder / "thing" / "classe.toml", _THING)
    _write(folder / "sensor" / "capteur-co2.toml", _SENSOR)
    for room in range(1, ROOMS + 1):
        _write(folder / "datastream" / f"salle-{room}.toml", _STREAM.format(number=900 + room, room=room))
    return folder


def bocage_(
    settings: Path, *arguments: str | Path, code: int = 0, lang: str = "en", timeout: float = 100
) -> subprocess.CompletedProcess[str]:
    """Run one command; the exit code must be the one expected."""
    command = ["--settings", str(settings), *map(str, arguments)]
    found = forked.run(command, {**os.environ, "LC_ALL": lang}, timeout)
    assert found.returncode == code, f"{arguments}: {found.returncode}\n{found.stdout}\n{found.stderr}"
    return found


class Serving:
    """An instance that serves while the block runs; SIGTERM at its end unless it was killed."""

    def __init__(self, settings: Path, *more: str, patience: float = 90, command: str = "serve") -> None:
        self.settings, self._patience, self._command = settings, patience, [command, *more]
        self.errors = settings.parent / "serve.log"

    def __enter__(self) -> "Serving":
        import tomllib

        self.url = f"http://127.0.0.1:{tomllib.loads(self.settings.read_text())['port']}"
        program = [sys.executable, "-X", "faulthandler", "-m", "bocage", "--settings", str(self.settings)]
        with self.errors.open("ab") as errors:
            self.process = subprocess.Popen([*program, *self._command], stdout=subprocess.DEVNULL, stderr=errors)
        until = time.monotonic() + self._patience
        while not self.answers():
            ended = self.process.poll()
            if ended is not None or time.monotonic() > until:
                self.process.send_signal(signal.SIGABRT)  # where each of its threads is goes into the log
                ended = f"ended by itself with {ended}" if ended is not None else f"{self.process.wait(30)}"
                raise AssertionError(f"it does not serve ({ended}): {self.errors.read_text()[-9000:]}")
            time.sleep(0.05)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.stop()

    def answers(self) -> bool:
        """Whether it answers yet."""
        try:
            return httpx.get(f"{self.url}/healthz", timeout=5).status_code in {200, 503}
        except httpx.TransportError:
            return False

    def stop(self) -> int:
        """Ask it to end, and wait; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
