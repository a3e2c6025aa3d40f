"""Shared bikes and scooters as their operators publish them: GBFS 2.x and 3.0."""

from bocage.domain.plugin import Plugin
from bocage.domain.text import message as _
from bocage.sources.gbfs.decode import decode
from bocage.sources.gbfs.describe import describe
from bocage.sources.gbfs.discovery import leads, rests

PLUGIN = Plugin(
    id="gbfs",
    label=_("Shared bikes, stations and docks (GBFS)"),
    media_types=("application/json",),
    suffixes=(".json",),
    decode=decode,
    describe=describe,
    leads=leads,
    rests=rests,
)
