"""The demonstration behind its addresses, as stories speak with it: declared, sent to, taken from, printed, asked."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.conf import settings as running_settings
from django.core.management import call_command
from django.test import Client, override_settings
from tests.portal.taking import AT, Instance, Reader
from tests.process import DEMONSTRATION

from bocage.domain.role import RoleName

WHO, PLACE = "donnees@val-de-loire.example", "val-de-loire"
OWN = {"Bocage-Request": "1"}
ADDRESS = "https://donnees.val-de-loire.example"
Body = dict[str, Any]
EARLIER = datetime(2000, 1, 1, tzinfo=UTC)
SENSOR: dict[str, Body] = {
    "thing/histoire": {"title": {"fr": "Salle des histoires"}},
    "datastream/histoire": {
        "title": {"fr": "CO2 de la salle des histoires"},
        "thing": "histoire",
        "observed_property": "co2",
        "unit": {"name": "ppm", "symbol": "ppm", "ucum": "[ppm]"},
        "source": "air-ecoles",
        "dataset": "air-des-ecoles",
    },
}
"""A sensor of the schools, which sends nothing of itself: what stories send."""


class Town:
    """The demonstration for its data administrator, for everyone and for a sensor; its shared resources."""

    def __init__(self, instance: Instance, shelf: Any, senders: Any) -> None:
        self.agent, self.public, self.anyone, self.shelf = instance.client(WHO), instance.client(), Client(), shelf
        self.parts, self.senders = instance.parts, senders
        self.desk = _signed_in("dpo@val-de-loire.example", "Claude Martin")
        self.steward = _signed_in("mobilites@val-de-loire.example", "Dominique Petit")
        self.decider = _signed_in("decision@val-de-loire.example", "Maxime Roux")
        self.at, self.first = AT - timedelta(hours=20), dict[str, Body]()

    def put(self, place: str, body: Body) -> list[str]:
        """The codes of the refusals, none when it was declared."""
        address = f"/api/{PLACE}/registers/{place}"
        known = self.agent.get(f"{address}.json")
        version = {"If-Match": known.headers["etag"]} if known.status_code == 200 else {"If-None-Match": "*"}
        answer = self.agent.put(address, json=body, headers={**OWN, **version})
        assert answer.status_code in (200, 201) or "refusals" in answer.json(), (place, answer.text)
        return codes(answer.json())

    def change(self, place: str, changed: Body, without: list[str]) -> list[str]:
        """The same for what the demonstration declares: as it stood at first, but for what is said."""
        if place not in self.first:
            self.first[place] = self.agent.get(f"/api/{PLACE}/registers/{place}.json").json()["body"]
        body = {name: value for name, value in self.first[place].items() if name not in without}
        return self.put(place, {**body, **changed})

    def place(self, place: str, body: Body) -> None:
        """Place a thing, what is observed, or a series."""
        from bocage import evidence
        from bocage.accounts import OPERATOR
        from bocage.domain.sensing import ENTITIES
        from bocage.registers import shape

        kind, _slash, slug = place.partition("/")
        entity = shape.from_plain(next(one for one in ENTITIES if one.kind == kind), body)
        evidence.change(PLACE, OPERATOR, [evidence.PutEntity(slug=slug, entity=entity)], AT)

    def before(self, place: str, body: Body) -> None:
        """Declare something as it was declared before the promises took effect."""
        from bocage import evidence
        from bocage.accounts import OPERATOR
        from bocage.domain.declaration import Key
        from bocage.domain.kinds import KINDS
        from bocage.registers import shape

        kind, _slash, slug = place.partition("/")
        key = Key(territory=PLACE, kind=kind, slug=slug)
        evidence.change(PLACE, OPERATOR, [evidence.Put(key=key, body=shape.from_plain(KINDS[kind], body))], EARLIER)

    def hour(self) -> None:
        """Let the work of every hour be done."""
        from bocage import evidence

        evidence.examine_all(AT)

    def push(self, source: str, seconds: list[int]) -> list[str]:
        """The codes of the refusals when a sensor sends values so many seconds apart, later than all before."""
        sent = [
            {"datastream": "histoire", "time": (self.at + timedelta(seconds=one)).isoformat(), "result": 640}
            for one in seconds
        ]
        self.at += timedelta(minutes=10)
        secret = self.parts.tokens.issue(PLACE, "operator", AT, source=source)
        machine = Reader(app=self.senders, headers={"Authorization": f"Bearer {secret}"})
        answer = machine.ask("POST", f"/api/{PLACE}/push", json=sent)
        assert answer.status_code in (200, 422), answer.text
        return codes(answer.json())

    def take(self, dataset: str) -> list[str]:
        """The codes of the refusals when anyone takes a dataset."""
        answer = self.public.get(f"/api/{PLACE}/datasets/{dataset}.csv")
        if answer.status_code == 200:
            return []
        told = self.public.get(f"/api/{PLACE}/datasets").json()["datasets"]
        state = next(one["state"] for one in told if one["slug"] == dataset)
        return codes(answer.json()) or [f"openness.{state}"]

    def print(self, asked: str) -> list[str]:
        """The codes of the refusals when a sign is asked for, none when it is a page of paper."""
        answer = self.public.get(f"/api/{PLACE}/notices/{asked}")
        assert answer.headers["content-type"] == "application/pdf" or answer.status_code == 403, answer.text
        return codes(answer.json()) if answer.status_code == 403 else []

    def ask(self, address: str, sent: Body) -> None:
        """Send a form of the desk, as the officer does."""
        answer = self.desk.post(f"/{PLACE}/desk/{address}", sent)
        assert answer.status_code == 302, answer.content.decode()

    def order(self, actuator: str, asked: Body) -> list[str]:
        """The codes of the refusals when the steward of roads prepares an order and a decider approves it, or the
        steward alone; none when it leaves. A minute is enough for a story: it is taken back."""
        from bocage import orders

        before = self._declined(actuator)
        page, sent = f"/{PLACE}/desk/orders", {"actuator": actuator, "reason": "Une histoire", **asked}
        if self.steward.post(f"{page}/prepare", sent).status_code == 302:
            number = orders.listed(PLACE)[0].number
            second = self.steward if asked.get("alone") else self.decider
            if second.post(f"{page}/{number}/approve").status_code == 302:
                self.decider.post(f"{page}/{number}/stop")
                self.decider.post(f"{page}/{number}/stop", {"do": "see"})
                return []
        return sorted(code for code, count in self._declined(actuator).items() if count > before.get(code, 0))

    def _declined(self, actuator: str) -> dict[str, int]:
        from bocage import evidence

        found = evidence.declined(PLACE, AT, place=("actuator", actuator))
        return {f"{one.refusal.promise}.{one.refusal.code}": one.count for one in found}

    def strand(self, actuator: str) -> None:
        """Two persons gave an order an hour ago, and the equipment takes nothing, not even its way back."""
        from bocage import orders
        from bocage.evidence import acting, facts

        early = AT - timedelta(hours=1)
        value = facts.present(PLACE, early).declared["actuator"][actuator].safe  # type: ignore[attr-defined]
        wanted = orders.Wanted(actuator=actuator, value=value, minutes=1, reason="Une histoire")
        acting.approve(PLACE, acting.prepare(PLACE, wanted, "p-une", early).number, "p-autre", early)
        acting.examine_moved(orders.Turning(self.parts.store).turn(AT - timedelta(minutes=30)), AT)

    def rescue(self) -> None:
        """Somebody puts it back by hand, and says so at the desk."""
        from bocage import orders

        self.decider.post(f"/{PLACE}/desk/orders/{orders.listed(PLACE)[0].number}/stop", {"do": "see"})

    def share(self, names: list[str]) -> None:
        """Lay files of the demonstration's shared resources into the folder."""
        for name in names:
            path = self.shelf.folder / f"{name}.toml"
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(DEMONSTRATION / "commons" / f"{name}.toml", path)
        self.shelf.look(AT, now=True)

    def give(self, place: str) -> None:
        """Give a declaration to the folder."""
        from bocage import commons
        from bocage.evidence import facts

        kind, _slash, slug = place.partition("/")
        offer = commons.Offer(licence="etalab-2.0", author="Val de Loire")
        library = self.shelf.look(AT, now=True)
        commons.put(self.shelf.folder, commons.offered(facts.present(PLACE, AT), (kind, slug), offer, library))
        self.shelf.look(AT, now=True)

    def told(self) -> list[Body]:
        """The promises as everyone reads them."""
        promises: list[Body] = self.anyone.get(f"/{PLACE}/promises.json").json()["promises"]
        return promises

    def found(self) -> list[tuple[str, str]]:
        """What everyone reads as to be mended: its code, and the sentence that tells it."""
        return [
            (f"{one['code']}.{finding['code']}", finding["what"])
            for one in self.told()
            for finding in one["findings"]
            if not finding["kept"]
        ]

    def tidy(self) -> None:
        """Take away what a story declared, all at once; an experiment whose protocol is fixed stays, so do a
        violation that was told, an exception that has begun, and a series that holds measurements."""
        from bocage import evidence, registers
        from bocage.accounts import OPERATOR

        told = [one.key for one in registers.everything(PLACE) if one.key.slug.startswith("histoire")]
        gone = [evidence.Withdraw(key=key) for key in told if key.kind not in ("experiment", "violation", "exception")]
        if gone:
            evidence.change(PLACE, OPERATOR, gone, AT)
        for kind in self.shelf.folder.iterdir():
            shutil.rmtree(kind)
        self.shelf.look(AT, now=True)


def codes(answer: Body) -> list[str]:
    """What was refused, as promise.code, each once."""
    found = answer.get("refusals", [])
    return sorted({one["code"] if "." in one["code"] else f"{one['promise']}.{one['code']}" for one in found})


@pytest.fixture(scope="module")
def town(relational_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    from tests.portal.taking import instance  # tables: only once Django is configured

    from bocage import evidence
    from bocage.accounts.chosen import Chosen
    from bocage.api import push
    from bocage.commons import Shelf
    from bocage.domain.instance_settings import InstanceSettings
    from bocage.ingest.intake import Intake
    from bocage.web.parts import Parts
    from bocage.web.settings import settings

    call_command("flush", verbosity=0, interactive=False)
    folder = tmp_path_factory.mktemp("data")
    running = instance(folder, Chosen(file=InstanceSettings(public_url=ADDRESS)))
    _give_roles(running.parts.clock())
    intake = Intake(running.parts.store, running.parts.clock, folder)
    wired = {"data": folder, "backups": folder, "tokens": running.parts.tokens, "intake": intake}
    shelf = Shelf(tmp_path_factory.mktemp("commons"))
    evidence.share(shelf)
    parts = Parts(store=running.parts.store, clock=running.parts.clock, commons=shelf, **wired)
    senders = push.first(msgspec.structs.replace(running.parts, intake=intake), running.app)
    with override_settings(**settings(hosts=("testserver",)), BOCAGE_PARTS=parts):
        told = Town(running, shelf, senders)
        for place, body in SENSOR.items():
            told.place(place, body)
        yield told
    evidence.share(None)
    evidence.connect(None)
    call_command("flush", verbosity=0, interactive=False)


def _give_roles(at: datetime) -> None:
    """In a small town one person holds most of the roles."""
    from bocage import evidence
    from bocage.accounts import OPERATOR

    roles = (RoleName.DECIDER, RoleName.SECURITY_OFFICER, RoleName.ADMINISTRATOR)
    evidence.change(PLACE, OPERATOR, evidence.taken(PLACE, Holder(), roles, at.date()), at)


class Holder:
    """Who is given the roles."""

    account, email = "essai-123456", WHO


def _signed_in(email: str, name: str) -> Client:
    """A person at the desk, with the roles that the demonstration gives to this address."""
    from bocage.accounts import people
    from bocage.accounts.tables import Account, SessionStore

    person = people.create(email, name, AT)
    row = Account.objects.get(id=person.account)
    session = SessionStore()
    session["_auth_user_id"], session["_auth_user_hash"] = row.id, row.get_session_auth_hash()
    session.set_expiry(datetime.now(UTC) + timedelta(hours=8))  # Django's own sessions look at the machine's clock
    session.create()
    client = Client()
    client.cookies = SimpleCookie({running_settings.SESSION_COOKIE_NAME: str(session.session_key)})
    return client
