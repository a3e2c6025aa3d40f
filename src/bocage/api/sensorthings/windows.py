"""The observations of one series within some time, which charts ask for: read from the address, without a router.

What memory holds is answered within the turn of the loop, what files hold by a thread. Whatever else is asked, or by
whom must be looked up first, the routes answer, as if this way were not there: the answers are the same to the byte.
"""

import re
from typing import Any, Final
from urllib.parse import unquote_plus

import msgspec
from anyio import to_thread
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bocage.accounts import ANYONE
from bocage.api.asking import Asking
from bocage.api.parts import Parts
from bocage.api.sensorthings import rows as observed
from bocage.api.sensorthings.model import NEXT
from bocage.api.sensorthings.options import DEFAULT, Options, following
from bocage.api.sensorthings.serving import headers, room
from bocage.api.sensorthings.sight import Sights
from bocage.domain.errors import BocageError
from bocage.domain.observation import Columns
from bocage.domain.saying import instant
from bocage.store.columns import picked, trimmed

_PATH: Final = re.compile(
    r"(?P<root>(?:/api/(?P<territory>[a-z0-9-]+))?/sta/v1\.1)/(?P<path>Datastreams\((?P<stream>\d{1,18})\)/Observations)/?",
    re.ASCII,
)
_TIME: Final = r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z"
_WITHIN: Final = re.compile(
    rf"phenomenonTime (?P<first>ge|gt) (?P<start>{_TIME}) and phenomenonTime (?P<last>lt|le) (?P<end>{_TIME})",
    re.ASCII,
)
_ORDERS: Final = {"phenomenonTime": False, "phenomenonTime asc": False, "phenomenonTime desc": True}
_TOP: Final = re.compile(r"[1-9]\d{0,3}", re.ASCII)
_HOST: Final = re.compile(r"[\w.:\[\]-]{1,255}", re.ASCII)
Headers = dict[bytes, bytes]


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: of a series, with start in [start, end), `page` at most, newest first when `down`. `root`, `path`
    and `query` as they stood in the address."""

    root: str
    territory: str
    path: str
    query: str
    stream: int
    start: int
    end: int
    page: int
    down: bool


def read(path: str, query: str) -> Window | None:
    """The window that an address asks for; None when it asks for something else, or not in so many words."""
    where = _PATH.fullmatch(path)
    if where is None or not query.isascii():
        return None
    given = {
        unquote_plus(name): unquote_plus(value) for name, _is, value in (one.partition("=") for one in query.split("&"))
    }
    each_once = len(given) == query.count("&") + 1
    within = _WITHIN.fullmatch(given.pop("$filter", ""))
    down = _ORDERS.get(given.pop("$orderby", "phenomenonTime"))
    top = _TOP.fullmatch(given.pop("$top", str(DEFAULT)))
    if within is None or down is None or top is None or given or not each_once:
        return None
    try:
        start, end = instant(within["start"]), instant(within["end"])
    except (ValueError, OverflowError):
        return None
    return Window(
        root=where["root"],
        territory=where["territory"] or "",
        path=where["path"],
        query=query,
        stream=int(where["stream"]),
        start=start + (within["first"] == "gt"),
        end=end + (within["last"] == "le"),
        page=int(top[0]),
        down=down,
    )


class Windows:
    """Answers them; asked from the event loop."""

    def __init__(self, parts: Parts) -> None:
        self._parts, self._sights = parts, Sights(parts)

    async def answer(self, scope: Scope) -> Response | None:
        """The answer to a GET; None when it is for the routes."""
        asked = read(scope["path"], scope["query_string"].decode("latin-1"))
        if asked is None:
            return None
        said: Headers = dict(scope["headers"])
        base, who = self._base(scope, said), self._who(said)
        if not base or who is None or not self._reads(who, asked):
            return None
        rows = self._parts.store.at_hand(asked.stream, asked.start, asked.end)
        if rows is not None:
            body = written(asked, picked(rows, slice(None, None, -1)) if asked.down else rows, base)
        else:
            body = await to_thread.run_sync(self._from_files, asked, base, limiter=room())
        known = b"authorization" in said
        return None if body is None else Response(body, 200, headers(known), "application/json")

    def _from_files(self, asked: Window, base: str) -> bytes | None:
        try:
            limit, down = asked.page + 1, asked.down
            found = self._parts.store.window(asked.stream, asked.start, asked.end, limit=limit, newest_first=down)
        except BocageError:  # the routes tell it as they tell every failure
            return None
        return written(asked, found, base)

    def _who(self, said: Headers) -> Asking | None:
        """Who asks; None when that must be looked up."""
        if b"cookie" in said:
            return None
        if b"authorization" not in said:
            return Asking(actor=ANYONE)
        scheme, _space, bearer = said[b"authorization"].decode("latin-1").partition(" ")
        found = self._parts.tokens.known(bearer, self._parts.clock()) if scheme.lower() == "bearer" else None
        return None if found is None else Asking(actor=ANYONE, machine=found)

    def _reads(self, who: Asking, asked: Window) -> bool:
        """Whether the reader is shown these observations, as memory knows already."""
        views = self._sights.ready(who, asked.territory)
        return any(view.reads(asked.stream) and asked.stream not in view.leads for view in views)

    def _base(self, scope: Scope, said: Headers) -> str:
        """How the reader reached the service; empty when that must be looked at more closely."""
        if self._parts.public_url:
            return self._parts.public_url.rstrip("/")
        host = said.get(b"host", b"").decode("latin-1")
        return f"{scope['scheme']}://{host}" if _HOST.fullmatch(host) and not scope.get("root_path") else ""


def written(asked: Window, rows: Columns, base: str) -> bytes | None:
    """The page as JSON; `rows`: one more than it holds when there are more. None when some of them last: what is
    asked of their edges is another question."""
    if bool((rows.end != rows.start).any()):
        return None
    base, page = base + asked.root, trimmed(picked(rows, slice(0, asked.page)))
    document: dict[str, Any] = {"value": observed.listed(page, base)}
    if len(rows) > asked.page:
        token = (int(page.start[-1]), int(page.end[-1]), int(page.id[-1]))
        document[NEXT] = following(f"{base}/{asked.path}", Options(written=asked.query), token)
    return msgspec.json.encode(document)


def first(parts: Parts, app: ASGIApp) -> ASGIApp:
    """The application with windows answered before any router looks at them."""
    windows = Windows(parts)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["type"] == "http" and scope["method"] == "GET" and scope["query_string"]
        answer = await windows.answer(scope) if asked else None
        await (answer or app)(scope, receive, send)

    return application
