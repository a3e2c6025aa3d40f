"""A small instance with one open, one closed and one refused dataset, and the people and tokens who may or may not."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import numpy as np
from starlette.applications import Starlette

from bocage.domain.errors import BocageError
from bocage.domain.observation import ObservationBatch
from bocage.store.memory import MemoryStore
from bocage.store.withholding import Withholding

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MS = int(AT.timestamp() * 1000)


class Reader(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who asks: anyone, a person with a cookie, a machine with a bearer token."""

    app: Any
    headers: dict[str, str]

    def ask(self, method: str, address: str, **more: Any) -> httpx.Response:
        """One request to the application, without a socket."""
        return asyncio.run(self._ask(method, address, more))

    async def _ask(self, method: str, address: str, more: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=self.headers) as client:
            return await client.request(method, address, **more)

    def get(self, address: str, **more: Any) -> httpx.Response:
        return self.ask("GET", address, **more)

    def put(self, address: str, **more: Any) -> httpx.Response:
        return self.ask("PUT", address, **more)

    def delete(self, address: str, **more: Any) -> httpx.Response:
        return self.ask("DELETE", address, **more)


class Instance(msgspec.Struct, frozen=True, kw_only=True):
    """The application, its parts, and ways to come in."""

    app: Any
    parts: Any
    cookie: Callable[[str], str]

    def client(self, email: str = "", bearer: str = "") -> Reader:
        """Anyone, a person by e-mail, or a machine by its token."""
        cookie = {"Cookie": f"bocage={self.cookie(email)}"} if email else {}
        token = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        return Reader(app=self.app, headers={**cookie, **token})


def instance(folder: Path, chosen: Any = None) -> Instance:
    from bocage import cli, evidence, registers, sensing
    from bocage.accounts import OPERATOR
    from bocage.accounts.chosen import Chosen
    from bocage.accounts.tokens import Tokens
    from bocage.api import certificates, datasets, downloads, heads, notices, problem, sharing, system, witness
    from bocage.api import registers as register_routes
    from bocage.api.parts import Parts
    from bocage.domain.dataset import Dataset, Ground, Openness
    from bocage.domain.declaration import Key
    from bocage.domain.text import Text

    store = Withholding(MemoryStore())
    source = Path(cli.__file__).parent / "demonstration"
    for name in ("val-de-loire", "marais"):
        evidence.apply(source / name, "", OPERATOR, AT, evidence.Choice(rebase=False))
    evidence.connect(store)
    for placed in sensing.all("val-de-loire", "datastream"):
        start = MS - 3_600_000 * np.arange(1, 49, dtype=np.int64)[::-1]
        store.append(
            ObservationBatch(
                datastream=np.full(48, placed.id, np.int32),
                start=start,
                end=start,
                kind=np.zeros(48, np.uint8),
                number=np.arange(48, dtype=np.float64),
                origin=np.zeros(48, np.uint8),
            )
        ).result()
    key = Key(territory="val-de-loire", kind="dataset", slug="comptages-loire")
    entry = registers.find(key)
    assert entry is not None
    assert isinstance(entry.body, Dataset)
    closed = msgspec.structs.replace(
        entry.body,
        openness=Openness.CLOSED,
        ground=Ground.PREPARATORY,
        reason=Text(fr="Décision en préparation", en="Decision being prepared"),
        review=AT.date() + timedelta(days=200),
    )
    evidence.change("val-de-loire", OPERATOR, [evidence.Put(key=key, body=closed, expected=entry.version)], AT)
    wired: Any = {"store": store, "intake": None, "clock": lambda: AT + timedelta(minutes=5), "tokens": Tokens()}
    parts = Parts(data=folder, chosen=chosen or Chosen(), **wired)
    routes = [
        route
        for module in (certificates, datasets, downloads, notices, register_routes, heads, sharing, system, witness)
        for route in module.routes(parts)
    ]
    app = Starlette(routes=routes, exception_handlers={BocageError: problem.told})
    return Instance(app=app, parts=parts, cookie=_cookie)


def _cookie(email: str) -> str:
    """A session of the person of this address, made when there is none."""
    from bocage.accounts import people
    from bocage.accounts.tables import Account, SessionStore

    row = Account.objects.filter(email=email).first()
    if row is None:
        person = people.create(email, "Jeanne Martin", AT)
        row = Account.objects.get(id=person.account)
    session = SessionStore()
    session["_auth_user_id"], session["_auth_user_hash"] = row.id, row.get_session_auth_hash()
    session.set_expiry(AT + timedelta(hours=8))
    session.create()
    return str(session.session_key)
