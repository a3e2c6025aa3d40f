"""Reads the addresses of sources at their interval, and only when something changed there."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import httpx

from bocage import registers
from bocage.domain.declaration import Key
from bocage.domain.errors import BocageError
from bocage.domain.source import Source, Transport
from bocage.domain.text import message as _
from bocage.ingest.compiled import Compiled
from bocage.ingest.fetching import fetch
from bocage.ingest.loading import handed
from bocage.ingest.reception import Reception, Sent
from bocage.ingest.tables import Polled
from bocage.jobs import Said

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
                    if mark.pk is None or at >= mark.at + _wait(body, mark):
                        told.append(self._one(entry.key, body, mark, at))
        return tuple(told)

    def _one(self, key: Key, source: Source, mark: Polled, at: datetime) -> Said:
        """Read one address and say what came of it; a failure is remembered and stops nothing."""
        mark.failures, failure = mark.failures + 1, ""
        try:
            told = self._read(key, source, mark)
            mark.failures, mark.outcome = 0, ""
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError) as error:
            failure = _told(f"{type(error).__name__}: {error}")
        except BocageError as error:
            failure = _told(str(error))
        if failure:
            mark.outcome, told = failure, _FAILED
        mark.at = at
        mark.save()
        named = {"source": f"{key.territory}/{key.slug}", **told.values}
        return Said(message=told.message, values={**named, "failure": failure} if failure else named)

    def _read(self, key: Key, source: Source, mark: Polled) -> Said:
        asked = {"If-None-Match": mark.etag, "If-Modified-Since": mark.modified}
        before = self._reception.clock()
        response = self._fetch(source.address, {name: value for name, value in asked.items() if value})
        if self.hear:
            self.hear(urlsplit(source.address).hostname or "", response.headers, before, self._reception.clock())
        if response.status_code == httpx.codes.NOT_MODIFIED:
            return _NOTHING
        response.request = httpx.Request("GET", source.address)
        response.raise_for_status()
        by = self._reception.gate.compiled(key.territory, key.slug)
        answer = self._take(by, source, response)
        # Remembered only now: what could not be kept is asked for again.
        mark.etag, mark.modified = response.headers.get("etag", ""), response.headers.get("last-modified", "")
        return answer

    def _take(self, by: Compiled, source: Source, response: httpx.Response) -> Said:
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        name = urlsplit(source.address).path.rsplit("/", 1)[-1]
        sent = Sent(body=response.content, media_type=media_type, file=name)
        answer = handed(self._reception, by, self._reception.read(by, source, sent))
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


def _told(failure: str) -> str:
    """A failure without what an address may hold of keys and passwords: its host is enough to know it by."""
    return _ADDRESS.sub(r"\1\2", failure)[:500]


def _mark(key: Key, at: datetime) -> Polled:
    names = {"territory": key.territory, "source": key.slug}
    return Polled.objects.filter(**names).first() or Polled(**names, at=at)


def _wait(source: Source, mark: Polled) -> timedelta:
    return timedelta(seconds=source.every_seconds * (1 << min(int(mark.failures), MOST_DOUBLINGS)))
