"""The short way of arrays: those of nothing but times and numbers are read, gathered and answered by no task."""

import asyncio
import logging
import re
from functools import partial
from typing import Final

from bocage.api.asked import Asked, Bases, machine_of, refuse, reply
from bocage.api.parts import Parts
from bocage.api.problem import Stopped
from bocage.api.push import JSON
from bocage.api.sensorthings.plain import plain
from bocage.api.sensorthings.pushing import links
from bocage.api.sensorthings.sent import Arrived
from bocage.api.sensorthings.targets import Targets
from bocage.domain.errors import BocageError
from bocage.domain.reading import Decoded
from bocage.ingest.answer import Answer
from bocage.upkeep.meter import METER

ADDRESS: Final = re.compile(rb"(?P<root>(?:/api/(?P<territory>[a-z0-9-]+))?/sta/v1\.1)/CreateObservations/?")


class Lists:
    """One per event loop."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._targets = parts.shelf.of(Targets)
        self._bases = Bases(parts)

    def take(self, one: Asked) -> None:
        """Take in a request; it is answered once everything permitted is durable, or left to the application."""
        now, match = self._parts.clock(), ADDRESS.fullmatch(one.url)
        machine = machine_of(self._parts, one.headers.get(b"authorization", b""), now)
        by = self._parts.intake.gate.ready(machine.territory, machine.source) if machine is not None else None
        target = self._targets.ready(by) if by is not None else None
        if match is None or by is None or target is None or match["territory"] not in (None, by.territory.encode()):
            one.otherwise()
            return
        base, sent = self._bases.of(one, match["root"]), plain(one.body, target)
        if sent is None or not len(sent.rows) or not base:
            one.otherwise()
            return
        METER.came(by.territory, len(one.body))
        kept = self._parts.intake.gather(by, Decoded(readings=sent.readings))
        kept.add_done_callback(partial(_tell, one, sent, (by.territory, base.decode())))


def _tell(one: Asked, sent: Arrived, at: tuple[str, str], kept: "asyncio.Future[Answer]") -> None:
    """What became of each; whatever failed, the sender is answered. `at`: the territory, and how addresses begin."""
    try:
        body = links(sent, kept.result(), at[1])
        METER.went(at[0], len(body))
        reply(one, (201, body, JSON))
    except BocageError as error:
        refuse(one, error)
    except Exception as error:  # the outermost place: its sender waits
        logging.getLogger(__name__).error("what was sent could not be kept", exc_info=error)
        refuse(one, Stopped(500))
