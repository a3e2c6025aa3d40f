"""The form Bocage itself proposes for pushing readings: JSON, one or many, by rows or by columns."""

from bocage.domain.plugin import Plugin
from bocage.domain.text import message as _
from bocage.sources.bocage_json.decode import decode, lone, notes

PLUGIN = Plugin(
    id="bocage-json",
    label=_("Bocage JSON"),
    media_types=("application/json",),
    suffixes=(".json",),
    decode=decode,
    notes=notes,
    lone=lone,
)
