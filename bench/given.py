"""What benches are given: a territory in order with as many series as asked, readings of them, and a way to tell."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.dataset import Dataset, Sensitivity
from bocage.domain.declaration import Declaration
from bocage.domain.hosting_site import HostingSite
from bocage.domain.organisation import Organisation
from bocage.domain.purpose import ClosedQuestions, Fate, Purpose
from bocage.domain.reading import ReadingBatch, numbers
from bocage.domain.sensing import Datastream, ObservedProperty, Thing
from bocage.domain.source import Source
from bocage.domain.territory import Territory
from bocage.domain.text import Text
from bocage.ingest.gate import Declarations

PLACE, SOURCE = "banc", "capteurs"
QUARTER, DAY = 900_000, 86_400_000
T0 = 1_735_689_600_000  # 2025-01-01T00:00Z
AFTER = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def facts(streams: int, cadence_seconds: int = 900) -> TerritoryFacts:
    """A territory where everything is declared and `streams` datastreams are permitted, keys "s1", "s2"..."""
    answers = ClosedQuestions(
        scoring=False, biometrics=False, profiling=False, manipulation=False, tracking=False, consumerism=False
    )
    entries: dict[str, Declaration] = {
        PLACE: Territory(title=Text(fr="Banc"), code="44109", population=4200, agents=60),
        "commune": Organisation(title=Text(fr="Commune")),
        "mesure": Purpose(
            title=Text(fr="Mesurer"),
            owner="commune",
            personal=False,
            retention_months=24,
            fate=Fate.ELIMINATE,
            cadence_seconds=cadence_seconds,
            questions=answers,
        ),
        "mairie": HostingSite(title=Text(fr="Mairie"), country="FR", operator="commune"),
        SOURCE: Source(title=Text(fr="Capteurs"), purpose="mesure", hosting="mairie"),
        "air": Dataset(title=Text(fr="Air"), sensitivity=Sensitivity.PUBLIC, hosting="mairie"),
        "ecole": Thing(title=Text(fr="Ecole"), location=(0.5, 47.5)),
        "co2": ObservedProperty(title=Text(fr="CO2")),
    }
    declared: dict[str, dict[str, Declaration]] = {}
    for slug, body in entries.items():
        declared.setdefault(body.kind, {})[slug] = body
    declared[Datastream.kind] = {f"s{number}": stream(number) for number in range(1, streams + 1)}
    return TerritoryFacts(slug=PLACE, today=AFTER.date(), declared=declared)


def stream(number: int) -> Datastream:
    """One declared series, whose readings are plausible between -50 and 60."""
    return Datastream(
        id=number,
        title=Text(fr=f"Serie {number}"),
        key=f"s{number}",
        thing="ecole",
        observed_property="co2",
        source=SOURCE,
        dataset="air",
        minimum=-50,
        maximum=60,
    )


def declarations(streams: int) -> Declarations:
    """The same as the gate asks for it; it never changes."""
    found = facts(streams)

    def gather(territory: str, at: datetime) -> TerritoryFacts:
        return found

    def note(*signs: Any) -> None:
        raise AssertionError(signs)

    return Declarations(revision=lambda territory: (1, 1), gather=gather, note=note)


def readings(rows: int, size: int, streams: int) -> Iterator[ReadingBatch]:
    """Regular series, values with two decimals, in batches of `size` in order of time."""
    rng = np.random.default_rng(1)
    keys = tuple(f"s{number}" for number in range(1, streams + 1))
    for first in range(0, rows, size):
        n = np.arange(first, min(first + size, rows))
        start = T0 + (n // streams) * QUARTER
        yield numbers(keys, (n % streams).astype(np.int32), start, np.round(rng.normal(20, 3, len(n)), 2))


def milliseconds(call: Callable[[], Any], runs: int = 15) -> float:
    """The median time of some calls, after one that warms up."""
    call()
    spent = []
    for _ in range(runs):
        begin = perf_counter()
        call()
        spent.append(perf_counter() - begin)
    return median(spent) * 1e3


def tell(what: str, measured: str, beside: str = "", promised: str = "") -> None:
    """One figure on one line, as `python -m bench` reads it for its table."""
    print(f"{what:62s} | {measured:>20s} | {beside:38s} | {promised}".rstrip(), flush=True)
