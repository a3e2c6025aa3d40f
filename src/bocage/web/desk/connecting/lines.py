"""The exact lines to paste on the other side, of each choice: what is a field there, and what a terminal runs."""

import shlex
from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from bocage.domain.instant import iso, to_ms
from bocage.domain.sensing import Datastream, Thing
from bocage.domain.source import Source
from bocage.domain.text import message as _
from bocage.ingest import plugins
from bocage.web.desk import brokers
from bocage.web.desk.connect import address
from bocage.web.desk.first.networks import NETWORKS
from bocage.web.desk.lorawan import sending
from bocage.web.desk.reach import facts_of
from bocage.web.request import Request

TOKEN: Final = "TOKEN"  # noqa: S105 - what stands in its place until one is issued
NOW: Final = "$(date -u +%FT%TZ)"
_AS_GIVEN: Final = frozenset({"enedis-csv", "grdf-csv", "gbfs"})  # their form is not ours to declare


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


def _chirpstack(other: Other) -> tuple[str, Any]:
    return f"{other.push}?event=up", sending.chirpstack(other.request, other.slug, NOW)


def _tts(other: Other) -> tuple[str, Any]:
    return other.push, sending.the_things_stack(other.request, other.slug, NOW)


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


def _address(other: Other) -> list[Block]:
    if not other.source.address:
        return [Block(about=_("Its declaration names no address yet: nothing is read."))]
    about = _("Nothing to paste there: Bocage reads this address.")
    trial = f"curl -i --compressed {shlex.quote(other.source.address)}"
    return [
        Block(about=about, text=other.source.address),
        Block(about=_("What it answers to the machine of the instance, from a terminal:"), text=trial, run=True),
    ]


def _file(other: Other) -> list[Block]:
    plugin = plugins.found().get(other.source.plugin)
    name = f"releves{plugin.suffixes[0] if plugin and plugin.suffixes else '.json'}"
    return [
        _sample(other),
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


def _sample(other: Other) -> Block:
    """The first lines of a file, where the declaration decides them."""
    if other.source.plugin in _AS_GIVEN:
        return Block(about=_("A file of this source is taken as its maker gives it: nothing to change in it."))
    about = _("What a file of this source looks like, by its declaration:")
    return Block(about=about, text=brokers.message(other.request, other.slug, other.source))


_LINES: Final[Mapping[str, Callable[[Other], list[Block]]]] = {
    "chirpstack": _network("chirpstack", _chirpstack),
    "tts": _network("tts", _tts),
    "broker": _broker,
    "sensorthings": _sensorthings,
    "curl": _curl,
    "address": _address,
    "file": _file,
}
