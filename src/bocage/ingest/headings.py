"""What the first line of a spreadsheet of things says: which of its columns stands for what.

By its own words, French or English, or by what the person who hands it over declares.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

import msgspec

from bocage.domain.text import message as _
from bocage.ingest.sheets import cells

COLUMNS: Final[Mapping[str, str]] = {
    "thing": _("Name of the thing that carries the sensor"),
    "id": _("Identifier of the thing, where several have the same name"),
    "lon": _("Longitude in degrees (WGS84)"),
    "lat": _("Latitude in degrees (WGS84)"),
    "place": _("Where it stands, in words"),
    "public_space": _("Does it stand in public space? yes or no"),
    "datastream": _("Name of the series"),
    "property": _("What is measured"),
    "unit": _("Symbol of the unit"),
    "nature": _("gauge, amount, index, state or direction; gauge when empty"),
    "sensor": _("Model of the sensor"),
    "source": _("The source it comes from, as declared"),
    "key": _("What the source calls the series"),
    "dataset": _("The dataset it belongs to, as declared"),
    "cadence": _("Usual cadence in seconds"),
    "minimum": _("Least plausible value"),
    "maximum": _("Greatest plausible value"),
}

_ALSO: Final[Mapping[str, str]] = {
    "objet": "thing",
    "equipement": "thing",
    "nom": "thing",
    "name": "thing",
    "identifiant": "id",
    "longitude": "lon",
    "latitude": "lat",
    "lieu": "place",
    "adresse": "place",
    "address": "place",
    "espace_public": "public_space",
    "serie": "datastream",
    "grandeur": "property",
    "unite": "unit",
    "capteur": "sensor",
    "origine": "source",
    "cle": "key",
    "jeu_de_donnees": "dataset",
    "jeu": "dataset",
    "cadence_s": "cadence",
    "mini": "minimum",
    "maxi": "maximum",
}


class Heading(msgspec.Struct, frozen=True, kw_only=True):
    """The first line of a spreadsheet: its cells, and what each stands for ("" when nobody said)."""

    cells: tuple[str, ...]
    columns: tuple[str, ...]

    @property
    def standing(self) -> Mapping[str, str]:
        """The cell that stands for each column."""
        return {column: cell for cell, column in zip(self.cells, self.columns, strict=True) if column}


def heading(name: str, content: bytes, declared: Mapping[str, str] | None = None) -> Heading:
    """What each cell of the first line stands for: as `declared` (column: cell, "" for none), else by its name."""
    found = tuple(cell.strip() for cell in cells(name, content)[0])
    told = declared or {}
    said = {cell: column for column, cell in told.items() if column in COLUMNS and cell in found and cell}
    own = (_column(cell) for cell in found)
    named = [
        said.get(cell, column if column in COLUMNS and column not in told else "")
        for cell, column in zip(found, own, strict=True)
    ]
    first = [column if column not in named[:place] else "" for place, column in enumerate(named)]
    return Heading(cells=found, columns=tuple(first))


def named(column: str, lang: str) -> str:
    """The name of a column in a spreadsheet written in this language."""
    return next((name for name, own in _ALSO.items() if own == column), column) if lang == "fr" else column


def slug_of(title: str) -> str:
    """A title as a slug: lower-case letters, digits and single hyphens."""
    plain = unicodedata.normalize("NFKD", title.lower().replace("œ", "oe").replace("æ", "ae"))
    return re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode()).strip("-")[:60].strip("-")


def _column(cell: str) -> str:
    name = slug_of(cell).replace("-", "_")
    return _ALSO.get(name, name)
