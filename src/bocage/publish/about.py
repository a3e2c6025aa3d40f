"""What a file of a dataset says of itself once it is far from here, in the language every territory writes."""

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.dataset import Licence
from bocage.domain.sensing import Datastream, Unit
from bocage.publish.provenance import provenance
from bocage.publish.publication import Publication
from bocage.store.protocol import About, Named

LICENCES = {
    Licence.ETALAB_2: "https://spdx.org/licenses/etalab-2.0.html",
    Licence.ODBL_1: "https://spdx.org/licenses/ODbL-1.0.html",
}


def about(facts: TerritoryFacts, found: Publication) -> About:
    """Its series by name, and notes on the whole: where it is from, under which licence, to whose credit."""
    sources = provenance(facts, (stream for _, stream in found.streams))
    owners = [facts.territory.title.fr] if facts.territory else []
    notes = {
        "territory": facts.slug,
        "dataset": found.slug,
        "title": found.dataset.title.fr,
        "licence": LICENCES[found.dataset.licence],
        "attribution": "; ".join(dict.fromkeys([*owners, *(one.attribution for one in sources if one.attribution)])),
        "replayed": "yes" if any(one.replayed for one in sources) else "no",
    }
    return About(series=series(found), notes=tuple(notes.items()))


def series(found: Publication) -> tuple[Named, ...]:
    """The series of a dataset as its rows name them."""
    return tuple(_named(slug, one) for slug, one in found.streams if one.id)


def _named(slug: str, one: Datastream) -> Named:
    return Named(number=one.id, datastream=slug, thing=one.thing, observed=one.observed_property, unit=sign(one.unit))


def sign(unit: Unit) -> str:
    """The sign of a unit, or its name where it has no sign."""
    return unit.symbol or unit.name
