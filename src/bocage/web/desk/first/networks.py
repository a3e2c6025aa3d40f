"""The network servers of LoRaWAN the guide knows: what they send, and where one pastes the address and the token."""

from collections.abc import Mapping
from typing import Final

import msgspec

from bocage.domain.source import Mapping as Declared
from bocage.domain.source import Series, Source, Transport
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.domain.uplink import BESIDE, PAYLOAD

STAR: Final = "*"


class Network(msgspec.Struct, frozen=True, kw_only=True):
    """One of them. `plugin`: what reads its messages; `where`: what to open and to choose there, one message a step,
    before the address and the header are pasted; `topic`: what to listen to at its broker."""

    label: str
    title: Text
    plugin: str
    where: tuple[str, ...]
    address: str
    header: str
    topic: str

    def mapping(self, fields: tuple[str, ...] = (STAR,)) -> Declared:
        """How its messages are read: every number of the payload, or these fields of it."""
        series = tuple(
            Series(column=f"{PAYLOAD}.{field}", key="" if field == STAR else field)
            for field in fields
            if not field.startswith(BESIDE)
        )
        return Declared(series=series)

    def source(self, purpose: str = "", fields: tuple[str, ...] = (STAR,)) -> Source:
        """The source that takes its messages in."""
        mapping = self.mapping(fields)
        return Source(title=self.title, plugin=self.plugin, transport=Transport.PUSH, purpose=purpose, mapping=mapping)


NETWORKS: Final[Mapping[str, Network]] = {
    "tts": Network(
        label=_("The Things Stack (The Things Network)"),
        title=Text(fr="Capteurs LoRaWAN (The Things Stack)", en="LoRaWAN sensors (The Things Stack)"),
        plugin="the-things-stack",
        where=(
            _("In its console, open your application, then Integrations, Webhooks, Add webhook, Custom webhook."),
            _("Webhook format: JSON. Event types: Uplink message only, its path left empty."),
        ),
        address=_("Paste into Base URL:"),
        header=_("Add a header (Additional headers):"),
        topic="v3/{application}@{tenant}/devices/+/up",
    ),
    "chirpstack": Network(
        label=_("ChirpStack 4"),
        title=Text(fr="Capteurs LoRaWAN (ChirpStack)", en="LoRaWAN sensors (ChirpStack)"),
        plugin="chirpstack",
        where=(
            _("In its pages, open your application, then Integrations, and add HTTP."),
            _("Payload encoding: JSON."),
        ),
        address=_("Paste into Event endpoint URL(s):"),
        header=_("Add a header (Headers):"),
        topic="application/{application}/device/+/event/+",
    ),
}


def network_of(source: Source) -> Network | None:
    """The network server a source reads."""
    return next((network for network in NETWORKS.values() if network.plugin == source.plugin), None)
