"""What an answer says of its own state, so that nobody takes the same bytes twice; and who may read it from where."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

import msgspec
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from bocage.publish.paper import Press, Sheet

EXPOSED = "Bocage-Last-Observation, Content-Disposition, ETag, Last-Modified, Link"


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer is made of: `tag` moves when a byte of it does; `last` is when that was at the latest (UTC ms; 0
    when unknown, or when the second it was in is not over yet, so that a date never stands for two states).

    `open`: whether everyone may have it.
    """

    tag: str
    open: bool
    last: int = 0

    @property
    def headers(self) -> dict[str, str]:
        """How it is said. Pages of other sites may read what is open, and that alone."""
        said = {"ETag": f'"{self.tag}"', "Cache-Control": "no-cache" if self.open else "private, no-store"}
        if self.last:
            said["Last-Modified"] = format_datetime(datetime.fromtimestamp(self.last // 1000, UTC), usegmt=True)
        return {**said, **(SHARED if self.open else {})}

    def held(self, request: Request) -> bool:
        """Whether the reader has exactly this already: by its tag, else by its date (RFC 9110, section 13.2.2)."""
        asked = request.headers.get("if-none-match")
        if asked is None:
            return self._since(request.headers.get("if-modified-since", ""))
        tags = [tag.strip().removeprefix("W/") for tag in asked.split(",")]
        return f'"{self.tag}"' in tags or "*" in tags

    def _since(self, date: str) -> bool:
        """Whether nothing changed since a date; one that cannot be read is not looked at."""
        try:
            return bool(self.last) and self.last // 1000 <= parsedate_to_datetime(date).timestamp()
        except ValueError:
            return False


SHARED: Mapping[str, str] = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": EXPOSED}


def tag(*of: object) -> str:
    """A short name of what an answer is made of."""
    return hashlib.sha256(repr(of).encode()).hexdigest()[:32]


def whole(request: Request, body: bytes, media_type: str, state: State) -> Response:
    """A body that is made already: 304 when the reader has it."""
    if state.held(request):
        return Response(status_code=304, headers=state.headers)
    return Response(body, headers=state.headers, media_type=media_type)


async def printed(press: Press, request: Request, sheet: Sheet, said: Mapping[str, str]) -> Response:
    """A document that everyone may have; a reader who has it already is told so, and nothing is printed. `said`: more
    headers."""
    state = State(tag=sheet.tag, open=True)
    headers = {**state.headers, **said}
    if state.held(request):
        return Response(status_code=304, headers=headers)
    return Response(await to_thread.run_sync(press.printed, sheet), 200, headers, "application/pdf")


def shared(request: Request, body: bytes, media_type: str) -> Response:
    """The same for what everyone may have, and whose bytes are all there is to its state."""
    return whole(request, body, media_type, State(tag=tag(body), open=True))
