"""Nobody acts on equipment alone, told over HTTP both ways: refused to one, approved by another, and back by itself."""

import asyncio
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import httpx
import msgspec
from django.test import Client, override_settings
from starlette.applications import Starlette
from tests.orders.given import declare
from tests.orders.receiver import listening

from bocage import orders, outbox
from bocage.api import orders as programs
from bocage.api import problem
from bocage.assembly.telling import asking
from bocage.domain.errors import BocageError
from bocage.domain.instance_settings import InstanceSettings, Mail
from bocage.domain.letter import Letter
from bocage.domain.role import RoleName
from bocage.publish.subscribers import Signer, post

from .world import AT, HERE, World

PAGE = f"/{HERE}/desk/orders"
ORDER = {"actuator": "lampes", "value": "50", "minutes": "60", "reason": "Veillée sur la place"}
BOTH = (RoleName.STEWARD, RoleName.ADMINISTRATOR)


def text(answer: Any) -> str:
    return str(answer.content.decode()).replace("\u202f", " ").replace("\u00a0", " ")


def signed(world: World) -> Signer:
    return Signer(world.parts.data / "keys" / "webhooks.pem")


def turn(world: World, later: timedelta) -> None:
    """What the instance does by itself, so much later."""
    carrying = orders.Carrying(signed(world), post, lambda: AT + later)
    orders.Turning(world.parts.store).turn(AT + later)
    outbox.Deliverer({orders.KIND: carrying.carry}, lambda: AT + later).run(AT + later)


def test_an_order_is_refused_to_one_person_approved_by_another_and_goes_back_by_itself(world: World) -> None:
    one = world.sign_in(*BOTH, email="une@ville.example")
    other = world.sign_in(RoleName.DECIDER, email="autre@ville.example")
    anyone = Client(HTTP_HOST="localhost")
    with listening(signed(world).public()) as equipment:
        declare(world, equipment.address)
        prepared = text(one.post(f"{PAGE}/prepare", ORDER, follow=True))
        assert "serait réglé sur « veillée » (50 %) pendant 1 heure, puis reviendrait de lui-même à 100 %" in prepared
        assert "Vous l’avez préparé" in prepared
        assert "/orders/1/approve" not in prepared
        refused = one.post(f"{PAGE}/1/approve")
        assert refused.status_code == 422
        assert "La personne qui approuve est celle qui a préparé l’ordre" in text(refused)
        assert "deux personnes pour un ordre" in text(refused)
        assert f'href="/{HERE}/desk/registers/role"' in text(refused)
        turn(world, timedelta())
        assert equipment.types() == []
        register = f"/{HERE}/registers/actuator/lampes"
        assert "La personne qui approuve" in text(anyone.get(register))
        assert "La personne qui approuve" in text(anyone.get(f"/{HERE}/refusals"))
        assert "Veillée" not in text(anyone.get(register))
        assert "1 attend" in text(other.get(PAGE))
        given = text(other.post(f"{PAGE}/1/approve", follow=True))
        assert "En route vers l’équipement" in given
        assert "rien ne vérifie que ce sont deux personnes" in given
        turn(world, timedelta())
        assert equipment.value == 50.0
        turn(world, timedelta(minutes=60))
        assert equipment.value == 100.0
        assert equipment.types() == ["order.act", "order.back"]
        told = text(anyone.get(register))
        assert "Veillée sur la place" in told
        assert "Revenu à la valeur sûre" in told
        assert "Agent d’essai" not in told
        assert equipment.address not in told
        assert "Ordres donnés à deux" in text(anyone.get(f"/{HERE}/promises/equipment_orders"))


def test_a_given_order_is_sent_back_at_once_by_who_may_and_by_nobody_else(world: World) -> None:
    one = world.sign_in(RoleName.AGENT, email="une@ville.example")
    other = world.sign_in(RoleName.STEWARD, email="autre@ville.example")
    officer = world.sign_in(RoleName.DPO, email="dpo@ville.example")
    with listening(signed(world).public()) as equipment:
        declare(world, equipment.address)
        assert officer.post(f"{PAGE}/prepare", ORDER).status_code == 403
        one.post(f"{PAGE}/prepare", ORDER)
        assert one.post(f"{PAGE}/1/approve").status_code == 403
        assert Client(HTTP_HOST="localhost").post(f"{PAGE}/1/approve").status_code in (302, 403)
        other.post(f"{PAGE}/1/approve")
        turn(world, timedelta())
        assert officer.post(f"{PAGE}/1/stop").status_code == 403
        assert equipment.value == 50.0
        one.post(f"{PAGE}/1/stop")
        equipment.answers = 503
        turn(world, timedelta(minutes=1))
        held = text(other.get(PAGE))
        assert "L’équipement n’a pas pris ce qui lui a été envoyé" in held
        assert "the equipment answered 503" in held
        equipment.answers = 200
        for later in (3, 4):
            turn(world, timedelta(minutes=later))
        assert equipment.value == 100.0
        assert "Quelqu’un l’a fait revenir" in text(other.get(PAGE))


def test_what_is_not_whole_is_not_prepared_and_what_is_not_approved_says_why(world: World) -> None:
    one = world.sign_in(RoleName.AGENT, email="une@ville.example")
    assert "Aucun équipement ne reçoit d’ordre d’ici" in text(one.get(PAGE))
    declare(world, "", by_hand=None)
    answer = one.post(f"{PAGE}/prepare", {**ORDER, "minutes": "600"})
    assert answer.status_code == 422
    for said in (
        "Rien ne dit comment faire la même chose à la main",
        "Aucune adresse",
        "durée maximale est de 2 heures",
    ):
        assert said in text(answer)
    for wrong, said in (
        ({"reason": " "}, "une raison"),
        ({"value": "nan"}, "une valeur possible"),
        ({"minutes": "-3"}, "combien de temps"),
    ):
        assert said in text(one.post(f"{PAGE}/prepare", {**ORDER, **wrong}))
    assert orders.listed(HERE) == []


def test_another_service_neither_prepares_nor_stops(world: World) -> None:
    from bocage import evidence
    from bocage.accounts import OPERATOR
    from bocage.domain.declaration import Key
    from bocage.domain.public_service import Competence, PublicService
    from bocage.domain.role import Role
    from bocage.domain.text import Text

    world.put("public-service", "eau", PublicService(title=Text(fr="Eau"), competence=Competence.WATER))
    browser = world.sign_in(RoleName.STEWARD, email="eau@ville.example")
    held = Key(territory=HERE, kind="role", slug="role-steward-eau")
    body = Role(title=Text(fr="Eau"), role=RoleName.STEWARD, holder="eau@ville.example", services=("eau",))
    evidence.change(HERE, OPERATOR, [evidence.Put(key=held, body=body, expected=1)], AT)
    declare(world, "http://127.0.0.1:1/orders")
    assert "Préparer un ordre" not in text(browser.get(PAGE))
    assert browser.post(f"{PAGE}/prepare", ORDER).status_code == 403


def test_an_order_that_waits_is_told_once_by_mail_to_who_may_approve_it_in_their_language(world: World) -> None:
    chosen = InstanceSettings(public_url="https://ville.example", mail=Mail(host="m.example", sender="b@ville.example"))
    around: Any = SimpleNamespace(chosen=SimpleNamespace(now=chosen))
    one = world.sign_in(RoleName.STEWARD, email="une@ville.example")
    world.sign_in(RoleName.DECIDER, email="autre@ville.example")
    quiet = world.sign_in(RoleName.DECIDER, email="discret@ville.example")
    world.sign_in(RoleName.AGENT, email="agent@ville.example")
    reader = world.sign_in(RoleName.STEWARD, email="lectrice@ville.example")
    assert "Messages d'alerte et d'ordre" in text(quiet.get("/account")).replace("’", "'")
    quiet.post("/account/mails", {"territory": HERE, "lang": "fr"})
    reader.post("/account/mails", {"territory": HERE, "lang": "en", "mails": "on"})
    declare(world, "https://equipement.example/ordres")
    with override_settings(BOCAGE_PARTS=msgspec.structs.replace(world.parts, ask=asking(around))):
        one.post(f"{PAGE}/prepare", {**ORDER, "minutes": "600"})
        assert outbox.parcels() == []  # it was refused
        one.post(f"{PAGE}/prepare", ORDER)
    sent = {letter.to: letter for letter in (msgspec.json.decode(p.payload, type=Letter) for p in outbox.parcels())}
    assert sorted(sent) == ["autre@ville.example", "lectrice@ville.example"]
    french, english = (" ".join(sent[name].text.split()) for name in sorted(sent))
    assert "serait réglé sur « veillée » (50 %) pendant 1 heure, puis reviendrait de lui-même à 100 %" in french
    assert "would be set to “evening” (50%) for 1 hour" in english
    for said in (french, english):
        assert "Veillée sur la place" in said
        assert f"https://ville.example/{HERE}/desk/orders#order-1" in said


def test_programs_of_whoever_reads_the_desk_read_orders_and_nobody_else_does(world: World) -> None:
    agent = world.sign_in(RoleName.AGENT, email="une@ville.example")
    declare(world, "https://equipement.example/ordres")
    for value in ("50", "100"):
        agent.post(f"{PAGE}/prepare", {**ORDER, "value": value})
    place = f"/api/{HERE}/orders"
    whole, older, one, none, anyone = read(
        *((agent, f"{place}{more}") for more in ("", "?actuator=lampes&before=2", "/1", "/99999999999")),
        (Client(), place),
    )
    assert [each["number"] for each in whole.json()["orders"]] == [2, 1]
    assert "next" not in whole.json()
    assert [each["number"] for each in older.json()["orders"]] == [1]
    told = one.json()
    assert (told["state"], told["value"], told["reason"]) == ("prepared", 50.0, "Veillée sur la place")
    assert [(step["action"], step["account"]) for step in told["steps"]] == [("prepare", told["prepared_by"])]
    assert "equipement.example" not in one.text
    assert [each.status_code for each in (none, anyone)] == [404, 401]
    assert "Veillée" not in anyone.text


def read(*asked: tuple[Client, str]) -> list[httpx.Response]:
    """What a program is answered with the session of each browser."""
    parts: Any = SimpleNamespace(clock=lambda: AT, tokens=None)
    app = Starlette(routes=programs.routes(parts), exception_handlers={BocageError: problem.told})

    async def answers() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return [
                await client.get(address, headers={"Cookie": browser.cookies.output(header="", sep=";")})
                for browser, address in asked
            ]

    return asyncio.run(answers())
