"""Observations as senders post them, one or in arrays: bare ASGI, because most requests of an instance are these."""

import re
from typing import Final

import msgspec
import numpy as np

from bocage.api import incoming
from bocage.api.parts import Parts
from bocage.api.problem import MEDIA_TYPE, Stopped, document, status_of
from bocage.api.push import JSON, App, Headers, Receive, Scope, Send, at_home, language, machine_of, reply
from bocage.api.sensorthings.address import Step
from bocage.api.sensorthings.answering import missing
from bocage.api.sensorthings.model import DATASTREAM
from bocage.api.sensorthings.plain import plain
from bocage.api.sensorthings.sent import Arrived, Single, alone, arrived, blocks, single
from bocage.api.sensorthings.sight import Sights
from bocage.api.sensorthings.targets import Target, Targets
from bocage.domain.errors import BocageError, Refused
from bocage.domain.instant import to_ms
from bocage.domain.observation import Ints, Outcome
from bocage.domain.reading import Decoded
from bocage.domain.text import message as _
from bocage.ingest.answer import Answer
from bocage.ingest.compiled import Compiled
from bocage.relational import in_thread
from bocage.upkeep.meter import METER, territory_of

_PATH: Final = re.compile(
    r"(?P<root>(?:/api/(?P<territory>[a-z0-9-]+))?/sta/v1\.1)/"
    r"(?:Datastreams\((?P<stream>\d{1,18})\)/)?(?P<what>Observations|CreateObservations)/?"
)
READ_IN_THREAD: Final = 512 * 1024  # bytes from which arrays are read in a thread, so that others do not wait
Told = tuple[int, bytes, str, list[tuple[bytes, bytes]]]


class Otherwise(Exception):
    """What was posted makes entities too, or must be looked at closely: not for this short way. `body`: what it is."""

    def __init__(self, body: bytes) -> None:
        super().__init__(len(body))
        self.body = body


class Posting:
    """Answers POST to Observations and CreateObservations."""

    def __init__(self, parts: Parts, sights: Sights) -> None:
        self._parts = parts
        self._sights = sights
        self._targets = parts.shelf.of(Targets)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take in one request; every failure is answered with a problem document. Otherwise when it is not for here."""
        headers = dict(scope["headers"])
        more: list[tuple[bytes, bytes]] = []
        try:
            status, body, media_type, more = await self._answered(scope, receive, headers)
        except BocageError as error:
            status, media_type = status_of(error), MEDIA_TYPE
            body = msgspec.json.encode(document(error, language(headers)))
        METER.went(territory_of(scope["path"]), len(body))
        await reply(send, status, body, (media_type, headers), more)

    async def _answered(self, scope: Scope, receive: Receive, headers: Headers) -> Told:
        match = _PATH.fullmatch(scope["path"])
        assert match is not None
        machine = await machine_of(self._parts, headers)
        if match["territory"]:
            at_home(machine, match["territory"])
        body = await incoming.whole(incoming.counted(receive, machine.territory), headers)
        by = await self._parts.intake.by(machine.territory, machine.source)
        target = await self._targets.of(by, self._sights)
        base = self._base(scope, headers) + match["root"] + "/Observations("
        if match["what"] == "CreateObservations":
            return await self._several(by, target, body, base)
        sent = single(body)
        stream = match["stream"]
        if sent is None or (sent.stream is None and stream is None):
            raise Otherwise(body)
        number = sent.stream.id if sent.stream is not None else int(stream)
        return await self._one(by, target, (sent, number, body), base)

    def _base(self, scope: Scope, headers: Headers) -> str:
        known = self._parts.public_url
        if known:
            return known.rstrip("/")
        return f"{scope.get('scheme', 'http')}://{headers.get(b'host', b'localhost').decode('latin-1')}"

    async def _one(self, by: Compiled, target: Target, asked: tuple[Single, int, bytes], base: str) -> Told:
        sent, number, body = asked
        key = target.keys.get(number)
        if key is None:
            raise not_its_own(number)
        allowed = target.features.get(number, frozenset())
        if sent.feature is not None and sent.feature.id not in allowed:
            raise Otherwise(body)  # its series is to hang on that feature first
        if not allowed:
            raise nowhere()
        readings = alone(sent, key, to_ms(self._parts.clock()), target.since[number])
        answer = await self._parts.intake.take(by, Decoded(readings=readings))
        return 201, b"", JSON, [(b"location", f"{base}{kept_id(answer)})".encode())]

    async def _several(self, by: Compiled, target: Target, body: bytes, base: str) -> Told:
        now = to_ms(self._parts.clock())
        if len(body) > READ_IN_THREAD:
            sent = await in_thread(_read, body, target, now)
        else:
            sent = _read(body, target, now)
        if sent is None or sent.strange:
            raise Otherwise(body)
        answer = None
        if len(sent.rows):
            answer = await self._parts.intake.take(by, Decoded(readings=sent.readings))
        return 201, links(sent, answer, base), JSON, []


def _read(body: bytes, target: Target, now: int) -> Arrived | None:
    """What was sent; None when it must be looked at closely."""
    found = plain(body, target)
    if found is not None:
        return found
    sent = blocks(body)
    return None if sent is None else arrived(sent, target, now)


def kept_id(answer: Answer) -> int:
    """The id of the one observation that was sent, of one series or of several; the reason why there is none is
    raised."""
    places = answer.places
    assert places is not None
    outcomes = {Outcome(one) for one in places.outcome.tolist()}
    if outcomes <= {Outcome.STORED, Outcome.KNOWN, Outcome.CORRECTED}:
        return int(places.id[0])
    refusals = tuple(reason.refusal for reason in answer.reasons if not reason.kept)
    if Outcome.CONFLICT in outcomes:
        raise Stopped(409, _("The log holds another value for this series and this time; this source may not correct."))
    raise Refused(refusals)


def links(sent: Arrived, answer: Answer | None, base: str) -> bytes:
    """The address of each observation in the order in which they were sent, "error" for what is not kept."""
    return addresses(placed(sent, answer), base.encode())


def addresses(ids: Ints, base: bytes) -> bytes:
    """The addresses of these, "error" instead of a number below zero."""
    if not len(ids):
        return b"[]"
    if int(ids.min()) >= 0:  # numbers without signs: what stands between them stands between the addresses
        written = msgspec.json.encode(ids.tolist())[1:-1].replace(b",", b')","%b' % base)
        return b'["%b%b)"]' % (base, written)
    named = [b'"%b%d)"' % (base, one) if one >= 0 else b'"error"' for one in ids.tolist()]
    return b"[%b]" % b",".join(named)


def placed(sent: Arrived, answer: Answer | None) -> Ints:
    """The id of each observation in the order in which they were sent; -1 of what is not kept."""
    ids = np.full(sent.total, -1, dtype=np.int64)
    if answer is not None and answer.places is not None:
        ids[sent.rows] = answer.places.id
    return ids


def not_its_own(number: int) -> BocageError:
    """What is said of a series that the token does not write to."""
    return missing(Step(DATASTREAM + "s", number))


def nowhere() -> Stopped:
    """What is said of an observation about nothing."""
    return Stopped(400, _("This observation is about nothing: give its thing a Location, or its series a feature."))


def first(parts: Parts, app: App) -> App:
    """The application with observations taken in before any router looks at them."""
    posting = Posting(parts, Sights(parts))

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST" or not _PATH.fullmatch(scope.get("path", "")):
            await app(scope, receive, send)
            return
        try:
            await posting(scope, receive, send)
        except Otherwise as other:
            await app({**scope, "bocage.body": other.body}, receive, send)

    return application
