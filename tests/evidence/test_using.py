"""What the footprint is measured by: the territory's share of the machine, and nothing where nobody asks."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from bocage.domain.device_archetypes import DeviceModel
from bocage.domain.device_fleet import DeviceFleet
from bocage.domain.observation import ObservationBatch
from bocage.domain.text import Text
from bocage.store.memory import MemoryStore

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def anew(marais: str) -> None:
    """Nothing that another test counted is remembered."""
    from bocage.evidence.using import USING

    USING.forget()


def test_while_nobody_measured_anything_the_machine_is_counted_once_not_once_a_territory(marais: str) -> None:
    from bocage import evidence, registers
    from bocage.accounts import OPERATOR
    from bocage.domain.declaration import Key
    from bocage.domain.territory import Territory
    from bocage.upkeep import usage
    from bocage.upkeep.meter import Meter

    evidence.connect(MemoryStore())
    fleet = DeviceFleet(title=Text(fr="Passerelles"), model=DeviceModel.GATEWAY, count=2)
    bodies = [
        ("ailleurs", "ailleurs", Territory(title=Text(fr="Ailleurs"), demonstration=True)),
        (marais, "passerelles", fleet),
        ("ailleurs", "passerelles", fleet),
    ]
    for place, slug, body in bodies:
        key = Key(territory=place, kind=body.kind, slug=slug)
        evidence.change(place, OPERATOR, [evidence.Put(key=key, body=body, expected=None)], AT)
    usage.flush(AT, (marais,), Meter(lambda: 50.0))
    found = [evidence.usage(evidence.facts.present(place, AT), AT) for place in registers.territories()]
    assert sum(one.cpu_seconds for one in found if one) == 50.0


def test_a_territory_takes_its_share_of_the_machine_by_its_measurements(marais: str) -> None:
    from bocage import evidence, sensing
    from bocage.accounts import OPERATOR
    from bocage.domain.declaration import Key
    from bocage.upkeep import usage
    from bocage.upkeep.meter import Meter

    store = MemoryStore()
    evidence.connect(store)
    now = int(AT.timestamp() * 1000)
    placed = sensing.all(marais, "datastream")[0]
    for number in (placed.id, 9_999):  # the other one is of another territory
        start = now - 60_000 * np.arange(1, 101, dtype=np.int64)[::-1]
        columns = {"kind": np.zeros(100, np.uint8), "number": np.arange(100.0), "origin": np.zeros(100, np.uint8)}
        batch = ObservationBatch(datastream=np.full(100, number, np.int32), start=start, end=start, **columns)
        store.append(batch).result()
    assert evidence.usage(evidence.facts.present(marais, AT), AT) is None
    fleet = DeviceFleet(title=Text(fr="Passerelles"), model=DeviceModel.GATEWAY, count=2)
    put = evidence.Put(key=Key(territory=marais, kind="device-fleet", slug="passerelles"), body=fleet, expected=None)
    evidence.change(marais, OPERATOR, [put], AT)
    meter = Meter(lambda: 50.0)
    meter.came(marais, 1_000)
    usage.flush(AT, (marais,), meter)
    found = evidence.usage(evidence.facts.present(marais, AT), AT)
    assert found is not None
    assert (found.since, found.cpu_seconds, found.received) == (AT.date(), 25.0, 1_000)
    assert sum(found.held.values()) == sum(found.lately.values()) == 100
    a_year_on = evidence.usage(evidence.facts.present(marais, AT), AT + timedelta(days=400))
    assert a_year_on is not None
    assert a_year_on.since is None
    assert a_year_on.lately == {}
