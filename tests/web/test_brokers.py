"""The page of a broker: what stands there, what is kept of its secrets, who may give them."""

import msgspec
import pytest
from django.test import Client

from bocage.accounts import people
from bocage.accounts.chosen import ENVIRONMENT
from bocage.domain.broker import Broker
from bocage.domain.role import RoleName
from bocage.domain.source import Source, Transport
from bocage.domain.text import Text
from bocage.ingest.answer import Answer, Reason
from bocage.ingest.compiled import technical
from bocage.ingest.mqtt import access
from bocage.ingest.mqtt.access import Access
from bocage.ingest.mqtt.state import Came
from bocage.ingest.mqtt.trouble import Trouble

from .world import AT, HERE, World

PAGE = f"/{HERE}/desk/connect/brokers/passerelle"
BROKER = Broker(host="mqtt.example", topics=("ecoles/#",))
PLACE = (HERE, "passerelle")


@pytest.fixture
def listened(world: World) -> World:
    title = Text(fr="Passerelle")
    world.put("source", "passerelle", Source(title=title, purpose="aerer", transport=Transport.MQTT, broker=BROKER))
    return world


def kept(world: World) -> Access | None:
    found = world.parts.chosen.secret(access.name(HERE, "passerelle"))
    return msgspec.json.decode(found, type=Access) if found else None


def test_the_page_says_what_came_why_it_was_refused_and_how_to_mend_it(listened: World, desk: Client) -> None:
    reason = Reason(key="salle-9", refusal=technical("undeclared", "passerelle", "salle-9"), count=1)
    came = Came(at=AT, topic="ecoles/salle-9", messages=1, answer=Answer(refused=1, reasons=(reason,)))
    listened.parts.intake.brokers.listening(PLACE, AT, ())
    listened.parts.intake.brokers.took(PLACE, came, 0)
    page = desk.get(PAGE).content.decode()
    assert "à l’écoute" in page
    assert "ecoles/salle-9" in page
    assert "key=salle-9" in page
    assert "mosquitto_pub -h mqtt.example -p 8883" in page
    assert "à l’écoute" in desk.get(f"/{HERE}/desk/connect").content.decode()


def test_the_page_says_what_went_wrong_and_what_to_do(listened: World, desk: Client) -> None:
    listened.parts.intake.brokers.troubled(PLACE, Trouble.CERTIFICATE, "self-signed certificate", AT)
    page = desk.get(PAGE).content.decode()
    assert "ne reconnaît pas le certificat" in page
    assert "self-signed certificate" in page
    assert "Donnez ci-dessous le certificat" in page


def test_secrets_are_kept_apart_for_that_broker_and_shown_nowhere_again(listened: World, desk: Client) -> None:
    asked: list[tuple[str, str]] = []
    listened.parts.intake.restart = lambda territory, source: asked.append((territory, source))
    desk.post(f"{PAGE}/access", {"user": "bocage", "password": "sésame"})
    assert kept(listened) == Access(place="mqtt.example:8883", user="bocage", password="sésame")
    assert asked == [PLACE]
    page = desk.get(PAGE).content.decode()
    assert "sésame" not in page
    desk.post(f"{PAGE}/access", {"user": "bocage", "password": ""})
    assert kept(listened) == Access(place="mqtt.example:8883", user="bocage", password="sésame")
    desk.post(f"{PAGE}/access", {"user": "another", "password": ""})
    assert kept(listened) == Access(place="mqtt.example:8883", user="another")
    desk.post(f"{PAGE}/access", {"do": "forget"})
    assert kept(listened) is None


def test_what_is_no_certificate_is_not_kept(listened: World, desk: Client) -> None:
    answer = desk.post(f"{PAGE}/access", {"authority": "not a certificate"})
    assert answer.status_code == 422
    assert "première et dernière lignes" in answer.content.decode()
    assert kept(listened) is None


def test_who_may_not_issue_tokens_opens_no_broker(listened: World) -> None:
    officer = listened.sign_in(RoleName.SECURITY_OFFICER, email="rssi@ville.example")
    page = officer.get(PAGE)
    assert page.status_code == 200
    assert "access-title" not in page.content.decode()
    assert officer.post(f"{PAGE}/access", {"user": "x"}).status_code == 403
    assert kept(listened) is None


def test_a_source_without_a_broker_says_how_it_gets_one(world: World, desk: Client) -> None:
    page = desk.get(f"/{HERE}/desk/connect/brokers/capteurs")
    assert page.status_code == 200
    assert "registers/source/capteurs/edit" in page.content.decode()
    assert desk.get(f"/{HERE}/desk/connect/brokers/nobody").status_code == 404


def test_a_secret_of_the_environment_comes_first(
    listened: World, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = msgspec.json.encode(Access(user="of-the-operator")).decode()
    monkeypatch.setenv(ENVIRONMENT + access.name(HERE, "passerelle").upper(), given)
    assert "of-the-operator" in desk.get(PAGE).content.decode()


def test_the_broker_to_publish_to_is_set_by_whoever_administers_the_instance(world: World) -> None:
    from bocage.domain.instance_settings import Publication

    address = f"/{HERE}/desk/settings/publication"
    typed = {"do": "keep", "publication.host": "mqtt.example", "publication.tls": "on", "publication.version": "5"}
    other = world.sign_in(RoleName.DATA_ADMINISTRATOR, email="donnees@ville.example")
    assert other.post(address, typed).status_code == 403
    chief = world.sign_in(RoleName.ADMINISTRATOR, email="chef@ville.example")
    people.make_administrator(next(one.account for one in people.listed() if one.email == "chef@ville.example"))
    chief.post(address, {**typed, "publication_user": "bocage", "publication_password": "sésame"})
    assert world.parts.chosen.now.publication == Publication(host="mqtt.example")
    secret = world.parts.chosen.secret(access.PUBLISHING)
    assert msgspec.json.decode(secret, type=Access).password == "sésame"
    page = chief.get(f"/{HERE}/desk/settings").content.decode()
    assert "sésame" not in page
    assert "mqtt.example" in page
    chief.post(address, {"do": "stop"})
    assert world.parts.chosen.now.publication is None
    assert world.parts.chosen.secret(access.PUBLISHING) == ""
