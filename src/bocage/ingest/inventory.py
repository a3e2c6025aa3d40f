"""Reads a spreadsheet of things and datastreams: what it would declare, and the rows that say something impossible.

One row is one series on one thing; a row without a series declares the thing alone. Columns in French or in English.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.dataset import Dataset
from bocage.domain.errors import PayloadError
from bocage.domain.nature import Nature
from bocage.domain.reading import RowError
from bocage.domain.row_errors import RowErrors
from bocage.domain.sensing import Datastream, Entity, ObservedProperty, Sensor, Thing, Unit
from bocage.domain.source import Source
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.ingest.headings import COLUMNS, heading, slug_of
from bocage.ingest.sheets import cells

__all__ = ("COLUMNS", "Inventory", "heading", "read", "slug_of")

_NATURES: Final[Mapping[str, Nature]] = {
    "niveau": Nature.GAUGE,
    "quantite": Nature.AMOUNT,
    "etat": Nature.STATE,
    **{nature.value: nature for nature in Nature},
}
_YES, _NO = frozenset({"oui", "yes", "true", "1", "x"}), frozenset({"", "non", "no", "false", "0"})
_ORDER: Final = (Thing, Sensor, ObservedProperty, Datastream)
_FIRST: Final = 2  # the number a spreadsheet shows for the row after the heading

Row = Mapping[str, str]


class Inventory(msgspec.Struct, frozen=True, kw_only=True):
    """What a spreadsheet would declare, in the order to write it, and the rows that could not be taken."""

    entities: tuple[tuple[str, Entity], ...] = ()
    errors: tuple[RowError, ...] = ()
    rows: int = 0
    columns: tuple[str, ...] = ()


class _Wrong(Exception):
    def __init__(self, column: str, code: str) -> None:
        self.column, self.code = column, code


def read(name: str, content: bytes, known: TerritoryFacts, declared: Mapping[str, str] | None = None) -> Inventory:
    """What this file (CSV, XLSX, ODS) would declare beside what is known; PayloadError when it is no such table.

    What is named and known already is kept as it is, completed by what the row says; the rest is new. `declared`:
    the cell of the first line that stands for a column, where the file has words of its own.
    """
    first = heading(name, content, declared)
    columns = first.columns
    if "thing" not in columns:
        raise PayloadError(_("a column that names the thing"), found=", ".join(first.cells)[:200])
    reading = _Reading(known)
    errors, count = RowErrors(), 0
    for number, line in enumerate(cells(name, content)[1:], start=_FIRST):
        row = {column: cell.strip() for column, cell in zip(columns, line, strict=False) if column}
        if any(row.values()):
            count += 1
            try:
                reading.take(row)
            except _Wrong as wrong:
                errors.one(number, column=wrong.column, found=row.get(wrong.column, ""), code=wrong.code)
    return Inventory(entities=reading.entities(), errors=errors.told(), rows=count, columns=tuple(columns))


class _Reading:
    """Entities found so far, by kind and slug."""

    def __init__(self, known: TerritoryFacts) -> None:
        self._known = known
        self._found: dict[type[Entity], dict[str, Entity]] = {kind: {} for kind in _ORDER}

    def entities(self) -> tuple[tuple[str, Entity], ...]:
        """Everything new or changed, things before the series that stand on them."""
        return tuple(
            (slug, entity)
            for kind in _ORDER
            for slug, entity in self._found[kind].items()
            if self._known.one(kind, slug) != entity
        )

    def take(self, row: Row) -> None:
        """Take one row; nothing of a wrong row is kept."""
        thing, thing_body = self._thing(row)
        new: list[tuple[type[Entity], str, Entity]] = [(Thing, thing, thing_body)]
        if row.get("datastream") or row.get("property"):
            new += self._series(row, thing)
        for kind, slug, entity in new:
            self._found[kind][slug] = entity

    def _thing(self, row: Row) -> tuple[str, Thing]:
        title = _required(row, "thing")
        slug, held = self._identified(row["id"]) if row.get("id") else self._named(Thing, title)
        location = _location(row)
        before = self._found[Thing].get(slug)
        if location and isinstance(before, Thing) and before.location not in (None, location):
            raise _Wrong("thing", "places")
        fields: dict[str, Any] = {"place": row.get("place", "")} if row.get("place") else {}
        if location is not None:
            fields["location"] = location
        if row.get("public_space"):
            fields["public_space"] = _truth(row, "public_space")
        return slug, _merged(held, lambda: Thing(title=Text(fr=title)), fields)

    def _identified(self, text: str) -> tuple[str, Thing | None]:
        slug = slug_of(text)
        if not slug:
            raise _Wrong("id", "name")
        held = {**self._known.all(Thing), **self._found[Thing]}.get(slug)
        return slug, held if isinstance(held, Thing) else None

    def _series(self, row: Row, thing: str) -> list[tuple[type[Entity], str, Entity]]:
        measured = _required(row, "property")
        measured_slug, measured_body = self._named(ObservedProperty, measured)
        new: list[tuple[type[Entity], str, Entity]] = [
            (ObservedProperty, measured_slug, measured_body or ObservedProperty(title=Text(fr=measured)))
        ]
        fields = self._fields(row)
        if row.get("sensor"):
            fields["sensor"], sensor = self._named(Sensor, row["sensor"])
            new.append((Sensor, fields["sensor"], sensor or Sensor(title=Text(fr=row["sensor"]))))
        title = row.get("datastream") or f"{measured}, {row['thing']}"
        slug, held = self._named(Datastream, title)
        if held is not None and held.thing != thing:
            raise _Wrong("datastream", "taken")
        body = _merged(
            held, lambda: Datastream(title=Text(fr=title), thing=thing, observed_property=measured_slug), fields
        )
        self._unclaimed(slug, body)
        return [*new, (Datastream, slug, body)]

    def _fields(self, row: Row) -> dict[str, Any]:
        """What a row says of its series, empty cells left out."""
        fields: dict[str, Any] = {}
        for column, kind in (("source", Source), ("dataset", Dataset)):
            if row.get(column):
                fields[column] = self._reference(row, column, kind)
        for column, (field, made) in _FIELDS.items():
            if row.get(column):
                fields[field] = made(row)
        return fields

    def _reference(self, row: Row, column: str, kind: type[Source] | type[Dataset]) -> str:
        """The slug of a declared source or dataset, named by its slug or its title."""
        asked = row[column]
        declared: Mapping[str, Source | Dataset] = self._known.all(kind)
        for slug, body in declared.items():
            if asked in (slug, body.title.fr):
                return slug
        raise _Wrong(column, "undeclared")

    def _named(self, kind: type[Any], title: str) -> tuple[str, Any]:
        """The slug of what is called so, and its body if there is one already, here or in the territory."""
        held = {**self._known.all(kind), **self._found[kind]}
        for slug, body in held.items():
            if title in (slug, body.title.fr):
                return slug, body
        slug = slug_of(title)
        if not slug:
            raise _Wrong("thing" if kind is Thing else "datastream", "name")
        again, free = 1, slug
        while free in held:
            again += 1
            free = f"{slug}-{again}"
        return free, None

    def _unclaimed(self, slug: str, body: Datastream) -> None:
        """No other series may have the same name at the same source."""
        series: Mapping[str, Datastream] = {**self._known.all(Datastream), **self._found[Datastream]}  # type: ignore[dict-item]
        wanted = (body.source, body.key or slug)
        for other, held in series.items():
            if body.source and other != slug and (held.source, held.key or other) == wanted:
                raise _Wrong("key", "taken")


def _merged(held: Any, new: Callable[[], Any], fields: Mapping[str, Any]) -> Any:
    return msgspec.structs.replace(held or new(), **fields)


def _required(row: Row, column: str) -> str:
    if not row.get(column):
        raise _Wrong(column, "empty")
    return row[column]


def _number(row: Row, column: str) -> float:
    try:
        return float(row[column].replace(",", "."))
    except ValueError:
        raise _Wrong(column, "number") from None


def _seconds(row: Row) -> int:
    found = _number(row, "cadence")
    if found < 1:
        raise _Wrong("cadence", "number")
    return int(found)


def _location(row: Row) -> tuple[float, float] | None:
    if not (row.get("lon") or row.get("lat")):
        return None
    place = _number({"lon": row.get("lon", "")}, "lon"), _number({"lat": row.get("lat", "")}, "lat")
    for column, value, limit in (("lon", place[0], 180), ("lat", place[1], 90)):
        if not -limit <= value <= limit:
            raise _Wrong(column, "position")
    return place


def _truth(row: Row, column: str) -> bool:
    word = row[column].lower()
    if word in _YES or word in _NO:
        return word in _YES
    raise _Wrong(column, "truth")


def _nature(row: Row) -> Nature:
    try:
        return _NATURES[slug_of(row["nature"])]
    except KeyError:
        raise _Wrong("nature", "nature") from None


_FIELDS: Final[Mapping[str, tuple[str, Callable[[Row], Any]]]] = {
    "unit": ("unit", lambda row: Unit(symbol=row["unit"])),
    "nature": ("nature", _nature),
    "key": ("key", lambda row: row["key"]),
    "minimum": ("minimum", lambda row: _number(row, "minimum")),
    "maximum": ("maximum", lambda row: _number(row, "maximum")),
    "cadence": ("cadence_seconds", _seconds),
}
