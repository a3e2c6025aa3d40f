"""Messages taken in: answers, counters, unreadable bytes, files, previews."""

import asyncio
import gzip
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from tests.ingest.given import NOW, PLACE, Clock, Declared, FullStore, at, intake

from bocage.domain.errors import Missing, PayloadError, Unavailable
from bocage.domain.instant import to_ms
from bocage.domain.source import Mapping, Series, Source
from bocage.domain.text import Text
from bocage.ingest import refusals, reporting
from bocage.ingest.answer import Answer
from bocage.ingest.compiled import CODES, technical
from bocage.ingest.intake import Intake
from bocage.ingest.loading import Load, load
from bocage.ingest.quarantine import MOST_FRAMES, Frame, Quarantine
from bocage.ingest.reception import Sent
from bocage.ingest.tables import Loaded
from bocage.store.memory import MemoryStore
from bocage.words import sentence

SECRET = "a value that nobody may keep"


def _receive(taking: Intake, *messages: object, source: str = "capteurs") -> list[Answer]:
    async def all_at_once() -> list[Answer]:
        bodies = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in messages]
        sent = [Sent(body=body, media_type="application/json") for body in bodies]
        return list(await asyncio.gather(*(taking.receive(PLACE, source, one) for one in sent)))

    return asyncio.run(all_at_once())


def _reading(minute: int, result: object = 400, key: str = "hall-co2") -> dict[str, object]:
    return {"datastream": key, "time": f"2026-11-23T07:{minute:02d}:00Z", "result": result}


def test_one_reading_is_durable_when_it_is_answered(tmp_path: Path) -> None:
    taking = intake(tmp_path)
    [answer] = _receive(taking, _reading(0))
    assert (answer.accepted, answer.position) == (1, 1)
    assert taking.store.latest([1]).number.tolist() == [400.0]


def test_the_same_reading_twice_is_known_and_stored_once(tmp_path: Path) -> None:
    taking = intake(tmp_path)
    assert [one.accepted for one in _receive(taking, _reading(0))] == [1]
    assert [(one.accepted, one.known) for one in _receive(taking, _reading(0))] == [(0, 1)]


def test_a_clock_that_jumps_loses_nothing_and_counts_nothing_twice(tmp_path: Path) -> None:
    clock = Clock()
    taking = intake(tmp_path, clock=clock)
    for turn, hours in enumerate((0, 5, -5, 20)):
        clock.at = NOW + timedelta(hours=hours)
        [answer] = _receive(taking, [_reading(15 * max(turn - 1, 0)), _reading(15 * turn)])
        assert (answer.accepted, answer.refused) == (1, 0)
    later = {**_reading(0), "time": "2026-11-23T08:00:00Z"}
    clock.at = NOW - timedelta(days=365)
    [answer] = _receive(taking, later)
    assert [one.refusal.code for one in answer.reasons] == ["future"]
    clock.at = NOW
    [answer] = _receive(taking, [*(_reading(15 * turn) for turn in range(4)), later])
    assert (answer.accepted, answer.known) == (1, 4)
    assert taking.store.extent()[0].count == 5


def test_senders_of_one_turn_share_a_commit_and_each_has_its_own_answer(tmp_path: Path) -> None:
    taking = intake(tmp_path)
    asyncio.run(taking.by(PLACE, "capteurs"))  # compiled before, in no thread: messages keep their order
    messages = [_reading(0), [_reading(15), _reading(16, key="unknown")], _reading(0, result=999), [_reading(30, "x")]]
    first, second, third, fourth = _receive(taking, *messages)
    assert (first.accepted, first.refused, first.conflicts) == (1, 0, 0)
    assert (second.accepted, second.refused, second.reasons[0].rows) == (1, 1, (1,))
    assert (third.conflicts, third.conflicting) == (1, (0,))
    assert [(one.key, one.refusal.code, one.rows) for one in third.reasons] == [("hall-co2", "conflict", (0,))]
    assert (fourth.refused, fourth.reasons[0].refusal.code) == (1, "kind")
    assert taking.store.extent()[0].count == 2


def test_another_value_for_a_kept_time_is_answered_with_its_reason_and_counted(tmp_path: Path, db: Path) -> None:
    taking = intake(tmp_path)
    _receive(taking, _reading(0))
    [answer] = _receive(taking, _reading(0, result=999))
    told = reporting.document(answer, "fr", PLACE, "capteurs")
    assert (told["conflicts"], told["refusals"][0]["code"]) == (1, "conflict")
    assert "déjà gardée" in told["refusals"][0]["reason"]
    taking.refusals.flush(NOW)
    [line] = refusals.counted(PLACE)
    assert (line.key, line.code, line.count) == ("hall-co2", "conflict", 1)
    assert line.refusal.way_out.slug == "capteurs"


def test_a_source_that_may_correct_gives_a_new_version(tmp_path: Path) -> None:
    declared = Declared()
    declared.change("source", "capteurs", may_correct=True)
    taking = intake(tmp_path, declared=declared)
    _receive(taking, _reading(0))
    [answer] = _receive(taking, _reading(0, result=401))
    assert answer.corrected == 1
    assert taking.store.latest([1]).number.tolist() == [401.0]


def test_what_the_disk_cannot_hold_is_said_to_every_sender_and_passes_once_there_is_room(tmp_path: Path) -> None:
    store = FullStore()
    taking = intake(tmp_path, store=store)
    with pytest.raises(Unavailable):
        _receive(taking, _reading(0))
    store.full = False
    assert _receive(taking, _reading(0))[0].accepted == 1


def test_unreadable_bytes_of_a_permitted_source_are_kept_a_few_days(tmp_path: Path) -> None:
    taking = intake(tmp_path)
    with pytest.raises(PayloadError):
        _receive(taking, b"{nope")
    [(path, frame)] = taking.quarantine.frames(PLACE, "capteurs")
    assert frame.body == b"{nope"
    assert taking.quarantine.erase(NOW + timedelta(days=2)) == 0
    assert taking.quarantine.erase(NOW + timedelta(days=4)) == 1
    assert not path.exists()


def test_a_source_nobody_declared_leaves_its_shape_and_a_count(tmp_path: Path, db: Path) -> None:
    taking = intake(tmp_path)
    [answer] = _receive(taking, {"name": SECRET, "value": 3}, source="inconnue")
    assert answer.all_refused
    taking.refusals.flush(NOW)
    [counted] = refusals.counted(PLACE)
    assert (counted.source, counted.count) == ("inconnue", 1)
    assert counted.shape == "application/json; 52 B; name: str, value: int"
    assert not list(tmp_path.rglob("*.frame"))


def test_no_value_of_what_is_refused_is_kept_anywhere(tmp_path: Path, db: Path) -> None:
    taking = intake(tmp_path)
    _receive(taking, _reading(0, SECRET, key="unknown"))
    taking.refusals.flush(NOW)
    [counted] = refusals.counted(PLACE)
    assert (counted.key, counted.shape) == ("unknown", "text(28)")
    files = [path for folder in (tmp_path, db) for path in folder.rglob("*") if path.is_file()]
    assert not any(SECRET.encode() in path.read_bytes() for path in files)


def test_counters_add_up_over_flushes_and_a_sender_of_ever_new_names_fills_nothing(tmp_path: Path, db: Path) -> None:
    taking = intake(tmp_path)
    for _ in range(2):
        _receive(taking, [_reading(0, key=f"k{number}") for number in range(refusals.MOST_KEYS + 5)])
        taking.refusals.flush(NOW)
    counted = {one.key: one.count for one in refusals.counted(PLACE)}
    assert len(counted) == refusals.MOST_KEYS + 1
    assert counted["k0"] == 2
    assert counted[refusals.OTHERS] == 10
    assert refusals.by_promise(PLACE) == {"gdpr_05_purpose": 2 * (refusals.MOST_KEYS + 5)}


def test_refused_before_and_after_a_restart_the_window_is_the_same(tmp_path: Path) -> None:
    declared, store = Declared(), MemoryStore()
    declared.change("purpose", "mesure", cadence_seconds=900)
    assert _receive(intake(tmp_path, store, declared), _reading(0))[0].accepted == 1
    first, second, third = _receive(intake(tmp_path, store, declared), _reading(5), _reading(0), _reading(15))
    assert (first.refused, second.known, third.accepted) == (1, 1, 1)


def test_an_answer_in_words_names_the_series_the_reason_and_the_way_out(tmp_path: Path) -> None:
    [answer] = _receive(intake(tmp_path), [_reading(0), _reading(1, key="unknown"), {"datastream": "a"}])
    told = reporting.document(answer, "en", PLACE, "capteurs")
    assert (told["accepted"], told["refused"], told["unreadable"]) == (1, 1, 1)
    [refused] = told["refusals"]
    assert refused["datastream"] == "unknown"
    assert refused["reason"]
    assert refused["way_out"] == "/bourg/desk/declare?source=capteurs&key=unknown"
    assert told["errors"][0]["row"] == 2
    assert len(reporting.lines(answer, "fr")) == 2


CSV = Mapping(key="hall-co2", series=(Series(column="result"),))


def _table(rows: int, first: int = 0) -> bytes:
    lines = [
        f"2026-11-{1 + row // 1440:02d}T{row // 60 % 24:02d}:{row % 60:02d}:00Z,{400 + row % 50}" for row in range(rows)
    ]
    return "\n".join(["time,result", *lines[first:]]).encode()


def _csv_source() -> Declared:
    declared = Declared()
    source = declared.bodies["source", "capteurs"]
    assert isinstance(source, Source)
    declared.put("capteurs", msgspec.structs.replace(source, plugin="bocage-csv", mapping=CSV))
    return declared


@pytest.mark.parametrize("name", ["history.csv", "history.csv.gz"])
def test_a_file_is_loaded_in_pieces_and_twice_equals_once(tmp_path: Path, db: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(_table(500)) if name.endswith("gz") else _table(500))
    taking = intake(tmp_path / "data", declared=_csv_source())
    read: list[int] = []
    answer = _load(taking, path, read.append)
    assert answer.accepted == 500
    assert sum(read) == path.stat().st_size
    again = taking.load(PLACE, "capteurs", path, progress=read.append)
    assert (again.answer.accepted, again.answer.known) == (0, 500)
    assert again.plain()["counts"]["known"] == 500


def _load(taking: Intake, path: Path, progress: Callable[[int], None] = lambda read: None) -> Answer:
    return load(taking.reception, Load(territory=PLACE, source="capteurs", path=path), progress, piece_bytes=2_000)


def test_an_interrupted_load_goes_on_where_the_last_durable_piece_ended(tmp_path: Path, db: Path) -> None:
    path = tmp_path / "history.csv"
    path.write_bytes(_table(500))
    taking = intake(tmp_path / "data", declared=_csv_source())

    def stop(read: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _load(taking, path, stop)
    [mark] = Loaded.objects.all()
    assert 0 < mark.position < path.stat().st_size
    answer = _load(taking, path)
    assert 0 < answer.accepted < 500
    assert answer.known == 0
    assert taking.store.extent()[0].count == 500


def test_rows_of_later_pieces_keep_their_numbers(tmp_path: Path, db: Path) -> None:
    path = tmp_path / "history.csv"
    path.write_bytes(_table(500) + b"\n2026-11-22T00:00:00Z,many\n")
    answer = _load(intake(tmp_path / "data", declared=_csv_source()), path)
    assert [(error.row, error.found) for error in answer.errors] == [(502, "many")]
    assert answer.unreadable == 1


def test_a_source_nobody_declared_loads_nothing(tmp_path: Path, db: Path) -> None:
    path = tmp_path / "history.csv"
    path.write_bytes(_table(3))
    with pytest.raises(Missing):
        intake(tmp_path / "data").load(PLACE, "inconnue", path, progress=lambda read: None)


def test_a_preview_shows_the_first_rows_and_the_bad_ones_and_keeps_nothing(tmp_path: Path) -> None:
    taking = intake(tmp_path, declared=_csv_source())
    source = Source(title=Text(fr="Relevés"), plugin="bocage-csv", mapping=CSV)
    shown = taking.preview(PLACE, source, "a.csv", _table(30) + b"\nhier,4\n", n=5)
    assert [row.row for row in shown.rows] == [2, 3, 4, 5, 6]
    assert (shown.total, dict(shown.keys)) == (30, {"hall-co2": 30})
    assert [(error.row, error.code) for error in shown.errors] == [(32, "time")]
    assert taking.store.position() == 0
    assert taking.preview(PLACE, source, "a.csv", b"").failure


def test_a_packed_file_is_previewed_as_what_it_holds(tmp_path: Path) -> None:
    taking = intake(tmp_path, declared=_csv_source())
    source = Source(title=Text(fr="Relevés"), plugin="bocage-csv", mapping=CSV)
    packed = gzip.compress(_table(30))
    assert taking.preview(PLACE, source, "a.csv.gz", packed).total == 30
    assert taking.preview(PLACE, source, "a.csv.gz", packed[:-9]).failure
    assert taking.preview(PLACE, source, "a.csv.gz", b"neither").failure


def test_a_dropped_file_is_taken_and_leaves_its_report(tmp_path: Path, db: Path) -> None:
    taking = intake(tmp_path, declared=_csv_source())
    folder = tmp_path / "drop" / PLACE / "capteurs"
    folder.mkdir(parents=True)
    (folder / "good.csv").write_bytes(_table(10))
    (folder / "bad.csv").write_bytes(b"nothing,known\n1,2\n")
    (folder / ".half.csv.part").write_bytes(b"time")
    late = NOW.now(NOW.tzinfo) + timedelta(seconds=10)
    assert taking.drop(late) == "2"
    assert json.loads((folder / "done" / "good.csv.report.json").read_text())["counts"]["stored"] == 10
    refused = json.loads((folder / "refused" / "bad.csv.report.json").read_text())
    assert refused["code"] == "payload"
    assert refused["fr"][0].startswith("Attendu")
    assert "{nothing, known}" in refused["en"][0]
    assert (folder / ".half.csv.part").exists()
    assert taking.drop(late) == "0"
    taking.tidy(late + timedelta(days=2))
    assert (folder / "done" / "good.csv").exists()
    taking.tidy(late + timedelta(days=4))
    assert [path for path in folder.rglob("*") if path.is_file()] == [folder / ".half.csv.part"]


def test_a_file_still_being_copied_is_left_alone(tmp_path: Path, db: Path) -> None:
    taking = intake(tmp_path, declared=_csv_source())
    folder = tmp_path / "drop" / PLACE / "capteurs"
    folder.mkdir(parents=True)
    (folder / "good.csv").write_bytes(_table(10))
    assert taking.drop(NOW.now(NOW.tzinfo)) == "0"


def test_times_of_the_log_are_those_of_the_sender(tmp_path: Path) -> None:
    taking = intake(tmp_path)
    _receive(taking, {"datastream": "hall-co2", "time": "2026-11-23T08:00:00+01:00", "result": 1})
    assert taking.store.latest([1]).start.tolist() == [at("2026-11-23T07:00:00+00:00")]


def test_a_pushed_reading_without_a_time_is_given_the_time_it_arrived(tmp_path: Path) -> None:
    taking = intake(tmp_path)
    _receive(taking, {"datastream": "hall-co2", "result": 1})
    assert taking.store.latest([1]).start.tolist() == [to_ms(NOW)]


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("code", CODES)
def test_every_reason_of_the_gate_itself_has_its_sentence(code: str, lang: str) -> None:
    told = {"device": "a81758fffe0512aa", "failure": "It fails, and says:", "said": "TypeError"}
    said = sentence(technical(code, "capteurs", "hall-co2", **told), lang)
    assert all((said.what, said.why, said.rule, said.way_out))
    assert "{" not in said.what + said.why + said.way_out


def test_a_sender_of_garbage_fills_no_disk(tmp_path: Path) -> None:
    taking = intake(tmp_path)
    frame = Frame(at=to_ms(NOW), media_type="", name="", body=b"x")
    kept = [taking.quarantine.keep(PLACE, "capteurs", frame) for _ in range(MOST_FRAMES + 2)]
    assert kept.count(False) == 2
    assert not Quarantine(tmp_path / "none", 0).keep(PLACE, "capteurs", frame)


def test_a_message_is_read_again_once_its_source_is_mended(tmp_path: Path) -> None:
    declared = Declared()
    taking = intake(tmp_path, declared=declared)
    with pytest.raises(PayloadError):
        _receive(taking, _table(3))
    assert taking.again(PLACE) == 0
    source = declared.bodies["source", "capteurs"]
    assert isinstance(source, Source)
    declared.put("capteurs", msgspec.structs.replace(source, plugin="mended", mapping=CSV))
    csv_reader = taking.reception.plugins["bocage-csv"]
    taking.reception.plugins = {
        "mended": msgspec.structs.replace(csv_reader, id="mended", media_types=("application/json",))
    }
    assert taking.again(PLACE) == 1
    assert taking.store.extent()[0].count == 3
    assert taking.quarantine.frames(PLACE, "capteurs") == []
