"""The Things Stack v3: what its webhooks and its broker tell of devices."""

from bocage.domain.plugin import Plugin
from bocage.domain.text import message as _
from bocage.domain.uplink import beside
from bocage.sources.the_things_stack.decode import decode

PLUGIN = Plugin(
    id="the-things-stack",
    label=_("LoRaWAN sensors of The Things Stack"),
    media_types=("application/json",),
    suffixes=(".json",),
    decode=decode,
    hook=True,
    beside=beside,
)
