"""Observations as CSV."""

import csv
import io

import numpy as np

from bocage.domain.inert import inert
from bocage.domain.nature import Nature, Origin, ResultKind
from bocage.domain.observation import ObservationBatch
from bocage.publish.rows import number, quoted, rows
from bocage.store.memory import MemoryStore
from bocage.store.protocol import PUBLIC, Named, Series

NAMED = [
    Named(number=1, datastream="temperature", thing="mairie", observed="air-temperature", unit="°C"),
    Named(number=2, datastream="porte", thing="gymnase, annexe", observed="state", unit=""),
]
T0 = 1_790_000_000_000


def store_of(*told: tuple[int, int, int, ResultKind, float, str | None, Origin, int]) -> MemoryStore:
    """(datastream, start, end, kind, number, text, origin, original) each."""
    store = MemoryStore()
    store.mirror([Series(number=n, territory="t", nature=Nature.GAUGE, zone="Europe/Paris") for n in (1, 2)])
    columns = list(zip(*told, strict=True))
    store.append(
        ObservationBatch(
            datastream=np.array(columns[0], np.int32),
            start=np.array(columns[1], np.int64),
            end=np.array(columns[2], np.int64),
            kind=np.array(columns[3], np.uint8),
            number=np.array(columns[4], np.float64),
            text=np.array(columns[5], object),
            origin=np.array(columns[6], np.uint8),
            original=np.array(columns[7], np.int64),
        )
    ).result()
    return store


def read(store: MemoryStore) -> list[dict[str, str]]:
    text = b"".join(rows(store, NAMED)).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_each_observation_is_one_line_with_its_origin_and_original_time() -> None:
    store = store_of(
        (1, T0, T0, ResultKind.NUMBER, 21.5, None, Origin.MEASURED, 0),
        (1, T0 + 1000, T0 + 61_000, ResultKind.NUMBER, 22.0, None, Origin.REPLAYED, T0 - 86_400_000),
    )
    first, second = read(store)
    assert first == {
        "time": "2026-09-21T14:13:20.000Z",
        "end": "",
        "datastream": "temperature",
        "thing": "mairie",
        "property": "air-temperature",
        "unit": "°C",
        "result": "21.5",
        "text": "",
        "origin": "measured",
        "original_time": "",
        "datastream_number": "1",
        "id": str((1 << 29) + 1),
        "version": "1",
        "beside": "",
    }
    assert (second["result"], second["end"]) == ("22", "2026-09-21T14:14:21.000Z")
    assert (second["origin"], second["original_time"]) == ("replayed", "2026-09-20T14:13:20.000Z")


def test_texts_booleans_and_nulls_keep_what_they_are() -> None:
    store = store_of(
        (2, T0, T0, ResultKind.TEXT, float("nan"), 'ouverte, "à demi"', Origin.MEASURED, 0),
        (2, T0 + 1, T0 + 1, ResultKind.BOOLEAN, 1.0, None, Origin.MEASURED, 0),
        (2, T0 + 2, T0 + 2, ResultKind.NULL, float("nan"), None, Origin.MEASURED, 0),
    )
    told = read(store)
    assert [row["result"] for row in told] == ["", "1", ""]
    assert [row["text"] for row in told] == ['ouverte, "à demi"', "true", ""]
    assert {row["thing"] for row in told} == {"gymnase, annexe"}


def test_a_dataset_without_observations_is_a_header() -> None:
    assert b"".join(rows(MemoryStore(), NAMED)) == (",".join(PUBLIC) + "\r\n").encode()


def test_the_rows_come_in_pieces_so_that_memory_stays_bounded() -> None:
    n = 150_000
    store = MemoryStore()
    store.mirror([Series(number=1, territory="t", nature=Nature.GAUGE, zone="Europe/Paris")])
    start = T0 + np.arange(n, dtype=np.int64) * 1000
    store.append(
        ObservationBatch(
            datastream=np.full(n, 1, np.int32),
            start=start,
            end=start,
            kind=np.zeros(n, np.uint8),
            number=np.arange(n, dtype=np.float64),
            origin=np.zeros(n, np.uint8),
        )
    ).result()
    pieces = list(rows(store, NAMED))
    assert len(pieces) >= 3
    assert sum(piece.count(b"\r\n") for piece in pieces) == n + 1
    assert max(map(len, pieces)) < 10_000_000


def test_numbers_are_the_shortest_that_read_back_the_same() -> None:
    assert [number(x) for x in (0.1, 12.0, -3.5, 1e21)] == ["0.1", "12", "-3.5", "1e+21"]
    assert float(number(0.1 + 0.2)) == 0.1 + 0.2


def test_fields_are_quoted_only_where_they_must_be() -> None:
    assert quoted("mairie") == "mairie"
    assert quoted('dite "la grande", ici') == '"dite ""la grande"", ici"'


def test_words_that_a_spreadsheet_would_run_are_held_back_and_numbers_are_not() -> None:
    store = store_of(
        (2, T0, T0, ResultKind.TEXT, float("nan"), "=1+1", Origin.MEASURED, 0),
        (2, T0 + 1, T0 + 1, ResultKind.NUMBER, -3.5, None, Origin.MEASURED, 0),
    )
    assert [(row["result"], row["text"]) for row in read(store)] == [("", "'=1+1"), ("-3.5", "")]
    assert [inert(text) for text in ("@x", "-x", "ouverte")] == ["'@x", "'-x", "ouverte"]
