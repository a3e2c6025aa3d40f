"""Ids of entities: given once in the whole instance, within a kind, kept on import, never given to another."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Final

from bocage.domain.errors import Conflict, Invalid
from bocage.domain.observation import DATASTREAM_BITS
from bocage.domain.text import message as _
from bocage.sensing import tables
from bocage.sensing.shape import table_of

# The log keeps 24 bits for a datastream; the other kinds have a column of 32.
LARGEST: Final[Mapping[str, int]] = {"datastream": (1 << DATASTREAM_BITS) - 1}
LARGEST_ELSE: Final = (1 << 31) - 1
CHUNK: Final = 500


def give(kind: str, territory: str, asked: Sequence[tuple[str, int]]) -> list[int]:
    """An id for each new (slug, id): the one it brings, or the next when it brings 0. In a transaction."""
    claimed = {number: slug for slug, number in asked if number}
    if len(claimed) != sum(1 for _slug, number in asked if number):
        raise Conflict(_("a number of its own for each entity"), kind)
    _check_free(kind, territory, claimed)
    row, _made = tables.Number.objects.get_or_create(kind=kind, defaults={"following": 1})
    free = _free(kind, row.following, set(claimed))
    given = [number or next(free) for _slug, number in asked]
    largest = LARGEST.get(kind, LARGEST_ELSE)
    if max(given, default=0) > largest:
        raise Invalid(_("a number that the log can keep"), str(max(given)), number=largest)
    counted = [number for number in given if number not in claimed]
    if counted:
        row.following = counted[-1] + 1
        row.save()
    return given


def _free(kind: str, following: int, claimed: set[int]) -> Iterator[int]:
    # What an import brought above the counter is stepped over, not jumped to: one large number uses up only itself.
    present = tables.rows(table_of(kind)).filter(id__gte=following).values_list("id", flat=True)
    retired = tables.Retired.objects.filter(kind=kind, number__gte=following).values_list("number", flat=True)
    taken = claimed | set(present) | set(retired)
    return (number for number in count(following) if number not in taken)


def retire(kind: str, row: tables.Entity) -> None:
    """Keep the id of a removed entity from all others."""
    tables.Retired.objects.create(kind=kind, number=row.id, territory=row.territory, slug=row.slug)


def _check_free(kind: str, territory: str, claimed: Mapping[int, str]) -> None:
    numbers = sorted(claimed)
    for some in (numbers[at : at + CHUNK] for at in range(0, len(numbers), CHUNK)):
        taken = tables.rows(table_of(kind)).filter(id__in=some).first()
        if taken:
            raise Conflict(_("a number that is free"), f"{kind} {taken.id} = {taken.territory}/{taken.slug}")
        for former in tables.Retired.objects.filter(kind=kind, number__in=some):
            if (former.territory, former.slug) != (territory, claimed[former.number]):
                raise Conflict(_("a number that is free"), f"{kind} {former.number} = {former.territory}/{former.slug}")
            former.delete()
