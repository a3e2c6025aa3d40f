"""$batch in the form of the standard: requests of HTTP as parts of a message, change sets as a message among them."""

from collections.abc import Iterator, Mapping, Sequence
from email import message_from_bytes
from email.message import Message
from http import HTTPStatus
from itertools import groupby
from typing import Any, Final

import msgspec

from bocage.api.problem import Stopped
from bocage.api.sensorthings.batching import Part
from bocage.domain.text import message as _

MEDIA_TYPE: Final = "multipart/mixed"
BOUNDARY: Final = "batch_bocage"  # no line of JSON can begin like it
_END: Final = "\r\n"


def read(body: bytes, content_type: str) -> list[Part]:
    """The requests of a message; those of a change set are a group. 400 when it is none."""
    try:
        whole = message_from_bytes(b"Content-Type: " + content_type.encode("latin-1", "replace") + b"\r\n\r\n" + body)
        parts = list(_parts(whole, ""))
    except (ValueError, IndexError, RecursionError, msgspec.MsgspecError) as error:
        raise _unread() from error
    if not parts or len({one.id for one in parts}) < len(parts):
        raise _unread()
    return parts


def _unread() -> Stopped:
    return Stopped(400, _("A batch in parts holds requests of HTTP, each with its method and its address."))


def _parts(message: Message, group: str) -> Iterator[Part]:
    """The requests below a message, one after the other."""
    held = message.get_payload()
    if not isinstance(held, list):
        raise ValueError(message.get_content_type())
    for place, one in enumerate(held):
        if not isinstance(one, Message):
            raise ValueError(place)
        if one.is_multipart() and not group:
            yield from _parts(one, f"changeset_{place}")
        else:
            yield _request(one, group, f"{group}#{place}")


def _request(message: Message, group: str, place: str) -> Part:
    """One request, as its part writes it. `place`: its id where it has no Content-ID."""
    raw = message.get_payload(decode=True)
    text = raw.decode() if isinstance(raw, bytes) else ""
    head, _blank, content = text.replace(_END, "\n").lstrip("\n").partition("\n\n")
    first, *lines = head.split("\n")
    method, url = first.removesuffix(" ").rpartition(" HTTP/")[0].split(" ", 1)
    headers = {name.strip().lower(): value.strip() for name, _colon, value in (one.partition(":") for one in lines)}
    return Part(
        id=str(message.get("Content-ID") or headers.get("content-id") or place).strip("<>"),
        method=method,
        url=url.strip(),
        body=msgspec.json.decode(content) if content.strip() else None,
        headers=headers,
        atomicityGroup=group,
    )


def told(parts: Sequence[Part], answers: Sequence[Mapping[str, Any]]) -> bytes:
    """The answers in the same form, in the order of the requests; a change set that failed has one."""
    lines: list[str] = []
    for group, held in groupby(zip(parts, answers, strict=True), key=lambda one: one[0].atomicityGroup):
        together = list(held)
        failed = [
            one for one in together if one[1]["status"] >= 400 and one[1]["status"] != HTTPStatus.FAILED_DEPENDENCY
        ]
        if group and not failed:
            lines += [f"--{BOUNDARY}", f"Content-Type: {MEDIA_TYPE}; boundary={group}", ""]
            lines += [line for one in together for line in _answer(group, *one)] + [f"--{group}--"]
        else:
            lines += [line for one in failed[:1] if group for line in _answer(BOUNDARY, *one)]
            lines += [line for one in together if not group for line in _answer(BOUNDARY, *one)]
    return _END.join([*lines, f"--{BOUNDARY}--", ""]).encode()


def _answer(boundary: str, part: Part, answer: Mapping[str, Any]) -> list[str]:
    status = HTTPStatus(answer["status"])
    named = [] if "#" in part.id else [f"Content-ID: {part.id}"]
    location = [f"Location: {answer['location']}"] if "location" in answer else []
    content = msgspec.json.encode(answer["body"]).decode() if "body" in answer else ""
    kind = ["Content-Type: application/json"] if content else []
    head = [f"--{boundary}", "Content-Type: application/http", *named, ""]
    return [*head, f"HTTP/1.1 {status.value} {status.phrase}", *location, *kind, "", content]
