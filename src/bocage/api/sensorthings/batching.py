"""$batch: several requests in one, in their order; those of one atomicity group all or none."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

import msgspec

from bocage import relational
from bocage.api.problem import Stopped, document, status_of
from bocage.api.sensorthings.executing import Done, Request
from bocage.domain.errors import BocageError
from bocage.domain.text import message as _

MOST: Final = 1_000  # requests in one
_METHODS: Final = ("GET", "POST", "PATCH", "PUT", "DELETE")


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One request of a batch."""

    id: str
    method: str
    url: str
    body: Any = None
    headers: Mapping[str, str] = {}
    atomicityGroup: str = ""  # noqa: N815 - the name of the standard


class _Batch(msgspec.Struct, frozen=True):
    requests: list[Part]


class _Undone(Exception):
    """A group that is not to be: `failed` says which request stopped it, and how."""

    def __init__(self, failed: dict[str, Any]) -> None:
        super().__init__(failed["id"])
        self.failed = failed


Doing = Callable[[Request, bool], Done]
"""Does a request; whether it is part of a group, within a transaction."""


def read(body: bytes) -> list[Part]:
    """The requests of a batch in JSON."""
    try:
        return msgspec.json.decode(body, type=_Batch).requests
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Stopped(400, _("A batch is an object with requests: id, method and url of each.")) from error


def answered(parts: Sequence[Part], doing: Doing, lang: str) -> list[dict[str, Any]]:
    """The answer to each request of a batch. One that is a group of its own needs no other to be undone with."""
    if len(parts) > MOST:
        raise Stopped(413, _("A batch holds at most {most} requests."), most=MOST)
    made: dict[str, str] = {}
    responses: list[dict[str, Any]] = []
    for group, held in groupby(parts, key=lambda one: one.atomicityGroup):
        together = list(held)
        within = bool(group) and len(together) > 1
        one_by_one = _each(together, _within(doing, within), made, lang)
        responses += _together(together, one_by_one, lang) if within else one_by_one
    return responses


def _within(doing: Doing, within: bool) -> Callable[[Request], Done]:
    return lambda request: doing(request, within)


def _each(
    parts: Sequence[Part], doing: Callable[[Request], Done], made: dict[str, str], lang: str
) -> Iterator[dict[str, Any]]:
    for part in parts:
        try:
            yield _answer(part, doing(_request(part, made)), made)
        except BocageError as error:
            yield {"id": part.id, "status": status_of(error), "body": document(error, lang)}


def _together(parts: Sequence[Part], answers: Iterator[dict[str, Any]], lang: str) -> list[dict[str, Any]]:
    """The answers of a group whose changes are made all at once or not at all."""
    try:
        with relational.transaction():
            found = []
            for one in answers:
                if one["status"] >= 400:
                    raise _Undone(one)
                found.append(one)
            return found
    except _Undone as undone:
        why = document(Stopped(424, _("Another request of its group failed, so this one was not done.")), lang)
        rest = {part.id: {"id": part.id, "status": 424, "body": why} for part in parts}
        return list({**rest, undone.failed["id"]: undone.failed}.values())


def _request(part: Part, made: Mapping[str, str]) -> Request:
    if part.method.upper() not in _METHODS:
        raise Stopped(405)
    headers = {name.lower(): value for name, value in part.headers.items()}
    media_type = headers.get("content-type", "application/json").partition(";")[0].strip()
    url = part.url
    for name, location in made.items():
        if url.startswith(f"${name}/") or url == f"${name}":
            url = location + url[len(name) + 1 :]
    return Request(method=part.method.upper(), path=url, body=_named(part.body, made), media_type=media_type)


def _named(value: Any, made: Mapping[str, str]) -> Any:
    """The body with the ids of what earlier requests made, where it names those requests: {"@iot.id": "$first"}."""
    if isinstance(value, dict):
        return {name: _named(one, made) for name, one in value.items()}
    if isinstance(value, list):
        return [_named(one, made) for one in value]
    if isinstance(value, str) and value.startswith("$") and value[1:] in made:
        return int(made[value[1:]].rpartition("(")[2].rstrip(")"))
    return value


def _answer(part: Part, done: Done, made: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {"id": part.id, "status": done.status}
    if done.location:
        made[part.id] = done.location
        found["location"] = done.location
    if done.document is not None:
        found["body"] = done.document
    return found
