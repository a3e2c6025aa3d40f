"""A value without a time that a broker sends again is of when it first came; what it sends anew is not."""

from pathlib import Path

from tests.ingest.given import PLACE
from tests.ingest.mqtt.town import SOURCE, Town

from bocage.domain.broker import Broker, Payload
from bocage.domain.source import Mapping
from bocage.ingest.mqtt.stamps import LONGEST, MOST, Stamps, erase
from bocage.ingest.mqtt.taking import Taking
from bocage.ingest.mqtt.wire import Publish


def message(mid: int, body: bytes = b"612", *, again: bool = False) -> Publish:
    return Publish("hall/co2", body, mid, False, len(body), again)


def test_what_was_given_is_known_to_the_next_process(tmp_path: Path) -> None:
    Stamps(tmp_path / "town" / "source").note([(message(7), 1_000), (message(8, b"613"), 1_001)])
    found = Stamps(tmp_path / "town" / "source")
    assert found.first(message(7, again=True)) == 1_000
    assert found.first(message(8, b"613", again=True)) == 1_001


def test_another_message_under_the_same_number_is_another_one(tmp_path: Path) -> None:
    stamps = Stamps(tmp_path / "source")
    stamps.note([(message(7), 1_000)])
    assert stamps.first(message(7)) is None
    assert stamps.first(message(7, b"613", again=True)) is None
    stamps.note([(message(7), 2_000)])
    assert Stamps(tmp_path / "source").first(message(7, again=True)) == 2_000


def test_memory_and_file_stay_small(tmp_path: Path) -> None:
    stamps = Stamps(tmp_path / "source")
    for first in range(0, 3 * MOST, 1_000):
        stamps.note([(message(n % 65_535 + 1), 1_000 + n) for n in range(first, first + 1_000)])
    assert len((tmp_path / "source").read_text().splitlines()) <= 2 * MOST
    assert stamps.first(message(1, again=True)) is None


def test_nothing_of_what_was_sent_stays_for_long(tmp_path: Path) -> None:
    stamps = Stamps(tmp_path / "town" / "source")
    stamps.note([(message(mid), 1_000 + mid) for mid in range(1, 301)])
    stamps.note([(message(400), 1_000 + LONGEST + 400)])
    assert stamps.first(message(7, again=True)) is None
    assert len((tmp_path / "town" / "source").read_text().splitlines()) == 1
    erase(tmp_path, (tmp_path / "town" / "source").stat().st_mtime + 1)
    assert not (tmp_path / "town" / "source").exists()


def test_a_value_whose_acknowledgement_was_lost_is_kept_once(db: Path, tmp_path: Path) -> None:
    broker = Broker(host="mqtt.example", topics=("#",), payload=Payload.VALUE, parts="{room}/{property}")
    town = Town(tmp_path, broker, mapping=Mapping(key="{room}-{property}"))
    assert Taking(town.taking.reception, PLACE, SOURCE).take([message(7), message(8)]).answer.accepted == 2
    killed = Taking(town.taking.reception, PLACE, SOURCE)  # the next process
    answer = killed.take([message(7, again=True), message(8, again=True), message(9, b"613")]).answer
    assert (answer.known, answer.accepted) == (2, 1)
    assert town.held() == [612, 612, 613]


def test_no_digest_of_an_identifier_is_remembered_since_it_could_be_tried(db: Path, tmp_path: Path) -> None:
    broker = Broker(host="mqtt.example", topics=("#",), payload=Payload.VALUE, parts="{room}/{property}")
    town = Town(tmp_path, broker, mapping=Mapping(key="{room}-{property}"), pseudonyms=True)
    plate = Publish("hall/door", b"AB-123-CD", 7, False, 9)
    Taking(town.taking.reception, PLACE, SOURCE).take([plate])
    Stamps(tmp_path / "other").note([(plate, 1)])
    digest = (tmp_path / "other").read_text().split(" ")[1]
    [written] = (tmp_path / "stamps").glob("*/*")
    assert written.read_text().startswith("7 ")
    assert digest not in written.read_text()
