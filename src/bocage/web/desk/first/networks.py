"""The network servers of LoRaWAN the guide knows: what they send, and where one pastes the address and the token."""

from collections.abc import Mapping
from typing import Final

import msgspec

from bocage.domain.source import Mapping as Declared
from bocage.domain.source import Series, Source, Transport
from bocage.domain.text import Text
from bocage.domain.text import message as _

PLUGIN: Final = "json-rows"
STAR: Final = "*"


class Network(msgspec.Struct, frozen=True, kw_only=True):
    """One of them. `payload`: where the decoded values stand in its messages; `where`: what to open and to choose
    there, one message a step, before the address and the header are pasted."""

    label: str
    title: Text
    device: str
    time: str
    payload: str
    where: tuple[str, ...]
    address: str
    header: str

    def mapping(self, fields: tuple[str, ...] = (STAR,)) -> Declared:
        """How its messages are read: every number of the payload, or these fields of it."""
        series = tuple(Series(column=f"{self.payload}.{field}", key="" if field == STAR else field) for field in fields)
        return Declared(key=f"{{{self.device}}}/", time=self.time, series=series)

    def source(self, purpose: str = "", fields: tuple[str, ...] = (STAR,)) -> Source:
        """The source that takes its messages in."""
        mapping = self.mapping(fields)
        return Source(title=self.title, plugin=PLUGIN, transport=Transport.PUSH, purpose=purpose, mapping=mapping)


NETWORKS: Final[Mapping[str, Network]] = {
    "tts": Network(
        label=_("The Things Stack (The Things Network)"),
        title=Text(fr="Capteurs LoRaWAN (The Things Stack)", en="LoRaWAN sensors (The Things Stack)"),
        device="end_device_ids.device_id",
        time="received_at",
        payload="uplink_message.decoded_payload",
        where=(
            _("In its console, open your application, then Integrations, Webhooks, Add webhook, Custom webhook."),
            _("Webhook format: JSON. Event types: Uplink message only, its path left empty."),
        ),
        address=_("Paste into Base URL:"),
        header=_("Add a header (Additional headers):"),
    ),
    "chirpstack": Network(
        label=_("ChirpStack 4"),
        title=Text(fr="Capteurs LoRaWAN (ChirpStack)", en="LoRaWAN sensors (ChirpStack)"),
        device="deviceInfo.devEui",
        time="time",
        payload="object",
        where=(
            _("In its pages, open your application, then Integrations, and add HTTP."),
            _("Payload encoding: JSON."),
        ),
        address=_("Paste into Event endpoint URL(s):"),
        header=_("Add a header (Headers):"),
    ),
}


def network_of(source: Source) -> Network | None:
    """The network server a source reads, as the guide declares it."""
    for network in NETWORKS.values():
        if source.plugin == PLUGIN and source.mapping.key == network.mapping().key:
            return network
    return None
