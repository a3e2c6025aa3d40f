"""The exact lines to paste on the other side, of each choice: what is a field there, and what a terminal runs."""

import base64
import shlex
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec

from bocage.domain.instant import iso, to_ms
from bocage.domain.sensing import Datastream, Thing
from bocage.domain.source import Source
from bocage.domain.text import message as _
from bocage.web.desk import brokers
from bocage.web.desk.connect import address
from bocage.web.desk.first.networks import NETWORKS
from bocage.web.desk.lorawan.source import codecs
from bocage.web.desk.lorawan.trying import devices
from bocage.web.desk.reach import facts_of
from bocage.web.request import Request

TOKEN: Final = "TOKEN"  # noqa: S105 - what stands in its place until one is issued
DEVICE: Final = "70b3d57ed0001234"
NOW: Final = "$(date -u +%FT%TZ)"


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """Some lines. `about`: an English message; `run`: whether they are for a terminal."""

    about: str
    text: str = ""
    run: bool = False


class Other(msgspec.Struct, frozen=True, kw_only=True):
    """The other side: who asks, for which source, with which token."""

    request: Request
    slug: str
    source: Source
    token: str

    @property
    def push(self) -> str:
        """Where its source is pushed to."""
        return address(self.request)

    @property
    def service(self) -> str:
        """The address of SensorThings for this territory."""
        return f"{self.push.removesuffix('/push')}/sta/v1.1"

    @property
    def header(self) -> str:
        """What opens it."""
        return f"Authorization: Bearer {self.token or TOKEN}"


def of(choice: str, other: Other) -> list[Block]:
    """The lines of a choice, in the order in which they are pasted."""
    return _LINES[choice](other)


def _posted(other: Other, where: str, body: str) -> str:
    """A message posted by curl; what the shell fills in is not quoted."""
    quoted = shlex.quote(body).replace(NOW, f"'\"{NOW}\"'")
    lines = [f"curl -X POST {shlex.quote(where)}", f"-H {shlex.quote(other.header)}"]
    return " \\\n  ".join([*lines, "-H 'Content-Type: application/json'", f"-d {quoted}"])


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _network(name: str, trial: Callable[[Other], tuple[str, Any]]) -> Callable[[Other], list[Block]]:
    def lines(other: Other) -> list[Block]:
        network = NETWORKS[name]
        where, body = trial(other)
        return [
            *(Block(about=one) for one in network.where),
            Block(about=network.address, text=other.push),
            Block(about=network.header, text=other.header),
            Block(
                about=_("A trial from a terminal, in the form in which it sends:"),
                text=_posted(other, where, _json(body)),
                run=True,
            ),
        ]

    return lines


def _frame(other: Other) -> tuple[str, int, bytes, dict[str, float]]:
    """Device, port, bytes and decoded values of a frame as this source may get it."""
    request, facts = other.request, facts_of(other.request)
    device = next(iter(devices(request, other.slug)), DEVICE)
    for codec in codecs(facts, other.slug).values():
        if codec.examples and (codec.fits(device) >= 0 or not devices(request, other.slug)):
            return device, codec.examples[0].port, bytes.fromhex(codec.examples[0].payload), {}
    fields = [key.partition("/")[2] for held, key in facts.keys if held == other.slug and key.startswith(f"{device}/")]
    measured = {name: 21.5 for name in fields if not name.startswith(("radio.", "status.", "location."))}
    return device, 2, b"\x08\xc8", measured or {"temperature": 21.5}


def _chirpstack(other: Other) -> tuple[str, Any]:
    device, port, body, decoded = _frame(other)
    event = {
        "time": NOW,
        "deviceInfo": {"applicationName": "essai", "deviceName": "capteur", "devEui": device},
        "devAddr": "00189440",
        "fCnt": _counter(other),
        "fPort": port,
        "data": base64.b64encode(body).decode(),
        **({"object": decoded} if decoded else {}),
        "rxInfo": [{"gatewayId": "0016c001f153a14c", "rssi": -57, "snr": 10.0}],
    }
    return f"{other.push}?event=up", event


def _tts(other: Other) -> tuple[str, Any]:
    device, port, body, decoded = _frame(other)
    ids = {"device_id": "capteur", "application_ids": {"application_id": "essai"}, "dev_eui": device.upper()}
    uplink = {
        "f_port": port,
        "f_cnt": _counter(other),
        "frm_payload": base64.b64encode(body).decode(),
        **({"decoded_payload": decoded} if decoded else {}),
        "rx_metadata": [{"gateway_ids": {"gateway_id": "mairie"}, "rssi": -57, "snr": 10.0}],
        "received_at": NOW,
    }
    return other.push, {"end_device_ids": ids, "received_at": NOW, "uplink_message": uplink}


def _counter(other: Other) -> int:
    """A counter of frames that rises with time: each showing of the page makes another frame."""
    return to_ms(other.request.parts.clock()) // 1_000 % 65_536


def _broker(other: Other) -> list[Block]:
    if other.source.broker is None:
        return []
    pasted = brokers.paste(
        other.request, other.slug, other.source, brokers.kept(other.request, other.slug, other.source.broker)
    )
    return [
        Block(about=_("A trial, from any machine that reaches the broker:"), text=pasted["trial"], run=True),
        Block(
            about=_("So that the broker keeps messages while Bocage is away, in mosquitto.conf:"),
            text=pasted["settings"],
        ),
        Block(
            about=_("So that the user may read these topics and no others, in its access list:"), text=pasted["list"]
        ),
    ]


def _curl(other: Other) -> list[Block]:
    now = iso(to_ms(other.request.parts.clock()))
    body = brokers.message(other.request, other.slug, other.source).replace(now, NOW)
    return [
        Block(about=_("The address, for a program:"), text=other.push),
        Block(about=_("Its header:"), text=other.header),
        Block(about=_("One measurement, from a terminal:"), text=_posted(other, other.push, body), run=True),
    ]


def _sensorthings(other: Other) -> list[Block]:
    mine = _placed(other)
    found = [
        Block(about=_("The address of the service:"), text=other.service),
        Block(about=_("Its header:"), text=other.header),
    ]
    if mine:
        where = f"{other.service}/Datastreams({mine[0]})/Observations"
        body = _json({"phenomenonTime": NOW, "result": 21.5})
        about = _("One observation of a series of this source, from a terminal:")
        found.append(Block(about=about, text=_posted(other, where, body), run=True))
    about = _("A thing with its place, its sensor, its series and a first observation, from a terminal:")
    found.append(Block(about=about, text=_posted(other, f"{other.service}/Things", _json(_thing(other))), run=not mine))
    return found


def _placed(other: Other) -> list[int]:
    """The series of this source whose thing stands somewhere: an observation of them is about a place."""
    facts = facts_of(other.request)
    things = facts.all(Thing)
    streams = facts.all(Datastream).values()
    return [
        one.id
        for one in streams
        if one.source == other.slug and one.thing in things and things[one.thing].location is not None
    ]


def _thing(other: Other) -> dict[str, Any]:
    """A thing to try with, that says so, where another thing of the territory stands."""
    spots = (one.location for one in facts_of(other.request).all(Thing).values())
    spot = next((list(one) for one in spots if one is not None), [2.35, 48.85])
    place = {"location": {"type": "Point", "coordinates": spot}, "encodingType": "application/geo+json"}
    series = {
        "name": "Essai : température",
        "description": "",
        "observationType": "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
        "unitOfMeasurement": {"name": "degré Celsius", "symbol": "°C", "definition": "ucum:Cel"},
        "Sensor": {"name": "Essai", "description": "", "encodingType": "text/html", "metadata": "https://example.org/"},
        "ObservedProperty": {"name": "Température", "definition": "https://example.org/temperature", "description": ""},
        "Observations": [{"phenomenonTime": NOW, "result": 21.5}],
    }
    return {
        "name": "Essai SensorThings",
        "description": "",
        "Locations": [{"name": "Essai SensorThings", "description": "", **place}],
        "Datastreams": [series],
    }


def _file(other: Other) -> list[Block]:
    name, sample = _sample(other)
    return [
        Block(about=_("What a file of this source looks like, by its declaration:"), text=sample),
        Block(
            about=_("On the machine of the instance, from a terminal; it goes on where it stopped:"),
            text=f"bocage ingest --territory {other.request.slug} {other.slug} {name}",
            run=True,
        ),
        Block(
            about=_("Or lay it in this folder: it is read within a minute, and its report lies beside it:"),
            text=f"data/drop/{other.request.slug}/{other.slug}/",
        ),
    ]


def _sample(other: Other) -> tuple[str, str]:
    """A name and the first lines of a file."""
    mapping, now = other.source.mapping, iso(to_ms(other.request.parts.clock()))
    if other.source.plugin != "bocage-csv":
        return "releves.json", brokers.message(other.request, other.slug, other.source)
    columns: Sequence[str] = [one.column for one in mapping.series if not one.column.endswith("*")] or ["result"]
    by = mapping.delimiter or ";"
    return "releves.csv", "\n".join([by.join([mapping.time, *columns]), by.join([now, *("21.5" for _one in columns)])])


_LINES: Final[Mapping[str, Callable[[Other], list[Block]]]] = {
    "chirpstack": _network("chirpstack", _chirpstack),
    "tts": _network("tts", _tts),
    "broker": _broker,
    "sensorthings": _sensorthings,
    "curl": _curl,
    "file": _file,
}
