"""The CSV of a syndicate: one line for each commune, what fills the model, what it has otherwise, what it refuses."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from bocage.domain.declaration import fields
from bocage.domain.errors import Invalid, PayloadError
from bocage.domain.text import message as _
from bocage.evidence.models.comparing import EVERYTHING
from bocage.evidence.models.draft import Model

CODE: Final = ("insee", "code", "code_insee", "code insee")
NAME: Final = ("name", "nom", "commune")
POPULATION: Final = ("population",)
TERRITORY: Final = ("territory", "territoire")
REFUSES: Final = ("refuses", "refuse")
BY: Final = ("refused_by", "refus_par")
WHY: Final = ("refused_why", "refus_motif")
ALL: Final = frozenset({"all", "tout", EVERYTHING})
_CODE: Final = re.compile(r"[0-9A-Z]{1,20}")
MOST: Final = 3_000  # lines: every commune of the largest departments together


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One commune. `values`: columns by name; `changed`: by place of a draft, what it has otherwise, by path;
    `refuses`: places, or everything, with who says so and why."""

    code: str
    name: str = ""
    territory: str = ""
    values: dict[str, str] = {}
    changed: dict[str, dict[str, str]] = {}
    refuses: tuple[str, ...] = ()
    by: str = ""
    why: str = ""


class Wrong(msgspec.Struct, frozen=True, kw_only=True):
    """One line that cannot be used: its number in the file, and why (an English message)."""

    line: int
    code: str
    why: str


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """What the file says: the communes, and the lines that are wrong. `numbers`: the line of each commune, by code."""

    rows: tuple[Row, ...]
    wrong: tuple[Wrong, ...]
    numbers: dict[str, int] = {}


def table(cells: Sequence[Sequence[str]], model: Model) -> Table:
    """Read the cells, their heading first; PayloadError when the heading is none of such a file."""
    heading = [name.strip() for name in cells[0]] if cells else []
    names = [name.casefold() for name in heading]
    if not set(names) & set(CODE):
        raise PayloadError(_("a column insee with the INSEE code of each commune"), ", ".join(heading)[:200])
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise PayloadError(_("each column once"), ", ".join(twice)[:200])
    _known(heading, model)
    if len(cells) - 1 > MOST:
        raise PayloadError(_("a file of 3,000 communes at most"), str(len(cells) - 1))
    rows: dict[str, Row] = {}
    numbers: dict[str, int] = {}
    wrong = []
    for number, line in enumerate(cells[1:], 2):
        said = {name: text.strip() for name, text in zip(heading, line, strict=False) if text.strip()}
        if not said:
            continue
        row = _row(said, model)
        fault = _fault(row, rows, model)
        if fault:
            wrong.append(Wrong(line=number, code=row.code, why=fault))
        else:
            rows[row.code], numbers[row.code] = row, number
    return Table(rows=tuple(rows.values()), wrong=tuple(wrong), numbers=numbers)


def _known(heading: Iterable[str], model: Model) -> None:
    """Every column that changes a declaration must name one of the model, so that a slip of the pen is not lost."""
    places = {one.place: one.struct for one in model.drafts}
    for name in heading:
        place, _dot, path = name.partition(".")
        if "/" in name and (place not in places or not path):
            raise Invalid(_("a column that names a declaration of the model"), name, field=name)
        notes = fields(places[place]) if place in places else ()
        if any(note.personal for note in notes if note.name == path.partition(".")[0]):
            raise Invalid(_("a model that names nobody"), name, field=name)


def _row(said: Mapping[str, str], model: Model) -> Row:
    folded = {name.casefold(): text for name, text in said.items()}

    def first(names: Sequence[str]) -> str:
        return next((folded[name] for name in names if name in folded), "")

    changed: dict[str, dict[str, str]] = {}
    for name, text in said.items():
        place, dot, path = name.partition(".")
        if "/" in name and dot:
            changed.setdefault(place, {})[path] = text
    refuses = first(REFUSES).replace(",", " ").split()
    return Row(
        code=_code(first(CODE)),
        name=first(NAME),
        territory=first(TERRITORY),
        values={name: text for name, text in folded.items() if "/" not in name},
        changed=changed,
        refuses=(EVERYTHING,) if ALL & {one.casefold() for one in refuses} else tuple(refuses),
        by=first(BY),
        why=first(WHY),
    )


def _code(text: str) -> str:
    """A spreadsheet takes the zero from 01004."""
    return text.zfill(5) if text.isdecimal() and len(text) == 4 else text.upper()


def _fault(row: Row, before: Mapping[str, Row], model: Model) -> str:
    places = {EVERYTHING, *(one.place for one in model.drafts)}
    if not _CODE.fullmatch(row.code):
        return _("It has no INSEE code.")
    if row.code in before:
        return _("This commune stands twice in the file.")
    if set(row.refuses) - places:
        return _("It refuses a declaration that is not in the model.")
    if row.refuses and not (row.by and row.why):
        return _("A refusal says who refuses, and why.")
    return ""
