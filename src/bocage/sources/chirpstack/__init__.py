"""ChirpStack v4: what its HTTP integration and its broker tell of devices."""

from bocage.domain.plugin import Plugin
from bocage.domain.text import message as _
from bocage.domain.uplink import beside
from bocage.sources.chirpstack.decode import decode

PLUGIN = Plugin(
    id="chirpstack",
    label=_("LoRaWAN sensors of ChirpStack 4"),
    media_types=("application/json",),
    suffixes=(".json",),
    decode=decode,
    hook=True,
    beside=beside,
)
