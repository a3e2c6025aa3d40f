"""Quantities a town measures every day: how a heading speaks of them, their unit and their nature."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

import msgspec

from bocage.domain.nature import Nature
from bocage.domain.public_service import Competence
from bocage.domain.sensing import Unit
from bocage.domain.text import Text
from bocage.domain.text import message as _

KWH: Final = Unit(name="kilowattheure", symbol="kWh", ucum="kW.h")
CUBIC_METRE: Final = Unit(name="mètre cube", symbol="m³", ucum="m3")
EURO: Final = Unit(name="euro", symbol="€")
_ENERGY: Final = {"kwh": 1.0, "wh": 0.001, "mwh": 1000.0}
_VOLUME: Final = {"m3": 1.0, "l": 0.001, "litre": 0.001, "litres": 0.001}


class Quantity(msgspec.Struct, frozen=True, kw_only=True):
    """`label`: an English message. `units`: words for a unit, folded, and what brings it to `unit`; `powers`: likewise
    for a mean power, which an interval of so many hours turns into energy. `words`: what else a heading says of it."""

    code: str
    label: str
    title: Text
    unit: Unit
    nature: Nature
    competence: Competence = Competence.BUILDINGS
    units: Mapping[str, float] = {}
    powers: Mapping[str, float] = {}
    words: tuple[str, ...] = ()


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """What a heading speaks of: a quantity by its code (empty: none is known), and what brings its unit to ours.

    `power`: the factor has still to be multiplied by the hours of an interval.
    """

    code: str = ""
    factor: float = 1.0
    power: bool = False


QUANTITIES: Final[Mapping[str, Quantity]] = {
    one.code: one
    for one in (
        Quantity(
            code="electricity",
            label=_("Electricity consumed (kWh)"),
            title=Text(fr="Électricité consommée", en="Electricity consumed"),
            unit=KWH,
            nature=Nature.AMOUNT,
            units=_ENERGY,
            powers={"kw": 1.0, "w": 0.001},
            words=("electricite", "elec", "soutirage", "courbe de charge", "consommation", "conso", "energie"),
        ),
        Quantity(
            code="electricity-index",
            label=_("Index of an electricity meter (kWh)"),
            title=Text(fr="Index d'électricité", en="Electricity index"),
            unit=KWH,
            nature=Nature.INDEX,
            units=_ENERGY,
            words=("index", "releve compteur"),
        ),
        Quantity(
            code="cost",
            label=_("Cost (euros)"),
            title=Text(fr="Coût", en="Cost"),
            unit=EURO,
            nature=Nature.AMOUNT,
            units={"€": 1.0, "eur": 1.0, "euro": 1.0, "euros": 1.0, "ttc": 1.0},
            words=("montant", "cout", "prix", "facture"),
        ),
        Quantity(
            code="gas",
            label=_("Gas consumed (kWh)"),
            title=Text(fr="Gaz consommé", en="Gas consumed"),
            unit=KWH,
            nature=Nature.AMOUNT,
            units=_ENERGY,
            words=("gaz",),
        ),
        Quantity(
            code="water",
            label=_("Water consumed (m³)"),
            title=Text(fr="Eau consommée", en="Water consumed"),
            unit=CUBIC_METRE,
            nature=Nature.AMOUNT,
            units=_VOLUME,
            words=("eau", "water"),
        ),
        Quantity(
            code="water-index",
            label=_("Index of a water meter (m³)"),
            title=Text(fr="Index d'eau", en="Water index"),
            unit=CUBIC_METRE,
            nature=Nature.INDEX,
            units=_VOLUME,
            words=("index eau", "index d eau"),
        ),
        Quantity(
            code="temperature",
            label=_("Temperature (°C)"),
            title=Text(fr="Température", en="Temperature"),
            unit=Unit(name="degré Celsius", symbol="°C", ucum="Cel"),
            nature=Nature.GAUGE,
            units={"°c": 1.0, "celsius": 1.0, "degc": 1.0},
            words=("temperature", "temp"),
        ),
        Quantity(
            code="humidity",
            label=_("Humidity (%)"),
            title=Text(fr="Humidité", en="Humidity"),
            unit=Unit(name="pour cent", symbol="%", ucum="%"),
            nature=Nature.GAUGE,
            words=("humidite", "humidity", "hygrometrie"),
        ),
        Quantity(
            code="co2",
            label=_("Carbon dioxide (ppm)"),
            title=Text(fr="Dioxyde de carbone", en="Carbon dioxide"),
            unit=Unit(name="partie par million", symbol="ppm", ucum="[ppm]"),
            nature=Nature.GAUGE,
            units={"ppm": 1.0},
            words=("co2", "dioxyde de carbone"),
        ),
        Quantity(
            code="passages",
            label=_("Passages counted"),
            title=Text(fr="Passages", en="Passages"),
            unit=Unit(name="passage", symbol="passages", ucum="{passages}"),
            nature=Nature.AMOUNT,
            competence=Competence.MOBILITY,
            words=("passage", "passages", "comptage", "velos", "pietons", "count"),
        ),
        Quantity(
            code="rain",
            label=_("Rain (mm)"),
            title=Text(fr="Pluie", en="Rain"),
            unit=Unit(name="millimètre", symbol="mm", ucum="mm"),
            nature=Nature.AMOUNT,
            competence=Competence.ENVIRONMENT,
            units={"mm": 1.0},
            words=("pluie", "rain", "precipitation"),
        ),
    )
}
_UNNEEDED: Final = ("battery", "batterie", "bat", "rssi", "snr")
_WORDS: Final = re.compile(r"[^a-z0-9€°²³]+")
# Named first where a heading speaks of several: `Index eau (m3)` is no consumption, `Gaz (kWh)` no electricity.
_ORDER: Final = (
    *("water-index", "electricity-index", "gas", "water", "temperature", "humidity", "co2", "rain", "passages", "cost"),
    "electricity",
)


def heard(heading: str) -> Heard:
    """What a heading speaks of, by its words, then by its unit."""
    words = folded(heading)
    if any(word in words.split() for word in _UNNEEDED):
        return Heard()
    for code in _ORDER:
        if any(f" {word} " in f" {words} " for word in QUANTITIES[code].words):
            return _measured(QUANTITIES[code], words)
    for code in ("cost", "electricity", "temperature", "co2", "water", "rain"):
        found = _measured(QUANTITIES[code], words)
        if found.power or any(word in QUANTITIES[code].units for word in words.split()):
            return found
    return Heard()


def folded(text: str) -> str:
    """Words apart by one space, without accents and capitals; m³ as m3."""
    spelled = text.lower().replace("³", "3").replace("œ", "oe")
    bare = unicodedata.normalize("NFKD", spelled)
    plain = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return _WORDS.sub(" ", plain).strip()


def _measured(quantity: Quantity, words: str) -> Heard:
    """The quantity, in the unit that the words name; in its own when they name none."""
    for word in words.split():
        if word in quantity.units:
            return Heard(code=quantity.code, factor=quantity.units[word])
        if word in quantity.powers:
            return Heard(code=quantity.code, factor=quantity.powers[word], power=True)
    return Heard(code=quantity.code)
