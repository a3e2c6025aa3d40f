"""Facts that speak of persons where a declaration says that none is concerned: names of fields, homes, values."""

import re
import unicodedata

from bocage.commitments.flow import Strand
from bocage.domain.sensing import Datastream, ObservedProperty, Thing

# Words, without accents, that name a person's own thing or home. Listed in docs/promises.md.
PERSON_WORDS = frozenset(
    [
        "immatriculation",
        "numberplate",
        "imei",
        "imsi",
        "msisdn",
        "badge",
        "courriel",
        "email",
        "telephone",
        "abonne",
        "abonnes",
        "household",
        "dwelling",
        "logement",
        "foyer",
        "menage",
        "occupant",
        "occupants",
        "patient",
    ]
)
HOME_PROPERTIES = frozenset({"postcode", "postal_code", "code_postal", "adresse", "address"})
CONSUMPTION_UNITS = frozenset({"kwh", "wh", "m3", "m³", "l", "kw.h", "kw"})


def words_of(text: str) -> frozenset[str]:
    """The words of a text: lower case, accents off."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return frozenset(re.findall(r"[a-z0-9]+", plain))


def person_word(strand: Strand) -> str:
    """The first word, among the names of the series, its property and its thing, that speaks of a person."""
    named = words_of(" ".join((strand.key, *_names(strand.datastream), *_names(strand.observed_property))))
    if strand.thing:
        named |= words_of(" ".join((*_names(strand.thing), *map(str, strand.thing.properties.values()))))
    return min(named & PERSON_WORDS, default="")


def home_suspected(strand: Strand) -> bool:
    """Whether a consumption is measured at an address: a home as well as a school could be there."""
    if strand.thing is None or strand.datastream is None or strand.thing.public_space:
        return False
    unit = strand.datastream.unit
    consumption = {unit.ucum.lower(), unit.symbol.lower()} & CONSUMPTION_UNITS
    return bool(consumption) and bool(HOME_PROPERTIES & {name.lower() for name in strand.thing.properties})


def _names(body: Datastream | ObservedProperty | Thing | None) -> tuple[str, ...]:
    return (body.title.fr, body.title.en) if body else ()
