"""The page of subscriptions: what was sent, what stops one, how the receiver knows that it is us."""

from django.test import Client

from bocage import outbox
from bocage.domain.role import RoleName
from bocage.domain.subscription import Subscription
from bocage.domain.text import Text
from bocage.outbox import Deliverer, State
from bocage.publish.subscribers import KIND

from .world import AT, HERE, World

PAGE = f"/{HERE}/desk/connect/subscribers"


def subscribed(world: World, **reach: object) -> None:
    from bocage.publish.tables import Sent

    body = Subscription(title=Text(fr="Voisin"), address="https://receiver.example/in", datasets=("air",))
    world.put("subscription", "voisin", body)
    Sent.objects.create(territory=HERE, subscription="voisin", position=3, **reach)


def fail(parcel: outbox.Parcel) -> None:
    raise ConnectionError("the receiver answered 503")


def test_a_delivery_that_failed_says_why_and_is_sent_again_by_hand(world: World, desk: Client) -> None:
    parcel = outbox.put(KIND, {}, AT)
    Deliverer({KIND: fail}, lambda: AT).run(AT)
    subscribed(world, bound=9, parcel=parcel.id, count=1200)
    page = desk.get(PAGE).content.decode()
    assert "receiver answered 503" in page
    assert "BEGIN PUBLIC KEY" in page
    desk.post(f"{PAGE}/retry", {"subscription": "voisin"})
    [again] = outbox.parcels(kind=KIND)
    assert again.state is State.WAITING


def test_who_may_not_declare_sends_nothing_again(world: World) -> None:
    parcel = outbox.put(KIND, {}, AT)
    Deliverer({KIND: fail}, lambda: AT).run(AT)
    subscribed(world, bound=9, parcel=parcel.id)
    officer = world.sign_in(RoleName.SECURITY_OFFICER, email="rssi@ville.example")
    assert officer.get(PAGE).status_code == 200
    officer.post(f"{PAGE}/retry", {"subscription": "voisin"})
    [held] = outbox.parcels(kind=KIND)
    assert held.state is State.FAILED


def test_an_empty_page_says_how_one_begins(world: World, desk: Client) -> None:
    page = desk.get(PAGE).content.decode()
    assert "registers/subscription/new" in page


def test_an_address_that_is_public_and_clear_is_refused_in_the_form(world: World, desk: Client) -> None:
    typed = {"title.fr": "Voisin", "address": "http://93.184.216.34/in", "active": "true", "expected": "0"}
    answer = desk.post(f"/{HERE}/desk/registers/subscription/new", typed)
    said = answer.content.decode().replace("\u202f", " ").replace("\u00a0", " ")
    for line in (
        "Fiche refusée",
        "sur le réseau public et commence par http://",
        "cohérence des fiches (règle de Bocage)",
        "Donner une adresse qui commence par https://",
    ):
        assert line in said
    assert answer.status_code == 422
