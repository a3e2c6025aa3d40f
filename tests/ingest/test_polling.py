"""Addresses read at their interval, and only when something changed there."""

from datetime import timedelta
from pathlib import Path

import httpx
import msgspec
import pytest
from tests.ingest.given import NOW, PLACE, Declared, intake

from bocage import registers, sources
from bocage.domain.dataset import Sensitivity
from bocage.domain.declaration import Key
from bocage.domain.purpose import LegalBasis
from bocage.domain.source import Source, Transport
from bocage.domain.text import Text
from bocage.ingest.polling import Polling, state
from bocage.ingest.tables import Polled
from bocage.jobs import Said

ADDRESS = "https://sensors.example/feed.json"
BODY = b'[{"datastream": "hall-co2", "time": "2026-11-23T07:00:00Z", "result": 640}]'


class Server:
    """An address that answers what a test says, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.status, self.body = 200, BODY

    def __call__(self, address: str, headers: dict[str, str]) -> httpx.Response:
        self.asked.append(headers)
        if self.status == 0:
            raise httpx.ConnectError("nobody answers")
        if headers.get("If-None-Match") == '"1"' and self.status == 200:
            return httpx.Response(304)
        return httpx.Response(
            self.status, content=self.body, headers={"ETag": '"1"', "Content-Type": "application/json"}
        )


@pytest.fixture
def declared(db: Path) -> Declared:
    """The same declarations for the gate and, for the list of addresses, in the registers."""
    found = Declared()
    found.change("source", "capteurs", transport=Transport.POLL, address=ADDRESS, every_seconds=900)
    territory, source = found.bodies["territory", PLACE], found.bodies["source", "capteurs"]
    puts = [
        registers.Put(key=Key(territory=PLACE, kind=body.kind, slug=slug), body=body)
        for slug, body in ((PLACE, territory), ("capteurs", source))
    ]
    registers.record(puts, "operator", NOW, PLACE)
    return found


def told(sentences: tuple[Said, ...]) -> str:
    return " ".join(one.message % one.values for one in sentences)


def test_an_address_is_read_at_its_interval_and_kept_once(tmp_path: Path, declared: Declared) -> None:
    taking, server = intake(tmp_path, declared=declared), Server()
    polling = Polling(taking.reception, server)
    assert told(polling.poll(NOW)) == "bourg/capteurs: 1 kept, 0 known already, 0 refused, 0 unreadable."
    assert polling.poll(NOW + timedelta(minutes=5)) == ()
    assert told(polling.poll(NOW + timedelta(minutes=15))) == "bourg/capteurs: nothing new."
    assert server.asked == [{}, {"If-None-Match": '"1"'}]
    assert taking.store.extent()[0].count == 1


def test_an_address_that_fails_is_left_alone_ever_longer_and_forgotten_once_it_answers(
    tmp_path: Path, declared: Declared
) -> None:
    taking, server = intake(tmp_path, declared=declared), Server()
    polling, server.status = Polling(taking.reception, server), 0
    assert "nobody answers" in told(polling.poll(NOW))
    assert polling.poll(NOW + timedelta(minutes=29)) == ()
    server.status = 500
    assert "500" in told(polling.poll(NOW + timedelta(minutes=30)))
    assert polling.poll(NOW + timedelta(minutes=89)) == ()
    server.status = 200
    assert told(polling.poll(NOW + timedelta(minutes=90))).startswith("bourg/capteurs: 1 kept")
    [mark] = Polled.objects.all()
    assert mark.failures == 0


def test_what_cannot_be_read_is_said_and_asked_for_again(tmp_path: Path, declared: Declared) -> None:
    taking, server = intake(tmp_path, declared=declared), Server()
    server.body = b"<html>"
    assert "JSON" in told(Polling(taking.reception, server).poll(NOW))
    [mark] = Polled.objects.all()
    assert (mark.etag, mark.failures) == ("", 1)


def test_a_source_that_is_pushed_is_not_polled(tmp_path: Path, declared: Declared) -> None:
    source = declared.bodies["source", "capteurs"]
    assert isinstance(source, Source)
    pushed = msgspec.structs.replace(source, transport=Transport.PUSH)
    key = Key(territory=PLACE, kind="source", slug="capteurs")
    registers.record([registers.Put(key=key, body=pushed, expected=registers.ANY)], "operator", NOW, PLACE)
    assert Polling(intake(tmp_path, declared=declared).reception, Server()).poll(NOW) == ()


def test_the_time_a_server_says_is_heard_by_whoever_listens(tmp_path: Path, declared: Declared) -> None:
    heard: list[tuple[str, str, bool]] = []
    polling = Polling(intake(tmp_path, declared=declared).reception, Server())
    polling.hear = lambda host, headers, before, after: heard.append((host, headers["etag"], before <= after))
    polling.poll(NOW)
    assert heard == [("sensors.example", '"1"', True)]


class Bikes:
    """The feeds of a system of shared bikes; only what changed is given again."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        folder = Path(sources.__file__).parent / "gbfs" / "examples"
        self.files = {name: (folder / f"{name}.json").read_bytes() for name in ("gbfs-3", "station-status-3")}

    def __call__(self, address: str, headers: dict[str, str]) -> httpx.Response:
        name = address.rsplit("/", 1)[-1]
        self.asked.append(name)
        if name == "busy":
            return httpx.Response(429, headers={"Retry-After": "7200"})
        if headers.get("If-None-Match"):
            return httpx.Response(304)
        body = {
            "gbfs.json": self.files["gbfs-3"].replace(b"velo.example", b"sensors.example"),
            "station_status": self.files["station-status-3"],
        }.get(name, b'{"last_updated": "2026-11-23T08:00:00Z", "ttl": 3600, "data": {"stations": []}}')
        return httpx.Response(200, content=body, headers={"ETag": '"1"', "Content-Type": "application/json"})


def test_feeds_of_bikes_are_found_read_when_they_changed_and_not_before_they_may(
    tmp_path: Path, declared: Declared
) -> None:
    declared.change("source", "capteurs", plugin="gbfs", address="https://sensors.example/gbfs.json", every_seconds=10)
    source = declared.bodies["source", "capteurs"]
    key = Key(territory=PLACE, kind="source", slug="capteurs")
    [entry] = [one for one in registers.current(PLACE, "source") if one.key == key]
    registers.record([registers.Put(key=key, body=source, expected=entry.version)], "operator", NOW, PLACE)
    taking, server = intake(tmp_path, declared=declared), Bikes()
    polling = Polling(taking.reception, server)
    assert "7 refused, 2 unreadable" in told(polling.poll(NOW))  # nobody declared the stations
    feeds = ["station_information", "station_status", "vehicle_status"]
    assert server.asked == ["gbfs.json", *feeds]
    assert polling.poll(NOW + timedelta(seconds=30)) == ()
    assert told(polling.poll(NOW + timedelta(seconds=61))) == "bourg/capteurs: nothing new."
    assert server.asked[4:] == ["gbfs.json", *feeds]


def test_a_server_that_is_busy_is_asked_again_when_it_says(tmp_path: Path, declared: Declared) -> None:
    taking, server = intake(tmp_path, declared=declared), Bikes()
    polling = Polling(taking.reception, lambda _address, headers: server("busy", headers))
    assert "429" in told(polling.poll(NOW))
    assert polling.poll(NOW + timedelta(minutes=119)) == ()
    assert "429" in told(polling.poll(NOW + timedelta(minutes=121)))
    found = state(PLACE, "capteurs", Source(title=Text(fr="Capteurs"), every_seconds=900))
    assert found is not None
    assert (found.failures, found.took) == (2, None)


def test_identifiers_of_an_address_become_pseudonyms_and_no_failure_quotes_them(
    tmp_path: Path, declared: Declared
) -> None:
    declared.change("purpose", "mesure", personal=True, legal_basis=LegalBasis.PUBLIC_TASK)
    declared.change("dataset", "air", sensitivity=Sensitivity.PERSONAL)
    declared.change("source", "capteurs", pseudonyms=True)
    source = declared.bodies["source", "capteurs"]
    key = Key(territory=PLACE, kind="source", slug="capteurs")
    registers.record([registers.Put(key=key, body=source, expected=registers.ANY)], "operator", NOW, PLACE)
    taking, server = intake(tmp_path, declared=declared), Server()
    server.body = BODY.replace(b"hall-co2", b"hall-door").replace(b"640", b'"AB-123-CD"')
    polling = Polling(taking.reception, server)
    assert told(polling.poll(NOW)).startswith("bourg/capteurs: 1 kept")
    assert "AB-123-CD" not in repr(taking.store.window(2, 0, 2**53).text)
    server.status, server.body = 201, b'{"AB-123-CD": }'
    assert "PayloadError" in told(polling.poll(NOW + timedelta(minutes=15)))
