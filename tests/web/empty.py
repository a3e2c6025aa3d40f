"""An instance in which nothing stands yet, served, and the link by which its first person comes in."""

import itertools
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
from django.test import Client, override_settings

from bocage import evidence
from bocage.accounts import people
from bocage.accounts.tokens import Tokens
from bocage.ingest.intake import Intake
from bocage.store.memory import MemoryStore
from bocage.web.parts import Parts

from . import world
from .world import AT, PASSWORD

NAME, EMAIL = "Camille Durand", "secretariat@ville.example"
ENTERING = {"name": NAME, "email": EMAIL, "password": PASSWORD, "again": PASSWORD}


class Empty(msgspec.Struct, frozen=True, kw_only=True):
    """What a test of the first hour works with."""

    parts: Parts

    def entered(self) -> Client:
        """The browser of the first person, who has just come in."""
        browser = Client(HTTP_HOST="localhost")
        answer = browser.post(f"/first/{self.parts.first.drawn(AT)}", ENTERING)
        assert (answer.status_code, answer["Location"]) == (302, "/start"), answer.content.decode()
        return browser

    def another(self, territory: str = "") -> Client:
        """The browser of somebody who has an account and no role."""
        person = people.create("agent@ville.example", "Une autre", AT - timedelta(days=1), territory=territory)
        people.redeem(people.one_time_link(person.account, AT), PASSWORD, AT)
        browser = Client(HTTP_HOST="localhost")
        browser.post("/sign-in", {"email": person.email, "password": PASSWORD})
        return browser


def served(folder: Path) -> Iterator[Empty]:
    """Nothing but the pages; the clock goes on by a moment each time it is read."""
    store = MemoryStore()
    evidence.connect(store)
    ticks = itertools.count()
    parts = Parts(
        store=store,
        clock=lambda: AT + timedelta(milliseconds=next(ticks)),
        data=folder,
        backups=folder / "backups",
        tokens=Tokens(),
        intake=Intake(store, lambda: AT, folder),
    )
    with override_settings(BOCAGE_PARTS=parts, PASSWORD_HASHERS=[f"{world.__name__}.CheapArgon2"]):
        yield Empty(parts=parts)
    evidence.connect(None)
    store.close()
