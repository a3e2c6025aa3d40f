"""What a broker's message asks for, made as by POST: with the rights of the source that listens to it."""

from typing import Any

import msgspec

from bocage.accounts.rights import Machine
from bocage.api.parts import Parts
from bocage.api.sensorthings.executing import Request, executed
from bocage.api.sensorthings.sight import Sights
from bocage.api.sensorthings.writing import BY_BROKER, Sender
from bocage.domain.errors import PayloadError
from bocage.domain.instant import iso
from bocage.domain.text import message as _
from bocage.ingest.mqtt.making import Make, Wanted

ROOT = "/sta/v1.1"


def making(parts: Parts) -> Make:
    """What makes them, by any number of listeners."""
    sights = Sights(parts)

    def make(wanted: Wanted) -> None:
        try:
            document = msgspec.json.decode(wanted.body)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise PayloadError(_("a JSON document"), found=str(error)[:80]) from error
        machine = Machine(token=BY_BROKER, territory=wanted.territory, source=wanted.source)
        base = parts.public_url.rstrip("/") + ROOT
        sender = Sender(parts=parts, sights=sights, machine=machine, base=base, creates=wanted.creates)
        executed(sender, Request(method="POST", path=wanted.path, body=_timed(wanted, document)))

    return make


def _timed(wanted: Wanted, document: Any) -> Any:
    """An observation with its time: that of its result where it has none, else that of its arrival."""
    if not wanted.at or not isinstance(document, dict):
        return document
    time = document.get("phenomenonTime") or document.get("resultTime") or iso(wanted.at)
    return {**document, "phenomenonTime": time}
