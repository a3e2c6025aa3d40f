"""Puts in the outbox what came for each subscriber, and carries it. The log itself keeps what waits.

One delivery of a subscriber is on its way at a time, so that they arrive in order; while it waits nothing is copied.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

import msgspec
import numpy as np

from bocage import outbox, registers
from bocage.domain.declaration import Key
from bocage.domain.observation import Columns
from bocage.domain.sensing import Datastream
from bocage.domain.subscription import Subscription
from bocage.outbox import Hopeless, Parcel
from bocage.outbox.posting import send
from bocage.publish.knowledge import Known
from bocage.publish.objects import lines
from bocage.publish.subscribers.signing import Signer
from bocage.publish.tables import Sent
from bocage.relational import transaction
from bocage.store.columns import picked
from bocage.store.protocol import Store

KIND: Final = "subscription"
AT_ONCE: Final = 10_000  # rows of the log looked at for one delivery
_GONE: Final = 410  # the receiver wants nothing any more (Standard Webhooks)

Post = Callable[[str, bytes, Mapping[str, str]], int]
"""Posts a body with headers to an address; the status of the answer."""
Subscriptions = tuple[tuple[str, Subscription], ...]
Knowing = Callable[[str, datetime], Known]


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """What a parcel holds: whose, and which positions of the log: after `after`, up to `bound`."""

    territory: str
    subscription: str
    after: int
    bound: int


def post(address: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Over the network."""
    return send(address, body, headers)[0]


class SetAside(ConnectionError):
    """The subscription is not in force: what waits goes out as soon as it is again."""


class Withdrawn(Hopeless):
    """The subscription is not declared: what waits goes out should it be declared again."""


class Subscribers:
    """Those of the instance."""

    def __init__(
        self, store: Store, knowing: Knowing, signer: Signer, clock: Callable[[], datetime], posting: Post = post
    ) -> None:
        self._store, self._knowing, self._signer = store, knowing, signer
        self._clock, self._post = clock, posting
        self._kept: dict[str, tuple[int, Subscriptions]] = {}

    def look(self, at: datetime) -> int:
        """Put a delivery for each subscriber that something came for and that waits for none; how many."""
        return sum(self._look(territory, at) for territory in registers.territories())

    def carry(self, parcel: Parcel) -> None:
        """Send one delivery; raises when the receiver did not take it."""
        asked = msgspec.json.decode(parcel.payload, type=Delivery)
        body = self._body(asked)
        if body is not None:
            self._send(self._subscription(asked), parcel, body[0])
        with transaction():
            row = Sent.objects.filter(territory=asked.territory, subscription=asked.subscription).first()
            if row is not None and row.parcel == parcel.id and row.bound == asked.bound:
                row.position, row.bound, row.parcel = asked.bound, 0, 0
                row.count, row.last = row.count + (body[1] if body else 0), self._clock()
                row.save()

    def _look(self, territory: str, at: datetime) -> int:
        return sum(self._due(territory, slug, body, at) for slug, body in self._declared(territory) if body.active)

    def _declared(self, territory: str) -> Subscriptions:
        """Those of a territory; read again only when something was declared."""
        revision = registers.revision(territory)
        kept = self._kept.get(territory)
        if kept is None or kept[0] != revision:
            entries = registers.current(territory, Subscription.kind)
            bodies = tuple((one.key.slug, one.body) for one in entries if isinstance(one.body, Subscription))
            kept = self._kept[territory] = (revision, bodies)
        return kept[1]

    def _due(self, territory: str, slug: str, body: Subscription, at: datetime) -> bool:
        now = self._store.position()
        row = Sent.objects.filter(territory=territory, subscription=slug).first()
        if row is None:  # what came before it was declared is history, and there are files for that
            Sent.objects.create(territory=territory, subscription=slug, position=now)
            return False
        if row.bound:
            _woken(row.parcel, at)
            return False
        if row.position >= now:
            return False
        columns = self._store.after(row.position, AT_ONCE)
        bound = int(columns.position[-1]) if len(columns) else now
        if not len(_mine(columns, self._named(territory, body, at))):
            Sent.objects.filter(id=row.id, bound=0).update(position=bound)
            return False
        delivery = Delivery(territory=territory, subscription=slug, after=row.position, bound=bound)
        with transaction():
            key = f"{KIND}-{territory}-{slug}-{row.position}-{bound}"[-200:]
            row.parcel = outbox.put(KIND, msgspec.json.encode(delivery), at, key=key).id
            row.bound = bound
            row.save()
        return True

    def _subscription(self, asked: Delivery) -> Subscription:
        entry = registers.find(Key(territory=asked.territory, kind=Subscription.kind, slug=asked.subscription))
        if entry is None or not isinstance(entry.body, Subscription):
            raise Withdrawn(f"{asked.subscription} is not declared any more")
        return entry.body

    def _named(self, territory: str, body: Subscription, at: datetime) -> Mapping[int, str]:
        """The open series of its datasets, by number."""
        known = self._knowing(territory, at)
        streams = known.facts.all(Datastream)
        return {
            one.id: slug for slug, one in streams.items() if one.dataset in body.datasets and one.id in known.opened
        }

    def _body(self, asked: Delivery) -> tuple[bytes, int] | None:
        """The JSON, and how many observations it holds; None when nothing of it is left to be sent."""
        named = self._named(asked.territory, self._subscription(asked), self._clock())
        columns = _mine(self._store.after(asked.after, AT_ONCE), named)
        columns = picked(columns, columns.position <= asked.bound)
        if not len(columns):
            return None
        head = {"territory": asked.territory, "subscription": asked.subscription, "position": asked.bound}
        opening = json.dumps(head).removesuffix("}").encode()
        written = ",\n".join(lines(columns, {number: json.dumps(slug) for number, slug in named.items()}))
        return opening + b', "observations": [\n' + written.encode() + b"\n]}\n", len(columns)

    def _send(self, to: Subscription, parcel: Parcel, body: bytes) -> None:
        if not to.active:
            raise SetAside("this subscription is not in force now")
        seconds = int(self._clock().timestamp())
        headers = {"content-type": "application/json", **self._signer.headers(parcel.key, seconds, body)}
        status = self._post(to.address, body, headers)
        if status == _GONE:
            raise Hopeless("the receiver answered 410: it wants nothing any more")
        if not 200 <= status < 300:
            raise ConnectionError(f"the receiver answered {status}")


def _woken(number: int, at: datetime) -> None:
    """Send at once what waited because the subscription was not in force, or not declared: now it is, and no receiver
    refused anything."""
    for parcel in outbox.numbered([number]).values():
        said = parcel.error.partition(":")[0]
        if parcel.state is not outbox.State.WAITING and said in (SetAside.__name__, Withdrawn.__name__):
            outbox.retry(number, at)


def _mine(columns: Columns, named: Mapping[int, str]) -> Columns:
    return picked(columns, np.flatnonzero(np.isin(columns.datastream, list(named))))
