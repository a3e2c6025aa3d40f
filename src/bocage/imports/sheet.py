"""One sheet of a register of processing, read by its labels: a list of activities, or the card of one activity."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from bocage.imports.labels import folded

Lines = Sequence[Sequence[str]]

# Labels, folded, of what a card or a list says; the first that a label begins with.
NAME: Final = ("nom sigle", "nom du traitement", "nom de l activite", "nom de la fiche", "intitule du traitement")
REFERENCE: Final = ("n ref", "n reference", "reference", "ref")
PURPOSE: Final = ("finalite principale", "objectif poursuivi", "finalite du traitement", "finalite")
CONTROLLER: Final = ("responsable du traitement", "responsable de traitement")
BASIS: Final = ("base legale", "base juridique", "fondement juridique", "liceite")
SUB_PURPOSE: Final = ("sous finalite",)
DATA: Final = ("categories de donnees personnelles", "donnees sensibles", "categories de donnees")
RECIPIENTS: Final = ("destinataires",)
SECTIONS: Final = (
    *DATA,
    *RECIPIENTS,
    "description du traitement",
    "acteurs",
    "finalite s du traitement",
    "finalites du traitement",
    "mesures de securite",
    "categories de personnes",
    "transferts hors",
)
COLUMNS: Final = (
    *("description", "duree", "delai", "precisions", "type", "destinataire", "pays", "lien", "garanties"),
    *("nom", "adresse", "cp", "code postal", "ville", "telephone", "mel", "courriel", "oui non"),
)
PREFILLED: Final = frozenset({"", "oui non", "non", "selectionner", "choisir", "cliquez ici"})


class Detail(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a section: its label, what it says, and more about it."""

    label: str
    text: str = ""
    detail: str = ""
    duration: str = ""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One activity: what the sheet says of it. `unplaced`: (label, value) of everything no field below holds."""

    row: int
    name: str = ""
    reference: str = ""
    purpose: str = ""
    controller: str = ""
    basis: str = ""
    data: tuple[Detail, ...] = ()
    recipients: tuple[Detail, ...] = ()
    unplaced: tuple[tuple[str, str], ...] = ()


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """The activities of a sheet; none when it is no part of a register (a page of welcome, lists of choices)."""

    name: str
    entries: tuple[Entry, ...] = ()
    is_list: bool = False


def read_sheet(name: str, lines: Lines) -> Sheet:
    """What one sheet says."""
    heading = _heading(lines)
    if heading is not None:
        return Sheet(name=name, entries=_listed(lines, heading), is_list=True)
    card = _Card(lines)
    return Sheet(name=name, entries=card.entries())


def begins(label: str, names: Sequence[str]) -> bool:
    """Whether a folded label begins with one of these."""
    return any(label == one or label.startswith(f"{one} ") for one in names)


def _heading(lines: Lines) -> int | None:
    """The row that holds the columns of a list: name and purpose of an activity side by side."""
    for place, line in enumerate(lines[:60]):
        labels = [folded(cell) for cell in line if cell.strip()]
        if any(begins(one, NAME) for one in labels) and any(begins(one, PURPOSE) for one in labels):
            return place
    return None


def _listed(lines: Lines, heading: int) -> tuple[Entry, ...]:
    columns: dict[int, str] = {}
    for at, cell in enumerate(lines[heading]):
        label = folded(cell)
        for field, names in (
            ("name", NAME),
            ("reference", REFERENCE),
            ("purpose", PURPOSE),
            ("controller", CONTROLLER),
        ):
            if label and field not in columns.values() and begins(label, names):
                columns[at] = field
                break
    found = []
    for place, line in enumerate(lines[heading + 1 :], start=heading + 2):
        values: dict[str, Any] = {field: line[at].strip() for at, field in columns.items() if at < len(line)}
        if not (values.get("name") or values.get("purpose")) or _note(line):
            continue
        others = [
            (_label(lines, heading, at), cell.strip())
            for at, cell in enumerate(line)
            if at not in columns and at < len(lines[heading]) and folded(cell) not in PREFILLED
        ]
        found.append(Entry(row=place, unplaced=tuple(others), **values))
    return tuple(found)


def _label(lines: Lines, heading: int, at: int) -> str:
    """What stands over a column of a list; its cell above where it only says what may be chosen there."""
    label = lines[heading][at].strip()
    above = lines[heading - 1][at].strip() if heading and at < len(lines[heading - 1]) else ""
    return above if above and folded(label) in PREFILLED else label


def _note(line: Sequence[str]) -> bool:
    """Whether a row is a note below the list: one cell that begins with a number in brackets."""
    cells = [cell.strip() for cell in line if cell.strip()]
    return len(cells) == 1 and cells[0].startswith("(")


def _headed(cells: Sequence[tuple[int, str]]) -> bool:
    """Whether what stands beside a label are names of columns, or nothing: then it is the title of a section."""
    return not cells or any(begins(folded(cell), COLUMNS) for _at, cell in cells)


class _Card:
    """Reads the card of one activity from top to bottom, section by section."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._said: dict[str, Any] = {}
        self._row = 0
        self._data: list[Detail] = []
        self._recipients: list[Detail] = []
        self._unplaced: list[tuple[str, str]] = []

    def entries(self) -> tuple[Entry, ...]:
        """The activity, if the card says anything of one."""
        section = ""
        columns: Mapping[int, str] = {}
        for place, line in enumerate(self._lines, start=1):
            cells = [(at, cell.strip()) for at, cell in enumerate(line) if cell.strip()]
            if not cells:
                continue
            label = folded(cells[0][1])
            if begins(label, SECTIONS) and not self._field(label) and _headed(cells[1:]):
                section, columns = label, {at: folded(cell) for at, cell in cells}
                continue
            self._take(place, section, columns, cells)
        if not (self._said or self._data or self._recipients):
            return ()
        return (
            Entry(
                row=self._row or 1,
                data=tuple(self._data),
                recipients=tuple(self._recipients),
                unplaced=tuple(self._unplaced),
                **self._said,
            ),
        )

    def _take(self, place: int, section: str, columns: Mapping[int, str], cells: list[tuple[int, str]]) -> None:
        words, values = cells[0][1], [(at, cell) for at, cell in cells[1:] if folded(cell) not in PREFILLED]
        if not values:
            return
        field = self._field(folded(words))
        if field and field not in self._said:
            self._said[field] = values[0][1]
            self._row = self._row or place
            more = [cell for _at, cell in (values if field == "reference" else values[1:])]
            self._unplaced += [(words, ", ".join(more))] if more else []
        elif begins(section, DATA):
            self._datum(words, values, columns)
        elif begins(section, RECIPIENTS):
            detail = " ".join(cell for _at, cell in values[1:])
            self._recipients.append(Detail(label=words, text=values[0][1], detail=detail))
        else:
            self._unplaced.append((words, " — ".join(cell for _at, cell in values)))

    def _datum(self, words: str, values: list[tuple[int, str]], columns: Mapping[int, str]) -> None:
        """A category of data: what it holds has no field; how long it is kept may be the answer."""
        at = next((place for place, label in columns.items() if label.startswith("duree")), -1)
        duration = next((cell for place, cell in values if place == at), "")
        described = " — ".join(cell for place, cell in values if place != at)
        self._data.append(Detail(label=words, text=described, duration=duration))
        if described:
            self._unplaced.append((words, described))

    def _field(self, label: str) -> str:
        fields = (
            ("name", NAME),
            ("reference", REFERENCE),
            ("controller", CONTROLLER),
            ("basis", BASIS),
            ("purpose", ("finalite principale", "objectif poursuivi")),
        )
        if label == "finalite":
            return "purpose"
        return next((field for field, names in fields if begins(label, names)), "")
