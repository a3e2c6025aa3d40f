"""Which of the series that were read are wanted, and what this territory calls them."""

import msgspec
import numpy as np

from bocage.domain.plugin import Plugin
from bocage.domain.reading import Decoded, ReadingBatch
from bocage.ingest.compiled import Compiled


def wanted(by: Compiled, plugin: Plugin, decoded: Decoded) -> Decoded:
    """What was read without what is kept only where it is declared, by the names the source gives."""
    readings = _called(by, decoded.readings) if plugin.numbered else decoded.readings
    if plugin.beside is not None:
        here = [key in by.keys or not plugin.beside(key) for key in readings.keys]
        if not all(here):
            readings = readings.at(np.flatnonzero(np.array(here)[readings.key]))
    return decoded if readings is decoded.readings else msgspec.structs.replace(decoded, readings=readings)


def _called(by: Compiled, readings: ReadingBatch) -> ReadingBatch:
    """The same with the names the source gives to its series; a number of another source stays, and is refused."""
    return msgspec.structs.replace(readings, keys=tuple(by.numbered.get(key, key) for key in readings.keys))
