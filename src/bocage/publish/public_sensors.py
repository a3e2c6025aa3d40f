"""What measures in public space as a table everyone can check: the rows of our schema `capteurs-espace-public`."""

from collections.abc import Iterable, Iterator

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.purpose import Purpose
from bocage.domain.sensing import ObservedProperty, Sensor
from bocage.publish.algorithms import several, table
from bocage.publish.knowledge import Known
from bocage.publish.notice import Notice, notices_for
from bocage.publish.sight import Seen

COLUMNS = (
    *("id_capteur", "nom", "territoire", "code_territoire", "lieu", "longitude", "latitude", "grandeurs", "unites"),
    *("technologies", "finalites", "donnees_personnelles", "conservation_mois", "responsable", "exploitant"),
    *("ouverture", "affichette", "contact", "url"),
)
"""In the order of the schema."""


def sheet(known: Known, place: str) -> str:
    """The CSV file; `place`: address of the territory's pages, empty when nobody set it."""
    seen = (item for item in known.sight.seen.values() if item.thing.public_space and item.streams)
    return table(COLUMNS, (_row(known, item, place) for item in seen))


def _row(known: Known, item: Seen, place: str) -> dict[str, str]:
    facts, notice = known.facts, notices_for(known, item.slug)[0]
    territory, where = facts.territory, item.thing.location
    return {
        "id_capteur": item.slug,
        "nom": item.thing.title.fr,
        "territoire": territory.title.fr if territory else facts.slug,
        "code_territoire": territory.code if territory else "",
        "lieu": item.thing.place,
        "longitude": degrees(where[0]) if where else "",
        "latitude": degrees(where[1]) if where else "",
        **_measured(facts, item),
        **_purposes(notice),
        "responsable": several(title.fr for _slug, title in notice.accountable),
        "exploitant": _all(title.fr for one in notice.purposes for _slug, title in one.operators),
        "ouverture": _openness(item),
        "affichette": str(notice.declared is not None).lower(),
        "contact": notice.contact.fr if notice.contact else "",
        "url": f"{place}/sensors/{item.slug}" if place else "",
    }


def _measured(facts: TerritoryFacts, item: Seen) -> dict[str, str]:
    """Each property once, with the unit of its first series."""
    units: dict[str, str] = {}
    for _slug, stream in item.streams:
        units.setdefault(stream.observed_property, stream.unit.symbol or stream.unit.name)
    titles = (found.title.fr if (found := facts.one(ObservedProperty, name)) else name for name in units)
    models = (facts.one(Sensor, stream.sensor) for _slug, stream in item.streams)
    return {
        "grandeurs": several(titles),
        "unites": several(units.values()),
        "technologies": _all(model.title.fr for model in models if model),
    }


def _purposes(notice: Notice) -> dict[str, str]:
    found = [one.purpose for one in notice.purposes]
    months = [one.retention_months for one in found if one.retention_months]
    return {
        "finalites": several(one.title.fr for one in found),
        "donnees_personnelles": _personal(found),
        "conservation_mois": str(max(months)) if months else "",
    }


def _personal(found: Iterable[Purpose]) -> str:
    """Yes as soon as one purpose says so; nothing while one has not answered."""
    answers = {one.personal for one in found}
    if True in answers:
        return "true"
    return "" if None in answers or not answers else "false"


def _openness(item: Seen) -> str:
    if not item.shown:
        return "fermees"
    return "ouvertes" if len(item.shown) == len(item.streams) else "en-partie"


def _all(names: Iterator[str]) -> str:
    return several(dict.fromkeys(names))


def degrees(value: float) -> str:
    """A centimetre is enough; never as a power of ten, which a spreadsheet would take for something else."""
    return f"{value:.7f}".rstrip("0").rstrip(".")
