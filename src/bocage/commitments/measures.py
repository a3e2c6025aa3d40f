"""Whether a measure means something: figures that fit their series, and series of one unit when they are one figure."""

from collections.abc import Iterator

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.indicator import Indicator
from bocage.domain.measure import Aggregate, Measure, fits
from bocage.domain.nature import Nature
from bocage.domain.sensing import Datastream, Unit

Fault = tuple[str, str, str]
"""Code, field, and the slug of the series it is about."""


def faults(facts: TerritoryFacts, body: msgspec.Struct) -> Iterator[Fault]:
    """What is wrong with the measures inside a declaration; series that are not declared are told elsewhere."""
    for path, measure in within(body):
        streams = {slug: found for slug in measure.datastreams if (found := facts.one(Datastream, slug))}
        for slug, stream in streams.items():
            if not fits(stream.nature, measure.aggregate):
                yield "figure-unfit", f"{path}.aggregate", slug
            elif measure.together and len(streams) > 1 and stream.nature is Nature.DIRECTION:
                yield "directions-together", f"{path}.together", slug
        units = {slug: _known(stream.unit) for slug, stream in streams.items()}
        if measure.together and len(set(units.values())) > 1:
            first = next(iter(units.values()))
            yield "units-differ", f"{path}.datastreams", next(slug for slug, unit in units.items() if unit != first)
    if isinstance(body, Indicator) and body.unit_cost and body.measure.aggregate is not Aggregate.SUM:
        yield "cost-without-total", "unit_cost", body.measure.datastreams[0]


def within(body: msgspec.Struct, path: str = "") -> Iterator[tuple[str, Measure]]:
    """Every measure a declaration holds, however deep, with its field (`condition.measure`)."""
    for name in body.__struct_fields__:
        value = getattr(body, name)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Measure):
                yield f"{path}{name}", one
            elif isinstance(one, msgspec.Struct):
                yield from within(one, f"{path}{name}.")


def _known(unit: Unit) -> str:
    """What makes two units the same: their code, or their sign, or their name."""
    return unit.ucum or unit.symbol or unit.name
