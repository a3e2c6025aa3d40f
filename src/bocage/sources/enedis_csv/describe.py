"""What the name of a series of Enedis says of it: its delivery point, what is measured, its unit and its nature."""

from bocage.domain.nature import Nature
from bocage.domain.plugin import Described
from bocage.domain.sensing import Unit
from bocage.domain.text import Text
from bocage.sources.enedis_csv.blocks import METER

POWER = Unit(name="watt", symbol="W", ucum="W")
ENERGY = Unit(name="kilowattheure", symbol="kWh", ucum="kW.h")
APPARENT = Unit(name="voltampère", symbol="VA", ucum="V.A")
DAY, HALF_HOUR = 86_400, 1_800


def describe(key: str) -> Described | None:
    """Of `<delivery point>/<what>`; None for a name this format does not give."""
    meter, _sign, what = key.partition("/")
    if not METER.match(meter):
        return None
    production = what.startswith("production-")
    name = what.removeprefix("production-")
    found = _WHAT.get(name) or (_register(name) if name.startswith("index-") else None)
    if found is None:
        return None
    slug, title, unit, nature, cadence = found
    if production:
        slug, title = (
            f"production-{slug}",
            Text(fr=f"Production : {_lower(title.fr)}", en=f"Production: {_lower(title.en)}"),
        )
    return Described(meter=meter, property=slug, title=title, unit=unit, nature=nature, cadence_seconds=cadence)


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


_Known = tuple[str, Text, Unit, Nature, int | None]
_WHAT: dict[str, _Known] = {
    "puissance": (
        "puissance-electrique",
        Text(fr="Puissance électrique moyenne", en="Average electric power"),
        POWER,
        Nature.GAUGE,
        HALF_HOUR,
    ),
    "energie": (
        "energie-electrique",
        Text(fr="Électricité consommée par pas", en="Electricity used in each step"),
        ENERGY,
        Nature.AMOUNT,
        None,
    ),
    "energie-jour": (
        "energie-electrique-jour",
        Text(fr="Électricité consommée par jour", en="Electricity used each day"),
        ENERGY,
        Nature.AMOUNT,
        DAY,
    ),
    "index": (
        "index-electrique",
        Text(fr="Index du compteur électrique", en="Index of the electricity meter"),
        ENERGY,
        Nature.INDEX,
        DAY,
    ),
    "puissance-maximale": (
        "puissance-electrique-maximale",
        Text(fr="Puissance maximale atteinte", en="Greatest power reached"),
        APPARENT,
        Nature.GAUGE,
        DAY,
    ),
}


def _register(name: str) -> _Known:
    """One of the registers a meter counts by (off-peak hours, for example): F1 to F10, D1 to D4."""
    register = name.removeprefix("index-").upper()
    title = Text(fr=f"Index électrique, cadran {register}", en=f"Electricity index, register {register}")
    return (f"index-electrique-{register.lower()}", title, ENERGY, Nature.INDEX, DAY)
