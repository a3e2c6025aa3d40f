"""A request that its connection holds until its body is there, and how it is answered without the application."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final, Protocol

import msgspec

from bocage.accounts.rights import Machine
from bocage.api.parts import Parts
from bocage.api.problem import MEDIA_TYPE, document, status_of
from bocage.api.push import headed, language
from bocage.domain.errors import BocageError

_HOST: Final = re.compile(rb"[\w.:\[\]-]{1,255}")


class Asked(Protocol):
    """A request whose body is there, held by its connection. `scheme`: of the address, http or https."""

    url: bytes
    scheme: str
    headers: Mapping[bytes, bytes]
    body: bytes

    def answer(self, status: int, lines: bytes, body: bytes) -> None:
        """Answer; `lines`: the headers as they are written."""

    def otherwise(self) -> None:
        """Let the application answer."""


def machine_of(parts: Parts, authorization: bytes, now: datetime) -> Machine | None:
    """The sender of this token; None when it is bound to no source, or when more must be asked of it."""
    scheme, _space, bearer = authorization.decode("latin-1").partition(" ")
    machine = parts.tokens.known(bearer, now) if scheme.lower() == "bearer" and bearer else None
    return machine if machine is not None and machine.source else None


class Bases:
    """How addresses of observations begin, worked out once for each way of asking."""

    def __init__(self, parts: Parts) -> None:
        self._public = parts.public_url.rstrip("/").encode()
        self._bases: dict[tuple[bytes, bytes], bytes] = {}

    def of(self, one: Asked, root: bytes) -> bytes:
        """The beginning of an address; empty when that must be looked at more closely."""
        host = one.headers.get(b"host", b"localhost")
        base = self._bases.get((root, host))
        if base is None:
            before = self._public or b"%b://%b" % (one.scheme.encode(), host)
            base = before + root + b"/Observations(" if self._public or _HOST.fullmatch(host) else b""
            self._bases[root, host] = base
        # Who asked through a proxy is answered with the public address; where there is none, the proxy may know.
        return base if self._public or b"x-forwarded-proto" not in one.headers else b""


def reply(one: Asked, answer: tuple[int, bytes, str], *more: tuple[bytes, bytes]) -> None:
    """Answer with a status, a body and its media type; `more`: headers of its own."""
    status, body, media_type = answer
    headers = headed(status, len(body), (media_type, one.headers), more)
    one.answer(status, b"".join(b"%b: %b\r\n" % pair for pair in headers), body)


def refuse(one: Asked, error: BocageError) -> None:
    """Answer with a problem document."""
    body = msgspec.json.encode(document(error, language(one.headers)))
    reply(one, (status_of(error), body, MEDIA_TYPE))
