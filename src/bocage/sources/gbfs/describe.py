"""What the name of a series of GBFS says of it."""

from typing import Final

from bocage.domain.nature import Nature
from bocage.domain.plugin import Described
from bocage.domain.sensing import Unit
from bocage.domain.text import Text

ONE: Final = Unit(name="unité", symbol="", ucum="1")
_TITLES: Final = {
    "vehicles": ("vehicules-disponibles", Text(fr="Véhicules disponibles", en="Vehicles available")),
    "vehicles-disabled": ("vehicules-hors-service", Text(fr="Véhicules hors service", en="Vehicles out of order")),
    "docks": ("places-libres", Text(fr="Places libres", en="Free docks")),
    "docks-disabled": ("places-hors-service", Text(fr="Places hors service", en="Docks out of order")),
    "capacity": ("capacite", Text(fr="Capacité de la station", en="Capacity of the station")),
}


def describe(key: str) -> Described | None:
    """Of `<station>/<what>`, or `<station>/vehicles/<type>`; None for a name this format does not give."""
    station, _sign, what = key.partition("/")
    name, _sign, kind = what.partition("/")
    if not station or name not in _TITLES or (kind and name != "vehicles"):
        return None
    slug, title = _TITLES[name]
    if kind:
        title = Text(fr=f"{title.fr} ({kind})", en=f"{title.en} ({kind})")
    return Described(meter=station, property=slug, title=title, unit=ONE, nature=Nature.GAUGE)
