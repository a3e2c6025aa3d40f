"""Registers for programs: JSON, CSV, TOML and JSON Schema for everyone; changes by people, through the one door."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bocage import evidence, sensing
from bocage import registers as kept
from bocage.accounts import rights
from bocage.accounts.consulting import may_consult
from bocage.api import entities
from bocage.api.asking import Asking, asking, known_of, territory_of
from bocage.api.conditions import SHARED
from bocage.api.entries import found, listed
from bocage.api.incoming import limited
from bocage.api.parts import Parts
from bocage.api.problem import Stopped
from bocage.api.taking import language
from bocage.domain.declaration import Declaration, Key, is_slug
from bocage.domain.errors import Invalid, Missing
from bocage.domain.kinds import KINDS
from bocage.domain.text import message as _
from bocage.domain.whole import whole
from bocage.publish.disclosure import disclosed
from bocage.registers import shape, sheets, toml
from bocage.registers.entry import Entry
from bocage.relational import in_thread
from bocage.words import translate

# A form of another site cannot send this header, so a session cookie alone never changes anything.
OWN_HEADER = "bocage-request"
LONGEST = 1024 * 1024


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """A body and its media type."""

    body: bytes
    media_type: str


def routes(parts: Parts) -> list[BaseRoute]:
    """Their addresses; without an ending, JSON."""
    place = "/api/{territory}/registers"
    one = place + "/{kind}/{slug}"
    return [
        Route(place, _bound(parts, index), name="api.registers"),
        Route(place + "/{kind}.schema.json", _bound(parts, schema), name="api.schema"),
        *(Route(place + "/{kind}" + end, _bound(parts, register), name="api.register") for end in _ENDS),
        *(Route(one + end, _bound(parts, declaration), name="api.declaration") for end in (".json", ".toml", "")),
        Route(one, _bound(parts, declare), methods=["PUT", "DELETE"], name="api.declare"),
    ]


_ENDS = (".json", ".csv", "")


def _bound(parts: Parts, answer: Any) -> Any:
    async def endpoint(request: Request) -> Response:
        body = await limited(request, LONGEST) if request.method == "PUT" else b""
        response: Response = await in_thread(answer, parts, request, body)
        return response

    return endpoint


def index(parts: Parts, request: Request, _body: bytes) -> Response:
    """Every register this reader may see, with how many declarations it holds."""
    territory, lang = request.path_params["territory"], language(request)
    territory_of(territory)
    trusted = _trusted(who := asking(parts, request), territory)
    counts = kept.count(territory) | entities.counted(known_of(parts, territory), trusted)
    found = [
        {
            "kind": name,
            "label": translate(kind.plural, lang),
            "count": counts.get(name, 0),
            "json": f"/api/{territory}/registers/{name}.json",
            "csv": f"/api/{territory}/registers/{name}.csv",
            "schema": f"/api/{territory}/registers/{name}.schema.json",
        }
        for name, kind in entities.READABLE.items()
        if may_consult(who.actor, territory, kind)
    ]
    return _json({"registers": found}, {"Content-Language": lang, **_shared(trusted)})


def schema(_parts: Parts, request: Request, _body: bytes) -> Response:
    """The JSON Schema of a kind, its words in the reader's language."""
    lang = language(request)
    kind = _readable(request.path_params["kind"])
    found = sheets.schema(kind, lambda text: translate(text, lang))
    headers = {"Content-Language": lang, **SHARED}
    return Response(msgspec.json.encode(found), 200, headers, "application/schema+json")


def register(parts: Parts, request: Request, _body: bytes) -> Response:
    """All declarations of a kind, as JSON or CSV."""
    territory, kind, trusted = _asked(parts, request)
    state = f"{kept.revision(territory)}-{sensing.revision(territory)}-{int(trusted)}"
    headers = {"ETag": f'"{state}"', **_shared(trusted)}
    if request.headers.get("if-none-match", "").removeprefix("W/") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    entries = listed(known_of(parts, territory), kind, trusted)
    if request.url.path.endswith(".csv"):
        headers["Content-Disposition"] = f'attachment; filename="{territory}-{kind.kind}.csv"'
        return Response(_csv(kind, entries, trusted), 200, headers, "text/csv; charset=utf-8")
    return _json({"kind": kind.kind, "entries": [_document(entry, trusted) for entry in entries]}, headers)


def declaration(parts: Parts, request: Request, _body: bytes) -> Response:
    """One declaration as JSON or TOML; its version is its ETag, to be given back in If-Match."""
    territory, kind, trusted = _asked(parts, request)
    slug = request.path_params["slug"]
    known = known_of(parts, territory)
    entry = found(known, _key(territory, kind, slug), trusted) if is_slug(slug) else None
    bearer = entities.bearer(known, kind.kind, slug, trusted) if entry is None else ""
    if bearer:
        return RedirectResponse(request.url.path.replace(f"/{slug}", f"/{bearer}"), 302)
    if entry is None:
        raise Missing(_("a declaration that holds"), slug)
    headers = {"ETag": f'"{entry.version}"', **_shared(trusted)}
    if request.url.path.endswith(".toml"):
        return Response(toml.text(_shown(entry.body, trusted)), 200, headers, "application/toml; charset=utf-8")
    return _json(_document(entry, trusted), headers)


def declare(parts: Parts, request: Request, body: bytes) -> Response:
    """Declare, change or withdraw, as the person of the session; the version that was read goes in If-Match."""
    territory, kind = request.path_params["territory"], _kind(request.path_params["kind"])
    territory_of(territory)
    key = _key(territory, kind, request.path_params["slug"])
    who = asking(parts, request)
    _begins(who, key)
    before = kept.find(key)
    after = _stated(kind, request, body) if request.method == "PUT" else None
    if before is None and after is None:
        raise Missing(_("a declaration that holds"), key.slug)
    for one in (before.body if before else None, after):
        if one is not None:
            _allowed(who, key, one)
    expected = _expected(request)
    change = (
        evidence.Withdraw(key=key, expected=expected)
        if after is None
        else evidence.Put(key=key, body=after, expected=expected)
    )
    entries = evidence.change(territory, who.actor, [change], parts.clock()).entries
    if after is None:
        return Response(status_code=204)
    written = entries[0] if entries else kept.find(key)
    version = written.version if written else 0
    return _json({"slug": key.slug, "version": version}, {"ETag": f'"{version}"'}, 200 if before else 201)


def _stated(kind: type[Declaration], request: Request, body: bytes) -> Declaration:
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise Stopped(415, _("Declarations are written as application/json."))
    try:
        values = msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid(_("a JSON object"), str(error)) from error
    return shape.from_plain(kind, values)


def _begins(who: Asking, key: Key) -> None:
    """People only, of this territory, for this kind: asked first, so that nobody else learns what is there."""
    if who.machine is not None:
        raise Stopped(403, _("Machines never act as people: sign in to declare."))
    if not who.actor.account:
        raise Stopped(401, _("Sign in to declare."))
    if not rights.may_begin(who.actor, key.territory, key.kind):
        raise Stopped(403, _("Your roles do not let you declare this."))


def _allowed(who: Asking, key: Key, body: Declaration) -> None:
    """For what it belongs to, as it stands and as it would."""
    reach = {
        "source": key.slug if key.kind == "source" else str(getattr(body, "source", "") or ""),
        "service": key.slug if key.kind == "public-service" else str(getattr(body, "service", "") or ""),
        "dataset": key.slug if key.kind == "dataset" else str(getattr(body, "dataset", "") or ""),
    }
    if not rights.may_declare(who.actor, key.territory, key.kind, **reach):
        raise Stopped(403, _("Your roles do not let you declare this."))


def _expected(request: Request) -> int | None:
    """The version the writer saw; None says that there was none. The answer names what lacks."""
    if OWN_HEADER not in request.headers:
        raise Stopped(403, _("Send the header Bocage-Request: 1 with every change."))
    if request.headers.get("if-none-match", "") == "*":
        return None
    version = whole(request.headers.get("if-match", "").strip().removeprefix("W/").strip('"'), -1)
    if version < 0:
        raise Stopped(428, _("Give the version you read in If-Match, or If-None-Match: * for a new declaration."))
    return version


def _asked(parts: Parts, request: Request) -> tuple[str, type[Declaration], bool]:
    """Territory, kind, and whether the reader may see what names persons."""
    territory, kind = request.path_params["territory"], _readable(request.path_params["kind"])
    territory_of(territory)
    who = asking(parts, request)
    if not may_consult(who.actor, territory, kind):
        raise Stopped(403, _("This register is not public."))
    return territory, kind, _trusted(who, territory)


def _trusted(who: Asking, territory: str) -> bool:
    return who.machine is None and rights.may(who.actor, rights.Right.READ_REGISTERS, territory)


def _readable(name: str) -> type[Declaration]:
    found = entities.READABLE.get(name)
    if found is None:
        raise Missing(_("a kind of declaration"), name)
    return found


def _kind(name: str) -> type[Declaration]:
    found = KINDS.get(name)
    if found is None:
        raise Missing(_("a kind of declaration"), name)
    return found


def _key(territory: str, kind: type[Declaration], slug: str) -> Key:
    try:
        return Key(territory=territory, kind=kind.kind, slug=slug)
    except ValueError as error:
        raise Invalid(_("a slug"), str(error)) from error


def _shared(trusted: bool) -> dict[str, str]:
    """Pages of other sites may read what everyone is told; what a session shows, they may not."""
    return {"Vary": "Cookie", **({} if trusted else SHARED)}


def _json(body: object, headers: dict[str, str], status: int = 200) -> Response:
    return Response(msgspec.json.encode(body), status, headers, "application/json")


def _names(kind: type[Declaration]) -> frozenset[str]:
    return frozenset(note.name for note in disclosed(kind))


def _document(entry: Entry, trusted: bool) -> dict[str, Any]:
    found = sheets.document(entry, personal=trusted)
    if entities.is_entity(type(entry.body)):
        found = entities.unchained(found)
    if not trusted:
        names = _names(type(entry.body))
        found["body"] = {name: value for name, value in found["body"].items() if name in names}
    return found


def _shown(body: Declaration, trusted: bool) -> Declaration:
    """The body without what is not told to everyone: those fields read as their defaults."""
    if trusted:
        return body
    names = _names(type(body))
    values = {name: value for name, value in shape.plain(body).items() if name in names}
    return shape.from_plain(type(body), values)


def _csv(kind: type[Declaration], entries: list[Entry], trusted: bool) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(_rows(kind, entries, trusted))
    return out.getvalue()


def _rows(kind: type[Declaration], entries: list[Entry], trusted: bool) -> Iterator[list[str]]:
    rows = sheets.rows(kind, entries, personal=trusted)
    if trusted:
        yield from rows
        return
    names = _names(kind) | {"slug", "version"}
    header = next(rows)
    places = [place for place, column in enumerate(header) if column.partition(".")[0] in names]
    yield [header[place] for place in places]
    for row in rows:
        yield [row[place] for place in places]
