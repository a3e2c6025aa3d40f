"""JSON documents that hold a list of rows, read by the mapping of the source."""

from bocage.domain.plugin import Plugin
from bocage.domain.text import message as _
from bocage.sources.json_rows.decode import decode, notes

PLUGIN = Plugin(
    id="json-rows",
    label=_("JSON document with a list of rows"),
    media_types=("application/json", "application/geo+json"),
    suffixes=(".json", ".geojson"),
    decode=decode,
    notes=notes,
)
