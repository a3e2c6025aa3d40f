"""Which version runs, how old it is, and whether another one lies on the disk already; nothing asks the network."""

import tomllib
from datetime import UTC, date, datetime, timedelta
from functools import partial
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path
from typing import Final

import msgspec

import bocage
from bocage.domain.said import Day
from bocage.domain.text import message as _
from bocage.upkeep.point import Area, Point, State, stated

PACKAGE: Final = Path(bocage.__file__).parent
RELEASED: Final = "released.toml"
OLD: Final = timedelta(days=182)
MONTH: Final = 30.4

_point = partial(stated, Area.VERSION)


class Files(msgspec.Struct, frozen=True, kw_only=True):
    """What lies on the disk: the version, when its last file was written, the changes of tables it knows."""

    version: str
    written: float
    migrations: frozenset[str]


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """What runs (`running`), what would run after a restart (`installed`), and what the tables still lack (`waiting`).

    `day`: when the version was published; `since`: otherwise when it was installed here, None when nobody knows.
    """

    running: Files
    installed: Files
    waiting: tuple[str, ...]
    day: date | None
    since: date | None


def files(package: Path = PACKAGE) -> Files:
    """The files of this package as they are now; an upgrade under a running instance changes them."""
    written = max((path.stat().st_mtime for path in package.rglob("*.py")), default=0.0)
    known = frozenset(f"{path.parent.parent.name}.{path.stem}" for path in package.glob("*/migrations/0*.py"))
    return Files(version=version("bocage"), written=written, migrations=known)


def published(package: Path = PACKAGE) -> date | None:
    """The day this version was published; None while it is not."""
    told = tomllib.loads((package / RELEASED).read_text(encoding="utf-8"))
    return told.get("day") if told.get("version") == version("bocage") else None


def installed_on() -> date | None:
    """The day it was installed on this machine."""
    try:
        record = distribution("bocage").locate_file(f"bocage-{version('bocage')}.dist-info/METADATA")
    except PackageNotFoundError:
        return None
    path = Path(str(record))
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date() if path.exists() else None


def points(found: Version, today: date) -> tuple[Point, ...]:
    """What is to be said of the version: how old it is, and what an upgrade left undone."""
    told = [_age(found, today)]
    if found.installed.version != found.running.version:
        told.append(_point(State.WATCH, _OTHER, _RESTART, version=found.installed.version))
    elif found.installed.written > found.running.written:
        told.append(_point(State.WATCH, _CHANGED, _RESTART))
    if found.waiting:
        told.append(_point(State.WATCH, _WAITING, _UPGRADE, count=len(found.waiting)))
    return tuple(told)


def _age(found: Version, today: date) -> Point:
    begun = found.day or found.since
    if begun is None:
        return _point(State.UNKNOWN, _AGELESS, version=found.running.version)
    old = today - begun
    if old > OLD:
        months = round(old.days / MONTH)
        return _point(State.WATCH, _OLD if found.day else _OLD_HERE, _ASK, version=found.running.version, count=months)
    return _point(State.WELL, _FRESH if found.day else _FRESH_HERE, version=found.running.version, day=Day(begun))


_FRESH = _("Version %(version)s, published on %(day)s.")
_FRESH_HERE = _("Version %(version)s, installed on %(day)s.")
_OLD = _("Version %(version)s is %(count)s months old.")
_OLD_HERE = _("Version %(version)s was installed %(count)s months ago.")
_AGELESS = _("Version %(version)s; nobody here knows how old it is.")
_OTHER = _("Version %(version)s is installed and does not run yet.")
_CHANGED = _("The files of the program changed since it was started.")
_WAITING = _("The installed version changes the tables (%(count)s changes), which has not been done yet.")
_ASK = _("Ask whoever installed Bocage, your syndicate for instance, whether a newer one is out.")
_RESTART = _("Restart it: systemctl restart bocage.")
_UPGRADE = _("Stop it, run bocage upgrade, which makes a copy first, then start it again.")
