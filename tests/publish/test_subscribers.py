"""A subscriber is sent what came, in order and signed; nothing is lost while it is away, nothing closed leaves."""

import json
from base64 import b64decode
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from tests.ingest.given import NOW, PLACE, Clock, Declared, intake, levels

from bocage import outbox, registers
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.dataset import Ground, Openness
from bocage.domain.declaration import Key
from bocage.domain.reading import Decoded
from bocage.domain.subscription import Subscription
from bocage.domain.text import Text
from bocage.outbox import Deliverer, State
from bocage.publish.knowledge import Known
from bocage.publish.subscribers import KIND, Signer, Subscribers, reach_of

ADDRESS = "https://receiver.example/bocage"


class Receiver:
    """An address that answers what a test says, and keeps what it was sent."""

    def __init__(self) -> None:
        self.status = 200
        self.got: list[tuple[Mapping[str, str], bytes]] = []

    def __call__(self, address: str, body: bytes, headers: Mapping[str, str]) -> int:
        assert address == ADDRESS
        if self.status == 200:
            self.got.append((headers, body))
        return self.status

    def values(self) -> list[float]:
        return [one["result"] for _headers, body in self.got for one in json.loads(body)["observations"]]


class Town:
    """Declarations, a log in memory, a subscriber, and the outbox between them."""

    def __init__(self, folder: Path) -> None:
        self.declared, self.clock, self.receiver = Declared(), Clock(), Receiver()
        self.subscribe()
        self.taking = intake(folder, declared=self.declared, clock=self.clock)
        self.signer = Signer(folder / "webhooks.pem")
        store = self.taking.store
        self.subscribers = Subscribers(store, self.known, self.signer, self.clock, self.receiver)
        self.deliverer = Deliverer({KIND: self.subscribers.carry}, self.clock)
        self.turn()

    def subscribe(self, *, active: bool = True) -> None:
        key = Key(territory=PLACE, kind=Subscription.kind, slug="voisin")
        body = Subscription(title=Text(fr="Voisin"), address=ADDRESS, datasets=("air",), active=active)
        registers.record([registers.Put(key=key, body=body, expected=registers.ANY)], "operator", NOW, PLACE)

    def known(self, territory: str, at: datetime) -> Known:
        facts: TerritoryFacts = self.declared.gather(territory, at.date())
        return Known(facts=facts)

    def keep(self, *times: str, first: float = 400.0) -> None:
        by = self.taking.gate.compiled(PLACE, "capteurs")
        self.taking.reception.hand(by, Decoded(readings=levels(times, first=first))).result()

    def turn(self, later: timedelta = timedelta()) -> None:
        self.clock.at += later
        self.subscribers.look(self.clock())
        self.deliverer.run(self.clock())


@pytest.fixture
def town(db: Path, tmp_path: Path) -> Town:
    found = Town(tmp_path)
    entries = [(PLACE, found.declared.bodies["territory", PLACE])]
    puts = [
        registers.Put(key=Key(territory=PLACE, kind=body.kind, slug=slug), body=body, expected=registers.ANY)
        for slug, body in entries
    ]
    registers.record(puts, "operator", NOW, PLACE)
    found.turn()
    return found


def test_what_comes_is_sent_in_order_and_signed(town: Town) -> None:
    town.keep("2026-11-23T07:00:00+00:00", "2026-11-23T07:05:00+00:00")
    town.turn()
    town.turn()
    assert town.receiver.values() == [400, 401]
    [(headers, body)] = town.receiver.got
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    public = load_pem_public_key(town.signer.public().encode())
    public.verify(b64decode(headers["webhook-signature"].removeprefix("v1a,")), signed)  # type: ignore[union-attr,call-arg,arg-type]
    reach = reach_of(PLACE, "voisin")
    assert reach is not None
    assert (reach.count, reach.waiting) == (2, None)


def test_a_receiver_that_is_away_for_a_day_gets_everything_in_order(town: Town) -> None:
    town.receiver.status = 503
    for hour in range(8):
        town.keep(f"2026-11-22T0{hour}:00:00+00:00", first=hour)
        town.turn(timedelta(hours=3))
    reach = reach_of(PLACE, "voisin")
    assert reach is not None
    assert reach.waiting is not None
    assert reach.waiting.state is State.FAILED
    assert len(outbox.parcels(kind=KIND)) == 1
    town.receiver.status = 200
    town.turn(timedelta(hours=6))
    town.turn()
    assert town.receiver.values() == list(range(8))
    assert len({headers["webhook-id"] for headers, _body in town.receiver.got}) == len(town.receiver.got)


def test_what_is_closed_meanwhile_is_not_sent_any_more(town: Town) -> None:
    town.receiver.status = 503
    town.keep("2026-11-23T07:00:00+00:00")
    town.turn()
    town.declared.change(
        "dataset", "air", openness=Openness.CLOSED, ground=Ground.PRIVACY, reason=Text(fr="Vie privée")
    )
    town.receiver.status = 200
    town.turn(timedelta(hours=6))
    town.keep("2026-11-23T07:05:00+00:00", first=401)
    town.turn(timedelta(hours=1))
    assert town.receiver.got == []
    reach = reach_of(PLACE, "voisin")
    assert reach is not None
    assert reach.waiting is None
    assert reach.position == town.taking.store.position()


def test_a_subscription_set_aside_goes_on_where_it_stopped(town: Town) -> None:
    town.subscribe(active=False)
    town.keep("2026-11-23T07:00:00+00:00")
    town.turn()
    assert town.receiver.got == []
    town.subscribe()
    town.turn()
    assert town.receiver.values() == [400]


def test_what_was_on_its_way_when_it_was_set_aside_goes_on_at_once_however_long_after(town: Town) -> None:
    town.receiver.status = 503
    town.keep("2026-11-23T07:00:00+00:00")
    town.turn()
    town.subscribe(active=False)
    town.receiver.status = 200
    town.turn(timedelta(hours=6))
    town.turn(timedelta(days=8))
    [waiting] = outbox.parcels(kind=KIND)
    assert waiting.state is State.GIVEN_UP
    town.subscribe()
    town.turn()
    assert town.receiver.values() == [400]


def test_one_that_is_withdrawn_and_declared_again_is_sent_what_waited(town: Town) -> None:
    key = Key(territory=PLACE, kind=Subscription.kind, slug="voisin")
    town.receiver.status = 503
    town.keep("2026-11-23T07:00:00+00:00")
    town.turn()
    registers.record([registers.Withdraw(key=key, expected=registers.ANY)], "operator", NOW, PLACE)
    town.turn(timedelta(hours=6))
    town.receiver.status = 200
    town.subscribe()
    town.turn()
    assert town.receiver.values() == [400]


def test_a_receiver_that_wants_nothing_more_is_left_to_a_person(town: Town) -> None:
    town.receiver.status = 410
    town.keep("2026-11-23T07:00:00+00:00")
    town.turn()
    reach = reach_of(PLACE, "voisin")
    assert reach is not None
    assert reach.waiting is not None
    assert reach.waiting.state is State.GIVEN_UP
