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
from bocage.ingest.mqtt.making import Wanted

ROOT = "/sta/v1.1"


class Making:
    """Makes them, for any number of listeners."""

    def __init__(self, parts: Parts) -> None:
        self._parts, self._sights = parts, Sights(parts)

    def __call__(self, wanted: Wanted) -> None:
        """Make one, as `ingest.mqtt.making.Make` says."""
        try:
            document = msgspec.json.decode(wanted.body)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise PayloadError(_("a JSON document"), found=str(error)[:80]) from error
        machine = Machine(token=BY_BROKER, territory=wanted.territory, source=wanted.source)
        base = self._parts.public_url.rstrip("/") + ROOT
        sender = Sender(parts=self._parts, sights=self._sights, machine=machine, base=base, creates=wanted.creates)
        executed(sender, Request(method="POST", path=wanted.path, body=_timed(wanted, document)))

    def usual(self, territory: str, series: int, feature: int) -> bool:
        """Whether all observations of a series are about this feature, unless they name another."""
        return {item.id for _since, item in self._sights.town(territory).features(series)} == {feature}


def _timed(wanted: Wanted, document: Any) -> Any:
    """An observation with its time: that of its result where it has none, else that of its arrival."""
    if not wanted.at or not isinstance(document, dict):
        return document
    time = document.get("phenomenonTime") or document.get("resultTime") or iso(wanted.at)
    return {**document, "phenomenonTime": time}
