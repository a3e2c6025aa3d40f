"""Rules, series and logs that the tests of rules share."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from tests.store.batches import batch

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.instant import DAY, HOUR, to_ms
from bocage.domain.measure import Aggregate, Measure, Period, Window
from bocage.domain.nature import Nature
from bocage.domain.rule import Comparison, Constant, Operator, Rule, Usual
from bocage.domain.sensing import Datastream
from bocage.domain.territory import Territory
from bocage.domain.text import Text
from bocage.store.memory import MemoryStore

PARIS = "Europe/Paris"
NIGHT = Window(start="22:00", end="06:00")


def paris(*when: int) -> int:
    return to_ms(datetime(*when, tzinfo=ZoneInfo(PARIS)))  # type: ignore[arg-type]


def stream(number: int, nature: Nature = Nature.AMOUNT, cadence: int | None = 3600) -> Datastream:
    return Datastream(
        id=number, title=Text(fr="s"), thing="t", observed_property="p", nature=nature, cadence_seconds=cadence
    )


def measure(*names: str, **more: Any) -> Measure:
    return Measure(datastreams=names or ("ecole",), **{"aggregate": Aggregate.SUM, **more})


def rule(
    than: Constant | Usual,
    *,
    measured: Measure | None = None,
    operator: Operator = Operator.ABOVE,
    lasting: int = 1,
    **more: Any,
) -> Rule:
    condition = Comparison(measure=measured or measure(), operator=operator, than=than, lasting=lasting)
    return Rule(**{"title": Text(fr="Règle"), "service": "batiments", "condition": condition, **more})


def facts(streams: Mapping[str, Datastream], territory: str = "bourg") -> TerritoryFacts:
    town = Territory(title=Text(fr="Bourg"), population=3000)
    return TerritoryFacts(
        slug=territory,
        today=date(2026, 11, 23),
        declared={"territory": {territory: town}, "datastream": dict(streams)},
    )


def hours(begin: int, values: Sequence[float]) -> tuple[Any, Any, Any]:
    """Starts, values and ends of hourly amounts."""
    starts = begin + np.arange(len(values)) * HOUR
    return starts, np.asarray(values, float), starts + HOUR


def filled(number: int, begin: int, values: Sequence[float], store: MemoryStore | None = None) -> MemoryStore:
    kept = store or MemoryStore()
    starts, numbers, ends = hours(begin, values)
    kept.append(batch([number] * len(starts), starts, numbers, end=ends)).result()
    return kept


__all__ = ["DAY", "HOUR", "NIGHT", "Aggregate", "Constant", "Nature", "Operator", "Period", "Usual"]
