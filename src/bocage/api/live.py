"""New values as they are committed: server-sent events, resumed by position, only what the reader may see."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import date
from typing import Any, Final

import msgspec
import numpy as np
from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from bocage import registers, sensing
from bocage.accounts.rights import ANYONE, Actor, Right, reach
from bocage.api.asking import asking, facts_of
from bocage.api.parts import Parts
from bocage.api.seats import Seated, Seats, place
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.dataset import Dataset
from bocage.domain.errors import BocageError
from bocage.domain.instant import iso
from bocage.domain.nature import Origin, ResultKind
from bocage.domain.observation import Columns
from bocage.domain.sensing import Datastream
from bocage.domain.source import Source
from bocage.domain.whole import whole
from bocage.publish.publication import open_numbers
from bocage.relational import in_thread
from bocage.store.columns import picked

BREATH: Final = 0.25  # seconds between two looks at the log while values keep coming
LOOKS: Final = 400  # at the log, in a second, for all listeners together: many of them hear less often
SIGN_OF_LIFE: Final = 15.0  # seconds after which a silent connection says that it lives
AT_ONCE: Final = 5_000  # rows looked at together; a reader further behind gets the latest values instead
AGAIN: Final = 60.0  # seconds after which a reader's rights are looked at again


class Reading(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The newest value of one series since the last event. Times in UTC, ISO 8601."""

    datastream: str
    number: int
    thing: str
    time: str
    result: float | bool | str | None
    end: str = ""
    origin: str = "measured"
    original: str = ""
    licence: str = ""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Values of one territory up to a position of the log."""

    position: int
    values: tuple[Reading, ...]


class Hearing(msgspec.Struct, frozen=True, kw_only=True):
    """What one reader may hear: series by number, as (slug, thing); and what that was worked out from."""

    series: Mapping[int, tuple[str, str, str]]
    revision: tuple[int, int, date]


class Bell:
    """Wakes the connections of one event loop after each commit."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: set[asyncio.Future[None]] = set()

    async def wait(self, beyond: int, seconds: float) -> None:
        """Return once the log is beyond this position, or when so many seconds have passed."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop = loop
            self._parts.store.subscribe(lambda position: self._ring(loop))
        if self._parts.store.position() > beyond:
            return
        woken: asyncio.Future[None] = loop.create_future()
        self._waiting.add(woken)
        try:
            await asyncio.wait_for(woken, seconds)
        except TimeoutError:
            return
        finally:
            self._waiting.discard(woken)

    def _ring(self, loop: asyncio.AbstractEventLoop) -> None:
        """Called from the writer's thread; the loop may be gone while the log still closes."""
        if self._waiting:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        for woken in self._waiting:
            if not woken.done():
                woken.set_result(None)


def routes(parts: Parts) -> list[BaseRoute]:
    """GET /api/{territory}/live; `every=1`: each observation, not only the newest of a series; `from`: a position."""
    bell, seats = Bell(parts), Seats()

    async def live(request: Request) -> Seated:
        territory = str(request.path_params["territory"])

        def present() -> Actor:
            return asking(parts, request).actor

        actor = await in_thread(present)
        hearing = await in_thread(heard, parts, territory, actor)
        asked = request.query_params
        position = _resumed(request.headers.get("last-event-id", "") or asked.get("from", ""), parts)
        listener = Listener(parts, bell, (territory, actor, hearing), present, seats.total)
        listener.every = asked.get("every", "") == "1"
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        who = actor.account or place(request.client.host if request.client else "")
        seats.ask(who)
        response = Seated(listener.events(position), media_type="text/event-stream", headers=headers)
        response.seats, response.who = seats, who
        return response

    return [Route("/api/{territory}/live", live, name="api.live")]


class Listener:
    """One connection. `present` says who is speaking now: a session may end, a role be taken away, meanwhile."""

    def __init__(
        self,
        parts: Parts,
        bell: Bell,
        who: tuple[str, Actor, Hearing],
        present: Callable[[], Actor] | None = None,
        listeners: Callable[[], int] = lambda: 1,
    ) -> None:
        self._parts = parts
        self._bell = bell
        self._territory, actor, self._hearing = who
        self._present = present or (lambda: actor)
        self._listeners = listeners
        self.every = False
        self.silence = SIGN_OF_LIFE

    async def events(self, position: int) -> AsyncIterator[bytes]:
        """Server-sent events from a position on, until the reader leaves."""
        yield f"retry: 3000\nid: {position}\n\n".encode()
        loop = asyncio.get_running_loop()
        checked = told = loop.time()
        while True:
            await self._bell.wait(position, self.silence)
            if loop.time() - checked > AGAIN or self._changed():
                self._hearing = await in_thread(self._heard)
                checked = loop.time()
            event = await in_thread(self._since, position)
            position = event.position
            if event.values or loop.time() - told >= self.silence:
                yield encoded(event) if event.values else b":\n\n"
                told = loop.time()
            # Also after what is not for this reader: else every commit of others would cost a look for each of them.
            await asyncio.sleep(max(BREATH, self._listeners() / LOOKS))

    def _heard(self) -> Hearing:
        try:
            actor = self._present()
        except BocageError:  # a token that was revoked meanwhile
            actor = ANYONE
        return heard(self._parts, self._territory, actor)

    def _changed(self) -> bool:
        return self._hearing.revision[:2] != (registers.revision(self._territory), sensing.revision(self._territory))

    def _since(self, position: int) -> Event:
        """What was committed after a position; the latest values when that is too much to tell one by one."""
        store, series = self._parts.store, self._hearing.series
        now = store.position()
        if now <= position or not series:
            return Event(position=max(now, position), values=())
        columns = store.after(position, AT_ONCE)
        if self.every:
            return _all(columns, series, now)
        if len(columns) >= AT_ONCE:
            return Event(position=now, values=readings(store.latest(sorted(series)), series))
        last = int(columns.position[-1]) if len(columns) else now
        changed = np.intersect1d(columns.datastream, list(series)).tolist()
        newest = store.latest(changed)
        # A history that is loaded is older than what is shown: the latest value did not change.
        fresh = picked(newest, newest.position > position)
        return Event(position=last, values=readings(fresh, series))


def _all(columns: Columns, series: Mapping[int, tuple[str, str, str]], now: int) -> Event:
    """Each of these observations in the order they were kept, for programs that must miss none."""
    wanted = np.flatnonzero(np.isin(columns.datastream, list(series))).tolist()
    position = int(columns.position[-1]) if len(columns) else now
    return Event(position=position, values=tuple(_reading(columns, at, series) for at in wanted))


def heard(parts: Parts, territory: str, actor: Actor) -> Hearing:
    """The series whose values this reader may hear: open ones, and those of the services they work for."""
    revision = (registers.revision(territory), sensing.revision(territory))
    facts = facts_of(parts, territory)
    opened = open_numbers(facts)
    granted = reach(actor, Right.READ_DATA, territory)
    series = {
        stream.id: (slug, stream.thing, _licence(facts, stream))
        for slug, stream in facts.all(Datastream).items()
        if stream.id in opened
        or granted.covers(source=stream.source, service=_service(facts, stream), dataset=stream.dataset)
    }
    return Hearing(series=series, revision=(*revision, facts.today))


def _service(facts: TerritoryFacts, stream: Datastream) -> str:
    dataset = facts.one(Dataset, stream.dataset)
    return dataset.service if dataset else ""


def _licence(facts: TerritoryFacts, stream: Datastream) -> str:
    """The licence of what the source gives, where it comes from elsewhere under one."""
    source = facts.one(Source, stream.source)
    return source.licence if source else ""


def readings(columns: Columns, series: Mapping[int, tuple[str, str, str]]) -> tuple[Reading, ...]:
    """The newest value of each of these series among some observations, by number."""
    wanted = np.flatnonzero(np.isin(columns.datastream, list(series)))
    if not len(wanted):
        return ()
    order = wanted[np.lexsort((columns.start[wanted], columns.datastream[wanted]))]
    last = np.append(columns.datastream[order][1:] != columns.datastream[order][:-1], True)
    return tuple(_reading(columns, place, series) for place in order[last].tolist())


def _reading(columns: Columns, at: int, series: Mapping[int, tuple[str, str, str]]) -> Reading:
    number = int(columns.datastream[at])
    slug, thing, licence = series[number]
    origin = Origin(int(columns.origin[at]))
    replayed = origin is Origin.REPLAYED and columns.original is not None
    return Reading(
        datastream=slug,
        number=number,
        thing=thing,
        time=iso(columns.start[at]),
        end=iso(columns.end[at]) if columns.end[at] != columns.start[at] else "",
        result=_result(columns, at),
        origin=origin.name.lower(),
        original=iso(columns.original[at]) if replayed and columns.original is not None else "",
        licence=licence,
    )


def _result(columns: Columns, at: int) -> float | bool | str | None:
    kind: Any = ResultKind(int(columns.kind[at]))
    if kind is ResultKind.TEXT and columns.text is not None:
        return str(columns.text[at])
    if kind is ResultKind.BOOLEAN:
        return bool(columns.number[at])
    return float(columns.number[at]) if kind is ResultKind.NUMBER else None


def encoded(event: Event) -> bytes:
    """One server-sent event; its id is the position to resume from."""
    return b"id: %d\nevent: values\ndata: %s\n\n" % (event.position, msgspec.json.encode(event))


def _resumed(last: str, parts: Parts) -> int:
    """Where to go on; a reader that comes for the first time has just read the page."""
    position = parts.store.position()
    return min(whole(last, position), position)
