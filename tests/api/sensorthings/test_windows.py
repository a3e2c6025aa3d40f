"""Windows of one series: memory and files answer them to the byte as the routes do, or leave them to the routes."""

import asyncio
from typing import Any
from urllib.parse import quote

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.api.sensorthings.service import ROOT, Service
from tests.store.batches import HOUR, T0, batch

from bocage.api.sensorthings.images import Images
from bocage.api.sensorthings.newest import Newest
from bocage.api.sensorthings.options import Options
from bocage.api.sensorthings.windows import Windows
from bocage.domain.instant import iso
from bocage.store.protocol import Erasure


class Filed:
    """A log whose memory holds nothing."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def at_hand(self, _datastream: int, _start: int, _end: int) -> None:
        return None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


def asked(service: Service, path: str, query: str, *, filed: bool = False, **headers: str) -> tuple[bytes, Any] | None:
    """What this way answers, body and headers; None when it leaves it to the routes."""
    parts = service.instance.parts
    if filed:
        parts = msgspec.structs.replace(parts, store=Filed(parts.store))
    said = [(b"host", b"bocage.test"), *((name.encode(), value.encode()) for name, value in headers.items())]
    scope = {"path": f"{ROOT}/{path}", "query_string": query.encode(), "headers": said, "scheme": "http"}
    found = asyncio.run(Windows(parts).answer(scope))
    return None if found is None else (bytes(found.body), sorted(found.raw_headers))


def seen(service: Service, path: str) -> None:
    """Whoever asks first has it worked out what everyone is shown."""
    service.get(path)


@given(
    where=st.tuples(st.sampled_from(["classe-a", "classe-b", "etat-b"]), st.booleans()),
    edges=st.tuples(st.integers(-2, 9), st.integers(-2, 9)),
    words=st.sampled_from([("ge", "lt"), ("gt", "le"), ("ge", "le"), ("gt", "lt")]),
    more=st.sampled_from(["", "&$top=2", "&$orderby=phenomenonTime desc&$top=3", "&$top=1&$orderby=phenomenonTime"]),
)
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_this_way_answers_is_what_the_routes_answer(
    service: Service, where: tuple[str, bool], edges: tuple[int, int], words: tuple[str, str], more: str
) -> None:
    series, filed = where
    path = f"Datastreams({service.numbers[series]})/Observations"
    first, last = (iso(T0 + edge * HOUR // 2) for edge in edges)
    query = quote(f"$filter=phenomenonTime {words[0]} {first} and phenomenonTime {words[1]} {last}{more}", safe="$&=")
    told = service.ask("GET", f"{path}?{query}&")  # with nothing after the last sign, the routes answer it
    short = asked(service, path, query, filed=filed)
    assert told.status_code == 200
    if short is None:
        assert series == "classe-b", "only observations that last are left to the routes"
    else:
        assert short[0] == told.content
        assert short[1] == sorted(told.headers.raw)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "$top=5",
        "$filter=result gt 3",
        "$filter=phenomenonTime ge 2026-13-01T00:00:00Z and phenomenonTime lt 2026-11-02T00:00:00Z",
        "$filter=phenomenonTime ge 2026-11-01T00:00:00Z or phenomenonTime lt 2026-11-02T00:00:00Z",
        "$filter=phenomenonTime ge 2026-11-01T00:00:00Z and phenomenonTime lt 2026-11-02T00:00:00Z&$count=true",
        "$filter=phenomenonTime ge 2026-11-01T00:00:00Z and phenomenonTime lt 2026-11-02T00:00:00Z&$top=5&$top=6",
        "$filter=phenomenonTime ge 2026-11-01T00:00:00Z and phenomenonTime lt 2026-11-02T00:00:00Z&$top=0",
        "$filter=phenomenonTime ge 2026-11-01T00:00:00Z and phenomenonTime lt 2026-11-02T00:00:00Z&$top=1\u0661",
        "$filter=phenomenonTime ge 2026-11-01T00:00:00Z and phenomenonTime lt 2026-11-0\u0662T00:00:00Z",
    ],
)
def test_other_questions_are_left_to_the_routes(service: Service, query: str) -> None:
    path = f"Datastreams({service.numbers['classe-a']})/Observations"
    seen(service, path)
    assert asked(service, path, quote(query, safe="$&=")) is None


def test_what_is_closed_and_who_must_be_looked_up_are_left_to_the_routes(service: Service) -> None:
    day = quote(f"phenomenonTime ge {iso(T0)} and phenomenonTime lt {iso(T0 + 24 * HOUR)}")
    open_one, query = f"Datastreams({service.numbers['classe-a']})/Observations", f"$filter={day}"
    seen(service, open_one)
    assert asked(service, open_one, query) is not None
    assert asked(service, open_one, query, cookie="bocage=x") is None
    assert asked(service, open_one, query, authorization="Bearer nobody") is None
    assert asked(service, f"Datastreams({service.closed})/Observations", query) is None
    assert asked(service, "Datastreams(16000000)/Observations", query) is None
    assert service.status(f"Datastreams({service.closed})/Observations?{query}") == 200
    assert service.results(f"Datastreams({service.closed})/Observations?{query}") == []


def test_newest_values_are_written_again_where_something_came_and_only_there(service: Service) -> None:
    written = list[int]()

    def write(rows: Any) -> list[bytes]:
        written.append(len(rows))
        return [
            b"%d %d" % (number, value) for number, value in zip(rows.id.tolist(), rows.number.tolist(), strict=True)
        ]

    store, images = type(service.instance.store)(), Images()
    numbers = list(range(1, 301))
    store.append(batch(numbers, [T0] * 300, [1.0] * 300)).result(5)
    former = images.written("way", store.latest(numbers), write, images.since)
    assert images.written("way", store.latest(numbers), write, images.since) == former
    store.append(batch([7, 290], [T0 + HOUR, T0 + HOUR], [2.0, 3.0])).result(5)
    now = images.written("way", store.latest(numbers), write, images.since)
    assert written == [300, 2]
    assert [at for at, (one, other) in enumerate(zip(former, now, strict=True)) if one != other] == [6, 289]
    assert now == write(store.latest(numbers))
    assert images.written("way", store.latest(numbers[:250]), write, images.since) == now[:250]
    corrected = batch([7], [T0 + HOUR], [9.0], correcting=True, reason="r")
    store.append(corrected).result(5)
    assert images.written("way", store.latest(numbers), write, images.since) == write(store.latest(numbers))


def test_no_text_of_a_newest_value_outlives_its_erasure(service: Service) -> None:
    written = list[int]()

    def write(rows: Any) -> list[bytes]:
        written.append(len(rows))
        return [b"%d" % number for number in rows.number.tolist()]

    store, images = type(service.instance.store)(), Images()
    store.tell_erasures(images.forget)
    numbers = list(range(1, 301))
    store.append(batch(numbers, [T0] * 300, [1.0] * 300)).result(5)
    since, rows = images.since, store.latest(numbers)
    images.written("way", rows, write, since)
    store.erase(Erasure(datastreams=(7,), start=T0, end=T0 + 1))
    images.written("way", rows, write, since)  # read before: answered, and not kept
    images.written("way", rows, write, images.since)
    assert written == [300, 300, 300]


def test_the_service_forgets_what_was_erased(service: Service) -> None:
    images = service.instance.parts.shelf.of(Images)
    before = images.since
    service.instance.store.erase(Erasure(datastreams=(16_000_000,), start=T0, end=T0 + 1))
    assert images.since == before + 1


def test_newest_values_tell_of_what_was_said_beside_as_if_nothing_had_been_written_before(service: Service) -> None:
    store = type(service.instance.store)()

    def newest() -> Newest:
        asked = Options(written="")
        rows = store.latest(list(range(1, 301)))
        return Newest(rows=rows, base="http://bocage.test", options=asked, images=images, since=images.since)

    images = Images()
    store.append(batch(list(range(1, 301)), [T0] * 300, [1.0] * 300)).result(5)
    newest().listed(range(1, 301))
    said = msgspec.structs.replace(batch([7], [T0 + HOUR], [2.0]), beside=np.array(['{"q":"good"}'], object))
    store.append(said).result(5)
    kept = newest().listed(range(1, 301))
    images.forget()
    assert kept == newest().listed(range(1, 301))
    assert b"good" in bytes(kept)
