"""Changes of entities, one or thousands at once; only `evidence.change` calls them, in its transaction."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby

import msgspec

from bocage import relational
from bocage.domain.declaration import Key
from bocage.domain.errors import Conflict, Missing
from bocage.domain.sensing import Datastream, Entity, Location, Thing
from bocage.domain.text import message as _
from bocage.sensing import tables
from bocage.sensing.numbers import CHUNK, give, retire
from bocage.sensing.reading import numbers_of
from bocage.sensing.revisions import grow
from bocage.sensing.shape import Placed, columns, key_of, placed, table_of
from bocage.sensing.staying import Spot, Stay, begin, stand

Named = tuple[str, Entity]


def put(territory: str, slug: str, entity: Entity, at: datetime, expected: int | None = None) -> Placed:
    """Place an entity or change it. `expected`: the version that was read (0: none yet); another is a Conflict."""
    with relational.transaction():
        if expected is not None:
            present = tables.rows(table_of(entity.kind)).filter(territory=territory, slug=slug).first()
            if (present.version if present else 0) != expected:
                raise Conflict(_("the version that was read"), f"{entity.kind}/{slug}", version=expected)
        return put_all(territory, [(slug, entity)], at)[0]


def put_all(territory: str, named: Sequence[Named], at: datetime) -> list[Placed]:
    """Place or change many entities; all or none. What is the same already keeps its version. In the given order."""
    done: dict[tuple[str, str], Placed] = {}
    with relational.transaction():
        for (_last, kind), group in groupby(sorted(named, key=_kind), key=_kind):
            pairs = [(Key(territory=territory, kind=kind, slug=slug).slug, entity) for slug, entity in group]
            some = dict(pairs)
            if len(some) != len(pairs):
                raise Conflict(_("a name of its own for each entity"), kind)
            for one in _put_kind(territory, kind, some, at):
                done[kind, one.slug] = one
        if any(one.at == at for one in done.values()):
            grow(territory)
    return [done[entity.kind, slug] for slug, entity in named]


def remove(territory: str, kind: str, slug: str, *, merged: bool = False) -> None:
    """Take an entity away; its number is never given to another name. Who points to it is the caller's question.

    `merged`: the thing turned out to be another one, which bears its name and its former positions from now on.
    """
    with relational.transaction():
        row = tables.rows(table_of(kind)).filter(territory=territory, slug=slug).first()
        if row is None:
            raise Missing(_("an entity of this name"), f"{kind}/{slug}")
        if kind == Thing.kind and not merged:
            tables.HistoricalLocation.objects.filter(thing__in=numbers_of(row)).delete()
        retire(kind, row)
        if kind == Thing.kind:
            tables.Standing.objects.filter(territory=territory, thing=slug).delete()
        if kind == Location.kind:
            tables.Standing.objects.filter(territory=territory, location=slug).delete()
            tables.HistoricalLocation.objects.filter(location=row.id).delete()
        row.delete()
        grow(territory)


def _kind(named: Named) -> tuple[bool, str]:
    """Kinds in their order; locations last, when the things they name have their numbers."""
    return named[1].kind == Location.kind, named[1].kind


def _put_kind(territory: str, kind: str, some: dict[str, Entity], at: datetime) -> list[Placed]:
    present = _present(territory, kind, some)
    for slug, row in present.items():
        if some[slug].id not in (0, row.id):
            raise Conflict(_("the number it has already"), f"{kind}/{slug}: {some[slug].id}", number=row.id)
    new = [slug for slug in some if slug not in present]
    given = give(kind, territory, [(slug, some[slug].id) for slug in new])
    numbers = {slug: row.id for slug, row in present.items()} | dict(zip(new, given, strict=True))
    kept: list[Placed] = []
    rows: list[tables.Entity] = []
    for slug, number in numbers.items():
        entity = msgspec.structs.replace(some[slug], id=number)
        former = present.get(slug)
        row = _row(territory, slug, entity, at, former)
        if former is not None and _same(former, row):
            kept.append(placed(kind, former))
        else:
            rows.append(row)
    _check_keys(territory, kind, {row.slug: some[row.slug] for row in rows})
    _follow(territory, kind, rows, present, some)
    _write(kind, rows)
    return kept + [placed(kind, row) for row in rows]


def _row(territory: str, slug: str, entity: Entity, at: datetime, former: tables.Entity | None) -> tables.Entity:
    version = former.version + 1 if former else 1
    held = columns(slug, entity)
    return table_of(entity.kind)(id=entity.id, territory=territory, slug=slug, version=version, at=at, **held)


def _same(former: tables.Entity, row: tables.Entity) -> bool:
    return bytes(former.body) == bytes(row.body) and former.schema == row.schema


def _present(territory: str, kind: str, slugs: Iterable[str]) -> dict[str, tables.Entity]:
    asked = list(slugs)
    found: dict[str, tables.Entity] = {}
    for some in (asked[at : at + CHUNK] for at in range(0, len(asked), CHUNK)):
        rows = tables.rows(table_of(kind)).filter(territory=territory, slug__in=some)
        found |= {row.slug: row for row in rows}
    return found


def _write(kind: str, rows: Sequence[tables.Entity]) -> None:
    table = table_of(kind)
    names = [field.name for field in table._meta.local_concrete_fields if field.name != "id"]
    # Two datastreams may exchange their keys in one change: none holds its former one while rows are written.
    if kind == Datastream.kind:
        numbers = [row.id for row in rows]
        for some in (numbers[at : at + CHUNK] for at in range(0, len(numbers), CHUNK)):
            tables.Datastream.objects.filter(id__in=some).update(source="")
    table._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=names, batch_size=CHUNK
    )


def _check_keys(territory: str, kind: str, some: dict[str, Entity]) -> None:
    if kind != Datastream.kind:
        return
    wanted = {
        slug: (entity.source, key_of(slug, entity))
        for slug, entity in some.items()
        if isinstance(entity, Datastream) and entity.source
    }
    taken = _taken(territory, sorted(wanted.values()), some)
    for slug, place in wanted.items():
        if taken.setdefault(place, slug) != slug:
            raise Conflict(_("one datastream for each name at the source"), place[1], present=taken[place])


def _taken(territory: str, places: list[tuple[str, str]], some: dict[str, Entity]) -> dict[tuple[str, str], str]:
    """Which other datastreams hold one of these (source, key)."""
    found: dict[tuple[str, str], str] = {}
    for part in (places[at : at + CHUNK] for at in range(0, len(places), CHUNK)):
        sources, keys = {source for source, _key in part}, {key for _source, key in part}
        rows = tables.Datastream.objects.filter(territory=territory, source__in=sources, key__in=keys)
        found |= {(row.source, row.key): row.slug for row in rows.only("source", "key", "slug")}
    return {place: slug for place, slug in found.items() if slug not in some}


def _follow(
    territory: str,
    kind: str,
    rows: Sequence[tables.Entity],
    present: dict[str, tables.Entity],
    some: dict[str, Entity],
) -> None:
    """What stands beside the rows: former positions of things, and the things of locations."""
    if kind == Thing.kind:
        back = _returning(rows, present)
        moved = [row for row in rows if isinstance(row, tables.Thing) and _moved(row, present.get(row.slug), back)]
        begin([Stay(thing=row.id, at=row.at, spot=(row.longitude, row.latitude)) for row in moved])
    if kind == Location.kind:
        stand(territory, {row.slug: (row.id, row.at, some[row.slug]) for row in rows})


def _returning(rows: Sequence[tables.Entity], present: Mapping[str, tables.Entity]) -> dict[int, Spot]:
    """Where things that come back under their number stood last: those that had been merged into another."""
    new = [row.id for row in rows if row.slug not in present]
    found: dict[int, Spot] = {}
    for some in (new[at : at + CHUNK] for at in range(0, len(new), CHUNK)):
        stood = tables.HistoricalLocation.objects.filter(thing__in=some).order_by("since", "id")
        found |= {one.thing: (one.longitude, one.latitude) for one in stood}
    return found


def _moved(row: tables.Thing, former: tables.Entity | None, back: Mapping[int, Spot]) -> bool:
    before = (former.longitude, former.latitude) if isinstance(former, tables.Thing) else back.get(row.id, (None, None))
    return (row.longitude, row.latitude) != before
