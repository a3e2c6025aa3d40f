"""Reads the addresses of sources at their interval, and only when something changed there."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import httpx
import msgspec

from bocage import registers
from bocage.domain.declaration import Key
from bocage.domain.errors import BocageError
from bocage.domain.source import Source, Transport
from bocage.domain.text import message as _
from bocage.ingest.answer import Answer, Sum
from bocage.ingest.answering import Version, retry_after, version
from bocage.ingest.compiled import Compiled
from bocage.ingest.fetching import fetch, lead
from bocage.ingest.loading import handed
from bocage.ingest.reception import Reception, Sent
from bocage.ingest.tables import Polled
from bocage.jobs import Said
from bocage.upkeep.meter import METER

_NOWHERE: Final = b"{}"
MOST_DOUBLINGS: Final = 6  # an address that fails is left alone ever longer, up to 64 intervals

Fetch = Callable[[str, dict[str, str]], httpx.Response]
Hear = Callable[[str, Mapping[str, str], datetime, datetime], None]
"""Hears the host and the headers of an answer, when it was asked and when it answered."""


_TAKEN = _("%(source)s: %(kept)s kept, %(known)s known already, %(refused)s refused, %(unreadable)s unreadable.")
_NOTHING = Said(message=_("%(source)s: nothing new."))
_FAILED = Said(message=_("%(source)s did not answer as it should (%(failure)s); it will be asked again."))


class Polling:
    """The polls of the instance."""

    def __init__(self, reception: Reception, fetching: Fetch = fetch) -> None:
        self._reception = reception
        self._fetch = fetching
        self.hear: Hear | None = None

    def poll(self, at: datetime) -> tuple[Said, ...]:
        """Read every address whose turn it is; a sentence for each."""
        told: list[Said] = []
        for territory in registers.territories():
            for entry in registers.current(territory, Source.kind):
                body = entry.body
                if isinstance(body, Source) and body.transport is Transport.POLL and body.address:
                    mark = _mark(entry.key, at)
                    if mark.pk is None or at >= _next(body, mark):
                        told.append(self._one(entry.key, body, mark, at))
        return tuple(told)

    def _one(self, key: Key, source: Source, mark: Polled, at: datetime) -> Said:
        """Read one address and say what came of it; a failure is remembered and stops nothing."""
        mark.failures, failure = mark.failures + 1, ""
        try:
            told = self._read(key, source, mark)
            mark.failures, mark.outcome = 0, ""
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError) as error:
            failure = _told(source, error, f"{type(error).__name__}: {error}")
        except BocageError as error:
            failure = _told(source, error, str(error))
        if failure:
            mark.outcome, told = failure, _FAILED
        mark.at = at
        mark.save()
        named = {"source": f"{key.territory}/{key.slug}", **told.values}
        return Said(message=told.message, values={**named, "failure": failure} if failure else named)

    def _read(self, key: Key, source: Source, mark: Polled) -> Said:
        """Read the address, and those it leads to; what came of all of them."""
        total, found = Sum(), False
        by = self._reception.gate.compiled(key.territory, key.slug)
        plugin = self._reception.plugins.get(source.plugin)
        leads = plugin.leads if plugin else None
        led = bytes(mark.feeds) != _NOWHERE  # what leads on is read each time: the rest must be asked for
        known = Version() if led else Version(etag=mark.etag, modified=mark.modified)
        response = self._asked(source.address, known, mark)
        if response is not None:
            total.add(self._take(by, source, source.address, response))
            found = True
            rest = plugin.rests(response.content) if plugin and plugin.rests else 0
            # Remembered only now: what could not be kept is asked for again.
            said = version(response.headers)
            mark.etag, mark.modified = said.etag, said.modified
            if leads and (addresses := leads(response.content)):
                taken, rest = self._follow(addresses, (by, source, mark), total)
                found = bool(taken)
            mark.not_before = self._reception.clock() + timedelta(seconds=rest)
        if not found:
            return _NOTHING
        mark.took = self._reception.clock()
        return _said(total.total())

    def _follow(self, addresses: tuple[str, ...], of: tuple[Compiled, Source, Polled], total: Sum) -> tuple[int, int]:
        """Read what an address led to, each when it changed: how many did, and the shortest time one stands."""
        by, source, mark = of
        versions = msgspec.json.decode(bytes(mark.feeds), type=dict[str, Version])
        rests = self._reception.plugins[source.plugin].rests
        kept, stands, taken = {}, [], 0
        for address in addresses:
            lead(source.address, address)
            kept[address] = versions.get(address, Version())
            response = self._asked(address, kept[address], mark)
            if response is not None:
                total.add(self._take(by, source, address, response))
                kept[address], taken = version(response.headers), taken + 1
                stands += [rests(response.content)] if rests else []
        mark.feeds = msgspec.json.encode(kept)
        return taken, min(stands, default=0)

    def _asked(self, address: str, known: Version, mark: Polled) -> httpx.Response | None:
        """The answer of an address, None when nothing changed there."""
        before = self._reception.clock()
        response = self._fetch(address, known.asked)
        at = self._reception.clock()
        if self.hear:
            self.hear(urlsplit(address).hostname or "", response.headers, before, at)
        if response.status_code == httpx.codes.NOT_MODIFIED:
            return None
        mark.not_before = retry_after(response.status_code, response.headers, at)
        response.request = httpx.Request("GET", address)
        response.raise_for_status()
        return response

    def _take(self, by: Compiled, source: Source, address: str, response: httpx.Response) -> Answer:
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        name = urlsplit(address).path.rsplit("/", 1)[-1]
        sent = Sent(body=response.content, media_type=media_type, file=name)
        METER.came(by.territory, len(sent.body))
        return handed(self._reception, by, self._reception.read(by, source, sent))


def _said(answer: Answer) -> Said:
    return Said(
        message=_TAKEN,
        values={
            "kept": answer.accepted,
            "known": answer.known,
            "refused": answer.refused + answer.conflicts,
            "unreadable": answer.unreadable,
        },
    )


_ADDRESS = re.compile(r"(https?://)(?:[^/@\s]*@)?([^/\s'\"?#]+)[^\s'\"]*")


def _told(source: Source, error: Exception, failure: str) -> str:
    """A failure without what an address may hold of keys and passwords: its host is enough to know it by. Of a source
    of identifiers only what sort it is of: what could not be read may name somebody."""
    quotes = source.pseudonyms and not isinstance(error, httpx.HTTPError)
    return type(error).__name__ if quotes else _ADDRESS.sub(r"\1\2", failure)[:500]


def _mark(key: Key, at: datetime) -> Polled:
    names = {"territory": key.territory, "source": key.slug}
    return Polled.objects.filter(**names).first() or Polled(**names, at=at)


def _next(source: Source, mark: Polled) -> datetime:
    """When an address is read again: at its interval, later when it fails or asks to be left alone."""
    wait = timedelta(seconds=source.every_seconds * (1 << min(int(mark.failures), MOST_DOUBLINGS)))
    return max(mark.at + wait, mark.not_before or mark.at)


class State(msgspec.Struct, frozen=True, kw_only=True):
    """How a source stands with its address: read when, what failed since, what came when, read again when."""

    read: datetime
    took: datetime | None
    again: datetime
    failures: int
    outcome: str


def state(territory: str, slug: str, source: Source) -> State | None:
    """That of one source, None when its address was never read."""
    mark = Polled.objects.filter(territory=territory, source=slug).first()
    if mark is None:
        return None
    again = _next(source, mark)
    return State(read=mark.at, took=mark.took, again=again, failures=mark.failures, outcome=mark.outcome)
