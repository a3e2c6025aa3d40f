"""The signs at the desk: printed where a public address is set, and a way to what lacks."""

import re

import msgspec
from django.test import Client

from bocage.accounts import OPERATOR
from bocage.domain.instance_settings import InstanceSettings
from bocage.domain.organisation import Organisation, Sector
from bocage.domain.role import RoleName
from bocage.domain.sensing import Thing
from bocage.domain.sensor_notice import SensorNotice, Support
from bocage.domain.text import Text
from bocage.domain.translation import Language, Translation
from bocage.evidence import PutEntity, change

from .world import AT, HERE, World

PAGE = f"/{HERE}/desk/signs"
PUBLIC = InstanceSettings(public_url="https://donnees.ville.example")


def text_of(answer: object) -> str:
    return re.sub(r"[\u00a0\u202f]", " ", answer.content.decode())  # type: ignore[attr-defined]


def noticed(world: World, *languages: Language) -> None:
    """A notice for the school, in French, English and these."""
    some = tuple(Translation(language=one, title=one.value, why=one.value) for one in languages)
    title, why = Text(fr="Air des classes", en="Air of the classes"), Text(fr="Aérer", en="To air")
    notice = SensorNotice(title=title, why=why, contact=Text(fr="Mairie"), things=("ecole",), translations=some)
    world.put("sensor-notice", "air", notice)


def outside(world: World) -> None:
    """A pole in the street, without a notice."""
    pole = Thing(title=Text(fr="Mât de la place"), public_space=True, location=(-1.5, 47.2))
    change(HERE, OPERATOR, [PutEntity(slug="mat", entity=pole)], AT)


def test_without_a_public_address_the_desk_says_so_in_four_lines(world: World) -> None:
    noticed(world)
    page = text_of(world.sign_in().get(PAGE))
    assert "ne mènerait nulle part" in page
    assert "Règle : information du public sur les capteurs" in page
    assert "notices/air.pdf" not in page


def test_signs_are_printed_one_by_one_by_thing_and_all_together(world: World) -> None:
    noticed(world)
    world.parts.chosen.choose(PUBLIC)
    page = text_of(world.sign_in().get(PAGE))
    assert f"/api/{HERE}/notices/air.pdf?size=a5" in page
    assert f"/api/{HERE}/notices/air.pdf?thing=ecole&amp;size=a4" in page
    assert f'action="/api/{HERE}/notices.pdf"' in page


def test_what_stands_in_public_space_without_a_notice_is_shown_with_the_way_to_write_it(world: World) -> None:
    outside(world)
    page = text_of(world.sign_in().get(PAGE))
    assert "Mât de la place" in page
    assert f"/{HERE}/desk/registers/sensor-notice/new?things=mat" in page
    reader = text_of(world.sign_in(RoleName.DPO, email="dpo@ville.example").get(PAGE))
    assert "Mât de la place" in reader
    assert "sensor-notice/new" not in reader


def test_the_map_shows_both(world: World) -> None:
    noticed(world)
    outside(world)
    found = world.sign_in().get(f"{PAGE}/points.json").json()["features"]
    states = {one["properties"]["slug"]: one["properties"]["state"] for one in found}
    assert states == {"ecole": "measured", "mat": "refused"}
    public = Client(HTTP_HOST="localhost").get(f"/{HERE}/notices/points.json").json()["features"]
    assert [one["properties"]["slug"] for one in public] == ["ecole"]


def test_one_translation_alone_is_told_not_to_be_enough(world: World) -> None:
    noticed(world)
    assert "il y en a une" in text_of(world.sign_in().get(PAGE))


def test_two_translations_are_named(world: World) -> None:
    noticed(world, Language.GERMAN)
    page = text_of(world.sign_in().get(PAGE))
    assert re.search(r"En français et :\s+Anglais, Allemand", page)


def test_translations_are_written_in_the_form_each_language_once(world: World) -> None:
    desk, form = world.sign_in(), f"/{HERE}/desk/registers/sensor-notice/new"
    sent = {"expected": "0", "slug": "air", "title.fr": "Air", "translations.0.language": "de"}
    sent |= {"translations.0.title": "Luft", "translations.1.language": "de", "translations.1.title": "Luft"}
    answer = desk.post(form, sent)
    assert answer.status_code == 422
    assert "Chaque langue une seule fois" in text_of(answer)
    assert desk.post(form, sent | {"translations.1.language": "es"}).status_code == 302
    page = text_of(Client(HTTP_HOST="localhost").get(f"/{HERE}/notices/air"))
    assert '<p lang="de"><strong>Luft</strong>' in page


def test_everyone_reads_the_list_and_prints_when_there_is_an_address(world: World) -> None:
    noticed(world)
    anyone = Client(HTTP_HOST="localhost")
    page = text_of(anyone.get(f"/{HERE}/notices"))
    assert "Air des classes" in page
    assert "air.pdf" not in page
    world.parts.chosen.choose(PUBLIC)
    assert "air.pdf?size=a4" in text_of(anyone.get(f"/{HERE}/notices"))
    assert "air.pdf?size=a4" in text_of(anyone.get(f"/{HERE}/notices/air"))


def test_the_desk_of_signs_is_for_agents(world: World) -> None:
    assert Client(HTTP_HOST="localhost").get(PAGE).status_code == 302


def test_words_of_dtpr_are_said_in_words_on_the_form_and_on_the_declaration(world: World) -> None:
    notice = SensorNotice(title=Text(fr="Air"), things=("ecole",), technology=("tech__thermometer",))
    world.put("sensor-notice", "air", notice)
    desk, place = world.sign_in(), f"/{HERE}/desk/registers/sensor-notice/air"
    assert "Thermomètre" in text_of(desk.get(place))
    form = text_of(desk.get(f"{place}/edit"))
    assert "tech__thermometer" not in text_of(desk.get(place)) + form
    assert re.search(r'name="technology" value="thermometer" checked', form)


def test_the_notice_tells_everyone_whose_the_pole_is_and_whether_its_owner_agreed(world: World) -> None:
    world.put("organisation", "reseau", Organisation(title=Text(fr="Réseau électrique"), sector=Sector.COMPANY))
    support = Support(owner="reseau", road="Permission 2026-7")
    notice = SensorNotice(title=Text(fr="Air"), things=("ecole",), support=support)
    world.put("sensor-notice", "air", notice)
    page = text_of(Client().get(f"/{HERE}/notices/air"))
    assert "Réseau électrique" in page
    assert "Permission 2026-7" in page
    assert "Pas encore noté" in page
    agreed = msgspec.structs.replace(support, agreement="Convention 12", agreed=AT.date())
    world.put("sensor-notice", "agreed", msgspec.structs.replace(notice, support=agreed))
    page = text_of(Client().get(f"/{HERE}/notices/agreed"))
    assert "Convention 12" in page
    assert "Pas encore noté" not in page
