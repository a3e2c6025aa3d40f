"""Ways in for what is long or packed: lines of JSON and CSV, gzip and zstd, Parquet; nothing held as a whole."""

import asyncio
import gzip
import json
import random
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import duckdb
import pytest
from backports import zstd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from tests.ingest.given import PLACE, Declared, intake

from bocage.domain.errors import PayloadError, Unavailable
from bocage.domain.plugin import Arrival
from bocage.domain.source import Mapping, Series
from bocage.ingest import parquet, plugins, unpacking
from bocage.ingest.intake import Intake
from bocage.ingest.loading import Load, load
from bocage.ingest.pieces import pieces
from bocage.ingest.streaming import Sender, Stream
from bocage.ingest.unpacking import Bursting, Unpacking

KNOWN = plugins.found()
NDJSON = "application/x-ndjson"


def line(minute: int, **more: object) -> bytes:
    time = f"2026-11-22T{minute // 60:02d}:{minute % 60:02d}:00Z"
    return json.dumps({"datastream": "hall-co2", "time": time, "result": 400 + minute % 50, **more}).encode()


def lines(count: int) -> bytes:
    return b"".join(line(minute) + b"\n" for minute in range(count))


async def parts(body: bytes, size: int) -> AsyncIterator[bytes]:
    for at in range(0, len(body), size):
        yield body[at : at + size]


def streamed(taking: Intake, body: bytes, media_type: str = NDJSON) -> Stream:
    sender = Sender(territory=PLACE, source="capteurs", media_type=media_type)
    stream = Stream(taking.reception, sender, piece_bytes=2_000)
    asyncio.run(stream.take(parts(body, 700)))
    return stream


def test_lines_of_json_of_any_number_are_taken_in_and_bad_ones_are_told_by_their_number(
    tmp_path: Path, db: Path
) -> None:
    taking = intake(tmp_path)
    body = lines(100) + b'{"datastream": "hall-co2", "time": "hier", "result": 1}\n{nope\n' + line(100)
    stream = streamed(taking, body)
    assert (stream.so_far.accepted, stream.so_far.unreadable, stream.rows) == (101, 2, 103)
    assert [(error.row, error.code) for error in stream.so_far.errors] == [(101, "time"), (102, "element")]
    assert streamed(taking, body).so_far.known == 101


def test_what_broke_off_is_told_and_sent_again_without_harm(tmp_path: Path, db: Path) -> None:
    taking = intake(tmp_path)

    async def breaking() -> AsyncIterator[bytes]:
        yield lines(200)
        raise Unavailable("a network")

    stream = Stream(taking.reception, Sender(territory=PLACE, source="capteurs", media_type=NDJSON), piece_bytes=2_000)
    with pytest.raises(Unavailable):
        asyncio.run(stream.take(breaking()))
    assert 0 < stream.rows == stream.so_far.accepted <= 200
    again = streamed(taking, lines(200)).so_far
    assert (again.known, again.accepted) == (stream.rows, 200 - stream.rows)


def test_a_table_in_parts_keeps_its_heading_and_its_quotations(tmp_path: Path, db: Path) -> None:
    taking = intake(tmp_path)
    rows = [f'hall-co2,2026-11-22T{m // 60:02d}:{m % 60:02d}:00Z,{400 + m},"a\nb"' for m in range(300)]
    body = ("datastream,time,result,note\n" + "\n".join(rows) + "\n").encode()
    assert streamed(taking, body, "text/csv").so_far.accepted == 300
    with pytest.raises(PayloadError):
        streamed(taking, b"\xff\xfe" + body, "text/csv")


@pytest.mark.parametrize("form", ["gzip", "zstd"])
def test_packed_parts_one_after_the_other_are_one_message(form: str) -> None:
    pack = gzip.compress if form == "gzip" else zstd.compress
    whole = random.Random(1).randbytes(700_000)
    packed = pack(whole[:300_000]) + pack(whole[300_000:])
    unpacking_, found = Unpacking(form), b""
    for at in range(0, len(packed), 10_000):
        for portion in unpacking_.fed(packed[at : at + 10_000]):
            assert len(portion) <= unpacking.PORTION
            found += portion
    unpacking_.end()
    assert found == whole
    cut = Unpacking(form)
    list(cut.fed(packed[:-9]))
    with pytest.raises(PayloadError):
        cut.end()


@pytest.mark.parametrize("form", ["gzip", "zstd"])
def test_a_few_bytes_that_stand_for_very_many_are_refused(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "FREE", 1 << 22)
    monkeypatch.setattr(unpacking, "TIMES", 500)
    zeros = b"\0" * (1 << 24)
    unpacking_, bomb = Unpacking(form), zstd.compress(zeros) if form == "zstd" else gzip.compress(zeros)
    with pytest.raises(Bursting):
        for _portion in unpacking_.fed(bomb):
            pass
    with pytest.raises(Bursting):
        unpacking.unpacked(bomb, form, 1 << 20)


@settings(max_examples=60, deadline=None)
@given(some.binary(max_size=300), some.sampled_from(["gzip", "zstd"]))
def test_any_bytes_unpack_or_are_a_payload_error(sent: bytes, form: str) -> None:
    for head in (b"", zlib.compress(b"a", wbits=31)[:-4], zstd.compress(b"a")[:-2]):
        try:
            unpacking.unpacked(head + sent, form, 1 << 20)
        except PayloadError:
            continue


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    some.lists(
        some.binary(max_size=30) | some.sampled_from([b"null", b"1", b"[", line(1), b'{"time": 1}']), max_size=8
    ),
    some.sampled_from(["bocage-json", "json-rows"]),
)
def test_any_lines_give_readings_or_a_payload_error(some_lines: list[bytes], declared: str) -> None:
    plugin = plugins.choose(KNOWN, declared, NDJSON)
    try:
        decoded = plugin.decode(b"\n".join(some_lines), Mapping(), Arrival())
    except PayloadError:
        return
    assert all(0 <= key < len(decoded.readings.keys) for key in decoded.readings.key)


@settings(max_examples=100, deadline=None)
@given(some.lists(some.sampled_from([b'"', b"\n", b"a", b",", b'"x\ny"\n']), max_size=60), some.integers(1, 40))
def test_pieces_are_the_whole_file_and_count_its_rows(signs: list[bytes], size: int) -> None:
    plugin = KNOWN["bocage-csv"]
    body = b"h\n" + b"".join(signs)
    cut = list(pieces([body[at : at + 7] for at in range(0, len(body), 7)], plugin, size))
    assert b"".join(piece.body[2:] for piece in cut) == body[2:]
    assert [piece.rows_before for piece in cut[1:]] == [piece.rows_before + piece.rows for piece in cut[:-1]]
    assert not cut or cut[-1].end == len(body)


def _parquet(path: Path, count: int = 120_000) -> Path:
    duckdb.sql(
        f"""COPY (SELECT 'hall-co2' AS datastream, TIMESTAMPTZ '2026-11-01' + to_seconds(i::BIGINT) AS time,
            NULL::TIMESTAMP AS "end", 400 + i % 50 / 4 AS result, [1] AS list
        FROM range({count}) AS t(i)) TO '{path}' (FORMAT PARQUET, ROW_GROUP_SIZE 20480)"""
    )
    return path


def test_a_parquet_file_is_loaded_in_portions_and_goes_on_where_it_stopped(tmp_path: Path, db: Path) -> None:
    path, taking = _parquet(tmp_path / "a[1]*.parquet"), intake(tmp_path / "data")

    def stop(_read: int) -> None:
        raise KeyboardInterrupt

    asked = Load(territory=PLACE, source="capteurs", path=path)
    with pytest.raises(KeyboardInterrupt):
        load(taking.reception, asked, stop)
    read: list[int] = []
    answer = load(taking.reception, asked, read.append)
    assert (answer.accepted, answer.known) == (70_000, 0)
    assert sum(read) == path.stat().st_size
    assert taking.store.extent()[0].count == 120_000


def test_times_of_parquet_are_those_it_means(tmp_path: Path) -> None:
    path = tmp_path / "times.parquet"
    duckdb.sql(
        f"""COPY (SELECT TIMESTAMP '2026-07-01 12:00' AS local, TIMESTAMPTZ '2026-07-01 12:00+00' AS time,
            DATE '2026-07-01' AS day, 0.1::DOUBLE + 0.2 AS x, true AS y) TO '{path}' (FORMAT PARQUET)"""
    )
    found = []
    for time in ("local", "time", "day"):
        mapping = Mapping(key="a", time=time, series=(Series(column="x"), Series(column="y")))
        readings = parquet.decode(path.read_bytes(), mapping, Arrival(zone="Europe/Paris")).readings
        found.append(int(readings.start[0]))
        assert readings.number.tolist() == [0.1 + 0.2, 1.0]
    assert [(one - found[1]) / 3_600_000 for one in found] == [-2.0, 0.0, -14.0]


def test_bytes_that_are_no_parquet_are_a_payload_error_wherever_they_are_broken(tmp_path: Path) -> None:
    whole, draw = _parquet(tmp_path / "a.parquet", 200).read_bytes(), random.Random(5)
    broken = [b"", b"PAR1", whole[:-30], b"PAR1" + b"\0" * 60 + b"PAR1"]
    for _time in range(40):
        body = bytearray(whole)
        for _place in range(draw.randint(1, 8)):
            body[draw.randrange(4, len(body))] = draw.randrange(256)
        broken.append(bytes(body))
    for sent in broken:
        try:
            parquet.decode(sent, Mapping(), Arrival())
        except PayloadError:
            continue


def test_a_source_of_tables_takes_packed_files(tmp_path: Path, db: Path) -> None:
    declared = Declared()
    declared.change("source", "capteurs", plugin="bocage-csv")
    taking = intake(tmp_path / "data", declared=declared)
    for name, pack in (("a.ndjson.zst", zstd.compress), ("b.ndjson.gz", gzip.compress)):
        (tmp_path / name).write_bytes(pack(lines(60)))
        report = taking.load(PLACE, "capteurs", tmp_path / name, progress=lambda read: None)
        assert report.answer.kept == 60
