"""What an instance holds, counted: what a copy of it must hold again."""

from collections.abc import Iterator

from bocage import registers, sensing
from bocage.domain.sensing import Datastream
from bocage.registers.verification import ends
from bocage.store.protocol import Store
from bocage.store.withholding import whole
from bocage.upkeep.copies import Counts


def counted(store: Store, observations: int | None = None) -> Counts:
    """Everything counted, what is withheld from readers too; `observations` where somebody counted them already."""
    territories = registers.territories()
    declarations = {
        territory: {
            kind: count for kind, count in {**registers.count(territory), **sensing.count(territory)}.items() if count
        }
        for territory in territories
    }
    held = sum(extent.count for extent in whole(store).extent()) if observations is None else observations
    return Counts(
        declarations=declarations,
        heads=ends(),
        datastreams=sum(sensing.count(territory)[Datastream.kind] for territory in territories),
        observations=held,
    )


def differences(found: Counts, before: Counts, after: Counts) -> Iterator[tuple[str, int, int]]:
    """What a copy holds less or more of than its original ever did while it was made: name, expected, found."""
    for territory in sorted({*before.declarations, *after.declarations}):
        for kind in sorted({*before.declarations.get(territory, {}), *after.declarations.get(territory, {})}):
            held = [one.declarations.get(territory, {}).get(kind, 0) for one in (before, found, after)]
            yield from _between(f"{territory}/{kind}", *held)
    yield from _between("datastreams", before.datastreams, found.datastreams, after.datastreams)
    yield from _between("observations", before.observations, found.observations, after.observations)
    for territory, (sequence, _digest) in sorted(before.heads.items()):
        last = after.heads.get(territory, (sequence, ""))[0]
        yield from _between(f"{territory}#", sequence, found.heads.get(territory, (0, ""))[0], last)


def _between(name: str, before: int, found: int, after: int) -> Iterator[tuple[str, int, int]]:
    if not min(before, after) <= found <= max(before, after):
        yield name, before, found
