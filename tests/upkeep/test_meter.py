"""What the machine takes is counted: by the territory of the address, kept once, and never lost between two times."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from bocage.upkeep.meter import METER, MOST, Meter, processor, territory_of

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "territory"),
    [
        ("/api/bourg/push", "bourg"),
        ("/bourg/sensors", "bourg"),
        ("/bourg/desk/", "bourg"),
        ("/api/schemas/algorithmes/schema.json", ""),
        ("/static/look.css", ""),
        ("/sta/v1.1/Things", ""),
        ("/healthz", ""),
        ("/", ""),
    ],
)
def test_bytes_belong_to_the_territory_of_their_address(path: str, territory: str) -> None:
    assert territory_of(path) == territory


def test_counters_begin_again_once_taken_and_what_could_not_be_kept_is_put_back() -> None:
    times = iter((5.0, 7.0, 8.0))
    meter = Meter(lambda: next(times))
    meter.came("bourg", 100)
    meter.went("bourg", 30)
    taken = meter.take()
    assert (taken.seconds, taken.received, taken.sent) == (5.0, {"bourg": 100}, {"bourg": 30})
    assert meter.take().seconds == 2.0
    meter.put_back(taken)
    again = meter.take()
    assert (again.seconds, again.received, again.sent) == (6.0, {"bourg": 100}, {"bourg": 30})


def test_names_asked_for_at_random_do_not_fill_the_memory() -> None:
    meter = Meter(lambda: 0.0)
    for place in range(MOST + 50):
        meter.came(f"nulle-part-{place}", 1)
    taken = meter.take()
    assert len(taken.received) == MOST + 1
    assert sum(taken.received.values()) == MOST + 50


def test_the_processor_is_really_measured() -> None:
    before = processor()
    assert sum(range(300_000)) > 0
    assert processor() > before


@pytest.mark.usefixtures("database")
def test_days_add_up_and_only_those_asked_for_count() -> None:
    from bocage.upkeep import usage

    times = iter((10.0, 11.0))
    meter = Meter(lambda: next(times))
    meter.came("bourg", 100)
    usage.flush(AT.replace(day=20), ("bourg",), meter)
    meter.came("bourg", 50)
    meter.went("ailleurs", 7)
    meter.came("wp-admin", 9)
    usage.flush(AT, ("bourg", "ailleurs"), meter)
    whole, lately = usage.used(AT.date().replace(day=1)), usage.used(AT.date())
    assert (whole.since, whole.seconds, whole.received["bourg"]) == (AT.date().replace(day=20), 11.0, 150)
    assert (lately.seconds, lately.received["bourg"], lately.sent["ailleurs"]) == (1.0, 50, 7)
    assert "wp-admin" not in lately.received
    assert lately.received[""] == 9


def test_an_answer_that_never_ends_is_counted_while_it_goes_out() -> None:
    from bocage.assembly.edge import OFTEN, edged

    seen: list[dict[str, int]] = []

    async def endless(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _part in range(3):
            await send({"type": "http.response.body", "body": b"x" * (OFTEN + 1), "more_body": True})
            seen.append(METER.take().sent)

    async def nothing(*_message: Any) -> Any:
        return {"type": "http.request", "body": b""}

    METER.take()
    asyncio.run(edged(endless)({"type": "http", "path": "/api/bourg/live", "headers": []}, nothing, nothing))
    assert seen == [{"bourg": OFTEN + 1}] * 3
    assert sum(METER.take().sent.values()) == 0
