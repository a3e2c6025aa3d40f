"""Guesses how a table is to be read before anybody declares it: which column is the time, what the others measure."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from bocage.domain import cells as numbers
from bocage.domain.errors import PayloadError
from bocage.domain.quantity import QUANTITIES, Heard, folded, heard
from bocage.domain.text import message as _
from bocage.domain.times import read_times
from bocage.ingest.sheets import cells

MOST: Final = 2_000  # rows looked at
TRIED: Final = 200  # cells every form of a time is tried on
ENOUGH: Final = 0.8  # share of the cells of a column that must be read alike
FORMS: Final[Mapping[str, str]] = {
    "": _("2026-01-31, with or without the hour"),
    "%d/%m/%Y %H:%M": _("31/01/2026 22:30"),
    "%d/%m/%Y %H:%M:%S": _("31/01/2026 22:30:00"),
    "%d/%m/%Y": _("31/01/2026"),
    "%d/%m/%y": _("31/01/26"),
    "%d-%m-%Y": _("31-01-2026"),
    "%d.%m.%Y": _("31.01.2026"),
    "%m/%Y": _("01/2026"),
    "%Y-%m": _("2026-01"),
    "%B %Y": _("January 2026"),
    "%B-%y": _("Jan-26"),
}
"""Forms of a time, and each as a person sees it."""
MISSING: Final = ("", "-", "NA", "N/A", "NC", "n.c.", "null", "mq")
_CLOCK: Final = re.compile(r"^\d{1,2}:\d{2}(:\d{2})?$")
_COMMA: Final = re.compile(r"^-?[\d\s\u00a0\u202f]*,\d+\s*€?$|^-?\d{1,3}([\s\u00a0\u202f]\d{3})+\s*€?$|€")
_NAMES: Final = ("site", "batiment", "lieu", "nom", "equipement", "point de livraison", "pdl", "prm", "pce", "compteur")
_NUMBERED: Final = re.compile(r"^\d{9,}$")  # a point of delivery, not a measurement


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One column: its heading, its first cells, whether it holds numbers, and what its heading speaks of."""

    name: str
    sample: tuple[str, ...]
    numeric: bool = False
    heard: Heard = Heard()


class Guess(msgspec.Struct, frozen=True, kw_only=True):
    """How a table may be read. `time`, `hour`, `end`, `site`: names of columns (all but the first may be empty).

    `form`: a key of FORMS. `decimal`: "," or ".". `measured`: the quantity of each column that holds one.
    """

    columns: tuple[Column, ...]
    time: str
    form: str
    hour: str = ""
    end: str = ""
    site: str = ""
    decimal: str = "."
    measured: Mapping[str, str] = {}

    def column(self, name: str) -> Column | None:
        """The column of that heading."""
        return next((one for one in self.columns if one.name == name), None)


def guess(name: str, content: bytes, usual: str = "") -> Guess:
    """How this file (CSV, XLSX, ODS) may be read. `usual`: the quantity a column of numbers is when nothing names one.

    PayloadError when it is no table, or none of its columns holds times or numbers.
    """
    lines = cells(name, content)
    heading, rows = [cell.strip() for cell in lines[0]], [line for line in lines[1:] if any(line)][:MOST]
    held = {title: _cells(rows, place) for place, title in reversed(list(enumerate(heading))) if title}
    held = {title: held[title] for title in heading if title in held}
    if not rows or not held:
        raise PayloadError(_("a table with a heading and one line for each date"), found=", ".join(heading)[:200])
    read = {title: _shares(one) for title, one in held.items()}
    time, form = _time(read)
    clocks = [title for title, one in held.items() if title != time and _clocked(one)]
    hour, ends = clocks[0] if clocks else "", _ends(read, held, time, form)
    decimal = "," if any(_COMMA.search(cell.strip()) for one in held.values() for cell in one) else "."
    columns = tuple(_column(title, one, decimal) for title, one in held.items())
    others = {title for title, shares in read.items() if max(shares.values(), default=0.0) >= ENOUGH}
    measured = _measured(columns, {*clocks, *others}, usual)
    if not measured:
        raise PayloadError(_("a column of numbers beside the dates"), found=", ".join(heading)[:200])
    site = _site(held, {*clocks, *others, *measured})
    return Guess(
        columns=columns, time=time, form=form, hour=hour, end=ends, site=site, decimal=decimal, measured=measured
    )


def pace(starts: Sequence[int]) -> int:
    """Usual distance of two starts in milliseconds; 0 when there are not two."""
    apart = np.diff(np.unique(np.asarray(starts, dtype=np.int64)))
    return int(np.median(apart)) if len(apart) else 0


def called(name: str) -> str:
    """A title for a file, from its name."""
    words = re.sub(r"[_\-.]+", " ", Path(name).stem).strip()
    return words[:1].upper() + words[1:]


def _cells(rows: Sequence[Sequence[str]], place: int) -> list[str]:
    return [row[place].strip() if place < len(row) else "" for row in rows]


def _time(read: Mapping[str, Mapping[str, float]]) -> tuple[str, str]:
    """The column of the time, and its form: the one most cells of which are read, the first of several."""
    found = [
        (share, -place, title, form)
        for place, (title, shares) in enumerate(read.items())
        for form, share in shares.items()
    ]
    share, _place, title, form = max(found, default=(0.0, 0, "", ""))
    if share < ENOUGH:
        raise PayloadError(_("a column of dates, one line for each date"), found=", ".join(read)[:200])
    return title, form


def _ends(read: Mapping[str, Mapping[str, float]], held: Mapping[str, list[str]], time: str, form: str) -> str:
    """Another column of times of the same form that never comes before the first."""
    for title, shares in read.items():
        if title != time and shares.get(form, 0.0) >= ENOUGH:
            starts, ends = (read_times(held[one][:TRIED], "UTC", form) for one in (time, title))
            if ((ends.ms >= starts.ms) | starts.bad | ends.bad).all():
                return title
    return ""


def _clocked(words: Sequence[str]) -> bool:
    """Whether a column holds hours of the day and nothing else."""
    told = [word for word in words if word]
    return bool(told) and all(_CLOCK.match(word) for word in told)


def _shares(words: Sequence[str]) -> dict[str, float]:
    """How much of a column each form of times reads; empty cells count for nothing."""
    told = [word for word in words if word][:TRIED]
    if not told:
        return {}
    return {form: float(np.mean(~read_times(told, "UTC", form).bad)) for form in FORMS}


def _column(title: str, words: list[str], decimal: str) -> Column:
    told = [word for word in words if word not in MISSING]
    bad = numbers.read_numbers(told, decimal, ()).bad if told else np.ones(1, dtype=np.bool_)
    numbered = bool(told) and all(_NUMBERED.match(word) for word in told)
    numeric = float(np.mean(~bad)) >= ENOUGH and not numbered
    return Column(name=title, sample=tuple(words[:3]), numeric=numeric, heard=heard(title))


def _measured(columns: Sequence[Column], times: set[str], usual: str) -> dict[str, str]:
    """The columns whose heading names a quantity; without any, the only column of numbers is the usual one."""
    free = [one for one in columns if one.numeric and one.name not in times]
    named = {one.name: one.heard.code for one in free if one.heard.code}
    if named:
        return named
    only = usual if len(free) == 1 and usual in QUANTITIES else ""
    return {one.name: only for one in free}


def _site(held: Mapping[str, list[str]], taken: set[str]) -> str:
    """The column that tells one place from another: one whose words come back, a known name first."""
    found = []
    for place, (title, words) in enumerate(held.items()):
        if title in taken or not all(words):
            continue
        counted = Counter(words)
        known = any(f" {name} " in f" {folded(title)} " for name in _NAMES)
        if known or (1 < len(counted) <= len(words) // 2):
            found.append((not known, place, title))
    return min(found)[2] if found else ""
