"""What one may have, and which sources take it in."""

from collections.abc import Mapping
from typing import Final

import msgspec

from bocage.domain.source import Source, Transport
from bocage.domain.text import message as _


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One of them. `plugins`: the formats of sources that read it; empty: any. `network`: its name in the guide."""

    label: str
    about: str
    transport: Transport | None = Transport.PUSH
    plugins: tuple[str, ...] = ()
    network: str = ""

    def fits(self, source: Source) -> bool:
        """Whether a source takes it in."""
        arrives = self.transport in (None, source.transport)
        return arrives and (not self.plugins or source.plugin in self.plugins)


CHOICES: Final[Mapping[str, Choice]] = {
    "chirpstack": Choice(
        label=_("ChirpStack 4"),
        about=_("A network server of LoRaWAN of your own: it calls an address with what its sensors say."),
        plugins=("chirpstack",),
        network="chirpstack",
    ),
    "tts": Choice(
        label=_("The Things Stack (The Things Network)"),
        about=_("A network of LoRaWAN run by others: a webhook sends what your sensors say."),
        plugins=("the-things-stack",),
        network="tts",
    ),
    "broker": Choice(
        label=_("Mosquitto, or any MQTT broker"),
        about=_("Bocage listens to its topics, and lets it forget a message only once it is kept."),
        transport=Transport.MQTT,
    ),
    "sensorthings": Choice(
        label=_("Something that speaks SensorThings"),
        about=_("A gateway or a program that writes to the OGC SensorThings API 1.1."),
        plugins=("bocage-json", "sensorthings", "json-rows"),
    ),
    "curl": Choice(
        label=_("A program of yours, or curl"),
        about=_("It sends JSON to one address, with the token of its source."),
        plugins=("bocage-json", "json-rows"),
    ),
    "address": Choice(
        label=_("An address that is read"),
        about=_("Shared bikes (GBFS), a list in JSON or CSV: Bocage reads it at intervals, and only when it changed."),
        transport=Transport.POLL,
    ),
    "file": Choice(
        label=_("Files"),
        about=_("CSV, spreadsheets, JSON, Parquet: one history, or a file a month."),
        transport=None,
    ),
}
