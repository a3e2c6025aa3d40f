"""The invented lamps of the demonstration: they take orders as real equipment would, on this machine alone.

No such lamps exist. They check who sends an order, do each thing once, and go back by themselves when they hear
nothing any more: what the page of orders asks of whoever receives them.
"""

import json
import threading
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

ACTUATOR: Final = "eclairage-passerelle"
PREPARES, APPROVES = "mobilites@val-de-loire.example", "decision@val-de-loire.example"
FRESH: Final = timedelta(minutes=5)
"""An older message is not believed: somebody may have kept it."""
LARGEST: Final = 64 * 1024  # bytes


def address(port: int) -> str:
    """Where they listen, beside a demonstration on this port."""
    return f"http://127.0.0.1:{port + 1}/orders"


def ordered(territory: str, port: int, at: datetime) -> None:
    """Say where they listen; one order is given by two invented persons, another waits for whoever looks."""
    from bocage import evidence, orders, registers  # tables: only once the instance is open
    from bocage.accounts import OPERATOR
    from bocage.domain.actuator import Actuator
    from bocage.domain.declaration import Key
    from bocage.evidence import acting

    key = Key(territory=territory, kind=Actuator.kind, slug=ACTUATOR)
    entry = registers.find(key)
    if entry is None or entry.withdrawn or not isinstance(entry.body, Actuator):
        return
    if entry.body.address != address(port):
        body = msgspec.structs.replace(entry.body, address=address(port))
        evidence.change(territory, OPERATOR, [evidence.Put(key=key, body=body, expected=entry.version)], at)
    one, other = _person(PREPARES, territory, at), _person(APPROVES, territory, at)
    held = orders.listed(territory, actuator=ACTUATOR)
    if not held:
        first = orders.Wanted(actuator=ACTUATOR, value=60.0, minutes=2, reason="Essai de la descente en soirée")
        acting.approve(territory, acting.prepare(territory, first, one, at).number, other, at)
    waiting = [order for order in held if order.state is orders.State.PREPARED]
    if not any(at - order.prepared_at < timedelta(hours=12) for order in waiting):
        wanted = orders.Wanted(
            actuator=ACTUATOR,
            value=30.0,
            minutes=120,
            reason="Nuit des étoiles (inventée) : baisser la lumière deux heures pour regarder le ciel",
        )
        acting.prepare(territory, wanted, one, at)


def _person(email: str, territory: str, at: datetime) -> str:
    from bocage.accounts import people

    held = next((one for one in people.listed() if one.email == email), None)
    names = {PREPARES: "Camille Sansnom (personne inventée)", APPROVES: "Claude Sansnom (personne inventée)"}
    return (held or people.create(email, names[email], at, territory=territory)).account


class Lamps:
    """What they are set to, and until when; `key` is the public key of the instance."""

    def __init__(self, key: Ed25519PublicKey) -> None:
        self._key, self._done = key, set[str]()
        self._until: datetime | None = None
        self._last = datetime.fromtimestamp(0, UTC)
        self._value = self._safe = 100.0

    def value(self, at: datetime) -> float:
        """How bright they are: as before once the time of the last order is over, whether they were told or not."""
        return self._safe if self._until is None or at >= self._until else self._value

    def take(self, headers: Mapping[str, str], body: bytes, at: datetime) -> int:
        """Do what a message says, once; the status to answer."""
        number, seconds = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        signature = headers.get("webhook-signature", "").removeprefix("v1a,")
        try:
            self._key.verify(b64decode(signature), f"{number}.{seconds}.".encode() + body)
            sent = datetime.fromtimestamp(int(seconds), UTC)
        except (InvalidSignature, ValueError):
            return 401
        if abs(at - sent) > FRESH:
            return 401
        if number not in self._done and sent >= self._last:  # one that was long on its way says nothing any more
            self._last = sent
            self._done.add(number)
            self._set(json.loads(body))
        return 200

    def _set(self, told: dict[str, Any]) -> None:
        data = told["data"]
        self._value = data["value"]
        self._until = datetime.fromisoformat(data["until"]) if told["type"] == "order.act" else None
        self._safe = data["back_to"] if told["type"] == "order.act" else data["value"]


def _lower(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


@contextmanager
def listening(public: str, port: int) -> Iterator[None]:
    """Listen beside a demonstration on this port; where the place is taken, orders to them go back unanswered."""
    key = load_pem_public_key(public.encode())
    assert isinstance(key, Ed25519PublicKey)
    lamps = Lamps(key)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            body = self.rfile.read(min(length, LARGEST))
            self.send_response(lamps.take(_lower(self.headers), body, datetime.now(UTC)))
            self.end_headers()

        def log_message(self, *said: object) -> None:
            """Nothing on the screen."""

    try:
        server = ThreadingHTTPServer(("127.0.0.1", port + 1), Handler)
    except OSError:
        yield
        return
    thread = threading.Thread(target=server.serve_forever, name="invented-lamps", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
