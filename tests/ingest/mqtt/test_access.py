"""What opens a broker: certificates on both sides, user and password, each shown only to the broker it is for."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from tests.broker import Mosquitto
from tests.ingest.given import PLACE
from tests.ingest.mqtt.certificates import Pair, pem, signed, written
from tests.ingest.mqtt.town import SOURCE, Town, changed

from bocage.ingest.mqtt import access
from bocage.ingest.mqtt.access import Access
from bocage.ingest.mqtt.state import Phase
from bocage.ingest.mqtt.trouble import Trouble


@pytest.fixture(scope="module")
def authority() -> Pair:
    return signed("authority of a test")


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory, authority: Pair) -> Iterator[Mosquitto]:
    """A broker that asks for a certificate of its authority, and whose own is of the same."""
    folder = tmp_path_factory.mktemp("closed")
    root, _key = written(folder, "authority", authority)
    certificate, key = written(folder, "broker", signed("broker", authority))
    lines = (f"cafile {root}", f"certfile {certificate}", f"keyfile {key}", "require_certificate true")
    broker = Mosquitto(folder, *lines).start()
    yield broker
    broker.stop()


def give(town: Town, given: Access) -> None:
    town.secrets[access.name(PLACE, SOURCE)] = msgspec.json.encode(given).decode()


async def troubled(town: Town) -> None:
    await town.until(lambda: town.state.trouble is not None)


async def listening(town: Town) -> None:
    await town.until(lambda: town.state.phase is Phase.LISTENING)


def test_both_sides_show_a_certificate(db: Path, tmp_path: Path, closed: Mosquitto, authority: Pair) -> None:
    town = Town(tmp_path, closed.declared("tls/#", tls=True))
    certificate, key = pem(signed("bocage", authority))
    give(town, Access(authority=pem(authority)[0], certificate=certificate, key=key))
    asyncio.run(town.listen(lambda: listening(town)))
    assert town.state.trouble is None


def test_a_broker_whose_certificate_nobody_knows_is_not_spoken_to(db: Path, tmp_path: Path, closed: Mosquitto) -> None:
    town = Town(tmp_path, closed.declared("tls/#", tls=True))
    asyncio.run(town.listen(lambda: troubled(town)))
    assert town.state.trouble is Trouble.CERTIFICATE
    assert town.state.trouble.remedy


def test_what_is_no_certificate_is_said(db: Path, tmp_path: Path, closed: Mosquitto) -> None:
    town = Town(tmp_path, closed.declared("tls/#", tls=True))
    give(town, Access(authority="-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----"))
    asyncio.run(town.listen(lambda: troubled(town)))
    assert town.state.trouble is Trouble.SECRETS


def test_a_password_given_for_one_broker_is_never_shown_to_another(
    db: Path, tmp_path: Path, mosquitto: Mosquitto
) -> None:
    town = Town(tmp_path, mosquitto.declared("secret/#"))
    give(town, Access(place="mqtt.elsewhere.example:8883", user="town", password="open sesame"))
    asyncio.run(town.listen(lambda: troubled(town)))
    assert town.state.trouble is Trouble.SECRETS
    give(town, Access(place=mosquitto.declared().place, user="town", password="open sesame"))
    asyncio.run(town.listen(lambda: listening(town)))


def test_a_wrong_user_and_a_port_where_nobody_is_are_told_apart(
    db: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("named")
    (folder / "users").write_text("", encoding="ascii")
    named = Mosquitto(folder, "allow_anonymous false", f"password_file {folder / 'users'}").start()
    try:
        town = Town(tmp_path, named.declared("secret/#"))
        asyncio.run(town.listen(lambda: troubled(town)))
        assert town.state.trouble is Trouble.USER
    finally:
        named.stop()
    nobody = Town(tmp_path, changed(named.declared("secret/#")))
    asyncio.run(nobody.listen(lambda: troubled(nobody)))
    assert nobody.state.trouble is Trouble.CLOSED


def test_no_two_sources_share_the_name_of_a_secret() -> None:
    assert access.name("a", "b-c") != access.name("a-b", "c")
