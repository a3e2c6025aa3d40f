"""How a waiting file is read: what was guessed, corrected by what was answered, as the mapping of a source."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from bocage.domain.nature import Nature
from bocage.domain.plugin import Described, Plugin
from bocage.domain.quantity import QUANTITIES, Heard, folded, heard
from bocage.domain.source import Mapping as Declared
from bocage.domain.source import Series, Source, Transport
from bocage.domain.text import Text
from bocage.imports.meters import title_of
from bocage.ingest.guessing import FORMS, MISSING, Column, Guess, called, pace
from bocage.ingest.preview import Preview
from bocage.ingest.sheets import WORKBOOKS
from bocage.web.forms.slugs import slug

OTHER: Final = "other"
LOOKED_AT: Final = 2_000  # readings from which the pace is told
_MONTH: Final = 27 * 86_400_000  # milliseconds: what is at least so far apart is counted in months
_USUAL_MONTH: Final = 30.44 * 86_400_000
_DATED: Final = re.compile(
    r"\d+|\b(janv|fevr|avr|juil|sept|oct|nov|dec|janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre"
    r"|novembre|decembre|copie|copy|t[1-4]|[st]em)\b"
)
File = tuple[str, bytes]
"""Name and bytes of a file, or of a part of it."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One series of the file: its name there, the place and the column it comes from, what it measures; `said`: what
    its name says of it, in a form whose names do."""

    key: str
    site: str
    column: str
    quantity: str
    said: Described | None = None


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it would be read. `pace`: usual milliseconds between two of its values, 0 when not known. `guess`:
    None where the form or the source says how it is read; `lines`: the series nobody declared yet."""

    guess: Guess | None
    source: Source
    preview: Preview
    lines: tuple[Line, ...]
    pace: int

    @property
    def sites(self) -> tuple[str, ...]:
        """The places it tells apart; one without a name when it tells none."""
        return tuple(dict.fromkeys(line.site for line in self.lines))

    @property
    def quantity(self) -> str:
        """What it measures first of all."""
        codes = [line.quantity for line in self.lines]
        return "electricity" if "electricity" in codes else next((code for code in codes if code != "cost"), "cost")


def corrected(guess: Guess, answers: Mapping[str, str]) -> Guess:
    """The guess as somebody corrected it; answers that name no column count for nothing."""
    names = {one.name for one in guess.columns}
    chosen: dict[str, Any] = {
        field: answers[field]
        for field in ("time", "hour", "end", "site")
        if field in answers and (answers[field] in names or (not answers[field] and field != "time"))
    }
    if answers.get("form") in FORMS:
        chosen["form"] = answers["form"]
    if answers.get("decimal") in (",", "."):
        chosen["decimal"] = answers["decimal"]
    measured = {
        one.name: answers.get(f"column.{place}", guess.measured.get(one.name, ""))
        for place, one in enumerate(guess.columns)
    }
    known = {*QUANTITIES, OTHER}
    chosen["measured"] = {name: code for name, code in measured.items() if code in known}
    return msgspec.structs.replace(guess, **chosen)


def read(intake: Any, territory: str, file: File, guess: Guess) -> Read:
    """What the file gives under this guess. Its pace is found first: it says how long an interval lasts."""
    path, content = Path(file[0]), file[1]

    def tried(of: Source) -> Preview:
        found: Preview = intake.preview(territory, of, path.name, content, n=LOOKED_AT)
        return found

    source = _source(path, guess, 0)
    found = tried(source)
    usual = pace([row.start for row in found.rows])
    if usual:
        source = _source(path, guess, usual)
        found = tried(source)
    return Read(guess=guess, source=source, preview=found, lines=columned(guess, found.keys), pace=usual)


def known(intake: Any, territory: str, file: File, plugin: Plugin) -> Read:
    """What a file gives whose form says itself what it holds and of which meter."""
    source = Source(title=title_of(plugin), plugin=plugin.id, transport=Transport.FILE)
    found: Preview = intake.preview(territory, source, *file, n=LOOKED_AT)
    return Read(guess=None, source=source, preview=found, lines=said(plugin, found.keys), pace=paced(found))


def said(plugin: Plugin, keys: Iterable[str]) -> tuple[Line, ...]:
    """The series of these keys, by what their names say."""
    told = {key: plugin.describe(key) if plugin.describe else None for key in keys}
    return tuple(
        Line(
            key=key,
            site=one.meter,
            column=one.title.fr,
            quantity=heard(one.title.fr).code or "electricity",
            said=one,
        )
        for key, one in told.items()
        if one is not None
    )


def paced(found: Preview) -> int:
    """The usual pace of the first of its series."""
    return pace([row.start for row in found.rows if row.key == found.rows[0].key]) if found.rows else 0


def _source(path: Path, guess: Guess, usual: int) -> Source:
    workbook = path.suffix.lower() in WORKBOOKS
    return Source(
        title=Text(fr=lasting(called(path.name))),
        plugin="xlsx" if workbook else "bocage-csv",
        transport=Transport.FILE,
        mapping=_mapping(guess, usual),
    )


def _mapping(guess: Guess, usual: int) -> Declared:
    months, seconds_long = (0, 0) if guess.end and not guess.hour else _interval(guess, usual)
    return Declared(
        key=f"{{{guess.site}}}/" if guess.site else "",
        time=f"{{{guess.time}}} {{{guess.hour}}}" if guess.hour else guess.time,
        time_format=time_form(guess),
        end="" if guess.hour else guess.end,
        decimal=guess.decimal,
        missing=MISSING,
        interval_months=months,
        interval_seconds=seconds_long,
        series=tuple(_series(one, guess, usual) for one in guess.columns if one.name in guess.measured),
    )


def time_form(guess: Guess) -> str:
    """The form of a time, with that of the hour where it stands apart."""
    if not guess.hour:
        return guess.form
    seconds = any(word.count(":") > 1 for word in _sample(guess, guess.hour))
    return f"{guess.form or '%Y-%m-%d'} {'%H:%M:%S' if seconds else '%H:%M'}"


def _sample(guess: Guess, name: str) -> tuple[str, ...]:
    column = guess.column(name)
    return column.sample if column else ()


def _interval(guess: Guess, usual: int) -> tuple[int, int]:
    """Months and seconds an interval lasts, where an amount is measured and no end is written."""
    amounts = any(code in QUANTITIES and QUANTITIES[code].nature is Nature.AMOUNT for code in guess.measured.values())
    if not amounts or not usual:
        return 0, 0
    months = months_of(usual)
    return (months, 0) if months else (0, usual // 1000)


def months_of(usual: int) -> int:
    """The months a pace counts (milliseconds); 0 below one month."""
    return round(usual / _USUAL_MONTH) if usual >= _MONTH else 0


def _series(column: Column, guess: Guess, usual: int) -> Series:
    """The column in the unit of its quantity; what its heading says of a unit counts only for that quantity."""
    heard = column.heard if column.heard.code == guess.measured[column.name] else Heard()
    hours = usual / 3_600_000 if heard.power and usual else 1.0
    return Series(column=column.name, key=part(column.name), factor=heard.factor * hours)


def lasting(title: str) -> str:
    """A title without what changes from one file of a meter to the next: figures, months; as it is when nothing else
    is left."""
    kept = [word for word in title.split() if _DATED.sub("", folded(word)).strip()]
    return " ".join(kept) or title


def part(column: str) -> str:
    """What a column gives to the name of a series."""
    return slug(column) or "valeur"


def columned(guess: Guess, keys: Iterable[str]) -> tuple[Line, ...]:
    """The series of these keys, by the columns they end with."""
    lines = []
    for key in keys:
        for column, quantity in guess.measured.items():
            end = part(column)
            if key == end or key.endswith(f"/{end}"):
                lines.append(
                    Line(key=key, site=key.removesuffix(end).removesuffix("/"), column=column, quantity=quantity)
                )
                break
    return tuple(lines)
