"""The settings an administrator chose on the screen, kept beside the data, and the secrets that go with them."""

import os
import threading
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
import tomli_w

from bocage.domain.errors import Conflict, Invalid
from bocage.domain.instance_settings import InstanceSettings
from bocage.domain.text import message as _

FILE: Final = "chosen.toml"
KEYS: Final = "keys"
ENVIRONMENT: Final = "BOCAGE_SECRET_"


class Chosen:
    """What holds now; whatever the settings file of the operator says is not changed on the screen.

    `folder`: the data folder; None keeps nothing (tests). `file`: what the settings file says.
    """

    def __init__(self, folder: Path | None = None, file: InstanceSettings | None = None) -> None:
        self._folder, self._file = folder, file or InstanceSettings()
        self._lock = threading.Lock()
        self._told: list[Callable[[InstanceSettings], None]] = []
        self._secrets: dict[str, str] = {}
        self._now = self._over(self._read())
        self.say: Callable[[], None] = lambda: None  # tells other processes of this folder

    @property
    def now(self) -> InstanceSettings:
        """What holds."""
        return self._now

    @property
    def fixed(self) -> frozenset[str]:
        """Names that the settings file decides."""
        return frozenset(msgspec.to_builtins(self._file))

    def choose(self, settings: InstanceSettings) -> None:
        """Keep it, durable, and let it hold at once. Conflict when the settings file says otherwise."""
        for name in self.fixed:
            if getattr(settings, name) != getattr(self._now, name):
                raise Conflict(_("a setting that the settings file leaves open"), name)
        try:
            checked = msgspec.convert(msgspec.to_builtins(settings), InstanceSettings)
        except msgspec.ValidationError as error:
            raise Invalid(_("a valid setting"), str(error)) from error
        with self._lock:
            if self._folder is not None:
                _write(self._folder / FILE, tomli_w.dumps(msgspec.to_builtins(checked)))
            self._now = self._over(checked)
        self.say()
        for told in self._told:
            told(self._now)

    def again(self) -> None:
        """Another process chose something: read it."""
        with self._lock:
            self._now = self._over(self._read())
        for told in self._told:
            told(self._now)

    def follow(self, told: Callable[[InstanceSettings], None]) -> None:
        """Call it now, and again each time something else was chosen."""
        self._told.append(told)
        told(self._now)

    def secret(self, name: str) -> str:
        """A secret of this name: that of the environment (BOCAGE_SECRET_NAME), else the one kept; empty without."""
        path = self._path(name)
        kept = path.read_text(encoding="utf-8") if path and path.exists() else self._secrets.get(name, "")
        return os.environ.get(ENVIRONMENT + name.upper(), "") or kept

    def keep_secret(self, name: str, value: str) -> None:
        """Keep a secret apart, readable by the owner of the instance only; an empty one is removed."""
        path = self._path(name)
        if path is None:
            self._secrets[name] = value
        elif value:
            _write(path, value)
        else:
            path.unlink(missing_ok=True)

    def _path(self, name: str) -> Path | None:
        return self._folder / KEYS / f"{name}.secret" if self._folder else None

    def _read(self) -> InstanceSettings:
        path = self._folder / FILE if self._folder else None
        if path is None or not path.exists():
            return InstanceSettings()
        try:
            return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), InstanceSettings)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
            raise Invalid(_("settings as the screen writes them"), f"{path}: {error}") from error

    def _over(self, chosen: InstanceSettings) -> InstanceSettings:
        fixed = {name: getattr(self._file, name) for name in self.fixed}
        return msgspec.structs.replace(chosen, **fixed)


def _write(path: Path, text: str) -> None:
    """Whole or not at all, and durable; only the owner reads it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
