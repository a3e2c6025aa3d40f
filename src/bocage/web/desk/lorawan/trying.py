"""What a codec makes of some bytes, and into which series each field would go; nothing is kept."""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from bocage.domain.codec import Example, Raw, plain
from bocage.domain.errors import PayloadError
from bocage.domain.instant import iso, to_ms
from bocage.domain.network_message import flat
from bocage.domain.plugin import Arrival
from bocage.domain.reading import ReadingBatch
from bocage.domain.source import Source
from bocage.domain.text import message as _
from bocage.domain.uplink import PAYLOAD, Event, Heard, read_event
from bocage.domain.whole import whole
from bocage.ingest.codecs.sandbox import Made
from bocage.ingest.intake import Intake
from bocage.ingest.quarantine import Frame
from bocage.web.desk.lorawan.source import failing
from bocage.web.desk.reach import facts_of
from bocage.web.request import Request

MOST: Final = 8  # examples of one codec
_HEX: Final = re.compile(r"([0-9a-fA-F]{2})+")
UNKNOWN: Final = "0" * 16


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One field a codec gave: its value, the key it has, and the series that is declared for it (empty: none);
    `known`: whether it is known of which device."""

    field: str
    value: Any
    key: str = ""
    series: str = ""
    known: bool = True


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """One example: as it was typed, what is wrong with it, what the codec made of it, field by field."""

    payload: str
    port: str
    wrong: str = ""
    made: Made | None = None
    lines: Sequence[Line] = ()

    @property
    def fails(self) -> bool:
        """Whether it was tried, and gave nothing."""
        return bool(self.wrong) or (self.made is not None and self.made.values is None)


def read_payload(typed: str) -> bytes | None:
    """Bytes typed in hexadecimal, with or without spaces, or in base64; None when they are neither."""
    spelled = re.sub(r"[\s:,-]|0x", "", typed)
    if _HEX.fullmatch(spelled):
        return bytes.fromhex(spelled)
    try:
        return base64.b64decode("".join(typed.split()), validate=True) or None
    except (binascii.Error, ValueError):
        return None


def typed(sent: Mapping[str, Any]) -> list[Tried]:
    """The examples of a form; what cannot be read says so."""
    found = []
    for place in range(MOST):
        payload, port = (str(sent.get(f"{name}.{place}", "")).strip()[:2048] for name in ("payload", "port"))
        if payload:
            body, number = read_payload(payload), whole(port or "1", -1)
            wrong = "" if body is not None and len(body) <= 512 else _("Bytes in hexadecimal or base64, 512 at most.")
            wrong = wrong or ("" if 0 <= number <= 255 else _("A port between 0 and 255."))
            found.append(Tried(payload=payload, port=port or "1", wrong=wrong))
    return found


def example(one: Tried) -> Example:
    """An example that could be read, as it is kept with the codec."""
    return Example(payload=(read_payload(one.payload) or b"").hex(), port=int(one.port))


def tried(request: Request, source: str, script: str, digest: str, asked: Sequence[Tried]) -> list[Tried]:
    """What the script makes of each example."""
    code = (script, digest, device(request, source) or UNKNOWN)
    return [one if one.wrong else _tried(request, source, code, one) for one in asked]


def _tried(request: Request, source: str, code: tuple[str, str, str], one: Tried) -> Tried:
    script, digest, number = code
    now = to_ms(request.parts.clock())
    raw = Raw(device=number, port=int(one.port), body=read_payload(one.payload) or b"", at=now)
    made = request.parts.intake.reception.codecs.tried(script, digest, raw)
    if made.values is None:
        return msgspec.structs.replace(one, made=made)
    try:
        return msgspec.structs.replace(one, made=made, lines=_lines(request, source, number, made.values))
    except PayloadError as error:
        failed = Made(failure=error.expected, said=error.found)
        return msgspec.structs.replace(one, made=failed)


def _lines(request: Request, source: str, number: str, values: Mapping[str, Any]) -> list[Line]:
    facts = facts_of(request)
    body = facts.one(Source, source)
    found = []
    for field, value in flat(PAYLOAD, values).items():
        heard = Heard(at=iso(to_ms(request.parts.clock())), fields={field: value})
        event = Event(names=dict.fromkeys(("devEui", "deviceId", "deviceName"), number), heard=(heard,))
        key = _key(read_event(event, body.mapping, Arrival()).readings) if body else ""
        series = facts.keys.get((source, key), "")
        found.append(
            Line(field=field.removeprefix(f"{PAYLOAD}."), value=value, key=key, series=series, known=number != UNKNOWN)
        )
    return found


def _key(readings: ReadingBatch) -> str:
    return readings.keys[0] if len(readings) else ""


def device(request: Request, source: str) -> str:
    """The device whose series are shown: the one named, else one that is not read, else any of the source."""
    named = plain(str(request.POST.get("device") or request.GET.get("device") or ""))
    unread = (one.key for one in failing(request, source) if one.key)
    return named or next(unread, "") or next(iter(devices(request, source)), "")


def devices(request: Request, source: str) -> list[str]:
    """The devices of a source whose series are declared."""
    keys = sorted(key for held, key in facts_of(request).keys if held == source and "/" in key)
    return list(dict.fromkeys(key.partition("/")[0] for key in keys))


def waiting(request: Request, source: str, body: Source, frames: Sequence[Frame]) -> list[Tried]:
    """The bytes of the last messages that could not be read, as examples."""
    intake: Intake = request.parts.intake
    plugin = intake.reception.plugins.get(body.plugin)
    found: dict[tuple[str, int], Tried] = {}
    for frame in reversed(frames[-MOST:] if plugin else ()):
        seen: list[Raw] = []

        def note(raw: Raw, seen: list[Raw] = seen) -> dict[str, Any]:
            seen.append(raw)
            return {}

        try:
            assert plugin is not None
            plugin.decode(frame.body, body.mapping, Arrival(translate=note))
        except PayloadError:
            continue
        for raw in seen[:1]:
            found.setdefault((raw.body.hex(), raw.port), Tried(payload=raw.body.hex(), port=str(raw.port)))
    return list(found.values())[:3]
