"""Observations of the OGC SensorThings API, as they are published to a broker (18-088, clause 14)."""

from bocage.domain.plugin import Plugin
from bocage.domain.text import message as _
from bocage.sources.sensorthings.decode import decode, notes

PLUGIN = Plugin(
    id="sensorthings",
    label=_("SensorThings observation"),
    media_types=(),
    suffixes=(),
    decode=decode,
    notes=notes,
    numbered=True,
)
