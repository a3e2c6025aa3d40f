"""Identifiers become pseudonyms of the day before anything is kept; what was sent is nowhere on the disk."""

import asyncio
import json
import stat
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.ingest.given import NOW, PLACE, Clock, Declared, intake

from bocage.commitments import behaviour
from bocage.domain.dataset import Sensitivity
from bocage.domain.errors import BocageError, Invalid, Unavailable
from bocage.domain.purpose import LegalBasis
from bocage.ingest.answer import Answer
from bocage.ingest.intake import Intake
from bocage.ingest.loading import Load, load
from bocage.ingest.pseudonyms import Pseudonyms, pseudonym
from bocage.ingest.reception import Sent
from bocage.store.memory import MemoryStore

PLATE = "AB-123-CD"


def declared() -> Declared:
    out = Declared()
    out.change("purpose", "mesure", personal=True, legal_basis=LegalBasis.PUBLIC_TASK)
    out.change("dataset", "air", sensitivity=Sensitivity.PERSONAL)
    out.change("source", "capteurs", pseudonyms=True)
    return out


def send(taking: Intake, *results: object, key: str = "hall-door", hour: int = 7) -> Answer:
    body = [
        {"datastream": key, "time": f"2026-11-2{3 + hour // 24}T{hour % 24:02d}:{place:02d}:00Z", "result": result}
        for place, result in enumerate(results)
    ]
    sent = Sent(body=json.dumps(body).encode(), media_type="application/json")
    return asyncio.run(taking.receive(PLACE, "capteurs", sent))


def kept(taking: Intake) -> list[str]:
    columns = taking.store.window(2, 0, 2**53)
    return [str(text) for text in columns.text.tolist()]


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def taking(tmp_path: Path) -> Intake:
    return intake(tmp_path, MemoryStore(), declared(), Clock())


def test_an_identifier_is_kept_as_a_pseudonym_and_written_nowhere(taking: Intake, tmp_path: Path) -> None:
    send(taking, PLATE, "ab 123 cd", "EF-456-GH")
    first, same, other = kept(taking)
    assert first == same != other
    assert len(first) == 32
    assert PLATE.encode() not in everything(tmp_path)


def test_the_next_day_the_same_identifier_is_another_and_the_former_key_is_gone(tmp_path: Path) -> None:
    clock = Clock()
    taking = intake(tmp_path, MemoryStore(), declared(), clock)
    send(taking, PLATE)
    [key] = (tmp_path / "pseudonyms").glob("*.key")
    before = key.read_bytes()
    clock.at = NOW + timedelta(hours=16)  # the day of the territory is over: 1 in the morning in Paris
    send(taking, PLATE, hour=24)
    one, two = kept(taking)
    assert one != two
    [left] = (tmp_path / "pseudonyms").iterdir()
    assert left != key
    assert before not in everything(tmp_path)


def test_the_key_is_for_its_owner_alone_and_goes_without_any_reading(taking: Intake, tmp_path: Path) -> None:
    send(taking, PLATE)
    folder = tmp_path / "pseudonyms"
    [key] = folder.iterdir()
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert taking.pseudonyms.turn(PLACE, NOW.date()) == 0
    assert taking.pseudonyms.turn(PLACE, NOW.date() + timedelta(days=1)) == 1
    assert list(folder.iterdir()) == []


def test_who_is_late_destroys_no_key_of_the_day_and_what_a_crash_left_goes_too(tmp_path: Path) -> None:
    keys, today = Pseudonyms(tmp_path / "pseudonyms"), NOW.date()
    left = tmp_path / "pseudonyms" / f"{PLACE}.{today - timedelta(days=1)}.77-0badcafe"
    key = keys._key(PLACE, today)
    left.write_bytes(b"k" * 32)
    keys._key(PLACE, today - timedelta(days=1))  # of readings that were taken in just before midnight
    assert keys._key(PLACE, today) == key
    assert keys.turn(PLACE, today) == 1
    assert [path.read_bytes() for path in (tmp_path / "pseudonyms").iterdir()] == [key]


def test_processes_that_share_the_folder_share_the_key(tmp_path: Path) -> None:
    texts = []
    for _process in range(2):
        taking = intake(tmp_path, MemoryStore(), declared(), Clock())
        send(taking, PLATE)
        texts += kept(taking)
    assert texts[0] == texts[1]
    [key] = (tmp_path / "pseudonyms").iterdir()
    late = Pseudonyms(tmp_path / "pseudonyms", lambda size: b"x" * size)  # would draw another
    assert late._key(PLACE, NOW.date()) == key.read_bytes()


def test_what_a_killed_process_left_of_a_key_goes_with_it(taking: Intake, tmp_path: Path) -> None:
    send(taking, PLATE)
    folder = tmp_path / "pseudonyms"
    [key] = folder.iterdir()
    (folder / f"{key.stem}.123-left").hardlink_to(key)  # killed before it removed its half
    with key.open("rb") as held:
        assert taking.pseudonyms.turn(PLACE, NOW.date() + timedelta(days=1)) == 1
        assert held.read() == bytes(32)
    assert list(folder.iterdir()) == []


def test_no_pseudonym_is_made_with_what_is_left_of_a_key_that_is_being_destroyed(
    taking: Intake, tmp_path: Path
) -> None:
    send(taking, PLATE)
    [key] = (tmp_path / "pseudonyms").iterdir()
    key.write_bytes(bytes(32))
    with pytest.raises(Unavailable):
        send(taking, PLATE)


def test_no_pseudonym_looks_like_what_names_a_person() -> None:
    texts = [pseudonym(b"k" * 32, ("a", "door", f"{number}")) for number in range(5_000)]
    assert len(set(texts)) == 5_000
    assert behaviour.personal_patterns(np.array(texts, dtype=np.object_)) == ()


def test_nothing_links_two_purposes_or_two_places() -> None:
    key = b"k" * 32
    texts = {pseudonym(key, parts) for parts in (("a", "door", PLATE), ("b", "door", PLATE), ("a", "gate", PLATE))}
    assert len(texts) == 3


def test_an_identifier_sent_as_a_number_is_refused_where_words_are_awaited(taking: Intake) -> None:
    answer = send(taking, 1_234_567, PLATE, True)
    assert [reason.refusal.code for reason in answer.reasons] == ["identifier-number"]
    assert len(kept(taking)) == 2
    assert 1_234_567 not in taking.store.window(2, 0, 2**53).number.tolist()


@pytest.mark.usefixtures("db")
def test_what_is_refused_names_nobody_either(taking: Intake, tmp_path: Path) -> None:
    from bocage.ingest.tables import Refused

    send(taking, 1, key=PLATE)
    with pytest.raises(BocageError):
        asyncio.run(taking.receive(PLACE, "capteurs", Sent(body=f"?{PLATE}".encode(), media_type="application/json")))
    named = Sent(body=json.dumps({PLATE: 1}).encode(), media_type="application/json")
    with pytest.raises(BocageError):
        asyncio.run(taking.receive(PLACE, "capteurs", named))
    taking.reception.flush(NOW)
    assert PLATE.encode() not in everything(tmp_path)
    assert not any(PLATE in repr(list(row.values())) for row in Refused.objects.values())


def test_a_purpose_that_says_that_nobody_is_concerned_takes_none(tmp_path: Path) -> None:
    here = declared()
    here.change("purpose", "mesure", personal=False)
    taking = intake(tmp_path, MemoryStore(), here, Clock())
    by = taking.gate.compiled(PLACE, "capteurs")
    assert {reason.code for place in by.keys.values() for reason in by.reasons(place)} >= {"personal-denied"}


def test_a_file_of_identifiers_is_not_read(taking: Intake, tmp_path: Path) -> None:
    path = tmp_path / "plaques.csv"
    path.write_text("datastream,time,result\n")
    with pytest.raises(Invalid):
        load(taking.reception, Load(territory=PLACE, source="capteurs", path=path), lambda read: None)
