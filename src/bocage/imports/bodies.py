"""Organisations that files name: found again among those declared, by SIREN or by name, or proposed."""

from collections.abc import Mapping

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.dataset import Dataset
from bocage.domain.organisation import Organisation, Sector, luhn
from bocage.domain.purpose import Purpose
from bocage.domain.text import Text
from bocage.imports.labels import folded, free
from bocage.imports.plan import Proposal
from bocage.ingest.headings import slug_of
from bocage.registers import official

LONGEST = 120


class Bodies:
    """Organisations known to a reading: those declared, and those it proposes; each is proposed once."""

    def __init__(self, facts: TerritoryFacts) -> None:
        self._declared: Mapping[str, Organisation] = facts.all(Organisation)
        self._held = dict(self._declared)
        self._new: dict[str, tuple[Organisation, int]] = {}

    def by_siren(self, siren: str, name: str, sector: Sector, row: int) -> str:
        """The slug of the organisation of this SIREN; one of the same name that has none yet gets it."""
        for slug, body in self._held.items():
            if body.siren == siren:
                return slug
        for slug, body in self._held.items():
            if name and not body.siren and folded(name) == folded(body.title.fr):
                self._held[slug] = msgspec.structs.replace(body, siren=siren)
                self._new[slug] = (self._held[slug], row)
                return slug
        title = name.strip()[:LONGEST] or f"SIREN {siren}"
        return self._propose(Organisation(title=Text(fr=title), siren=siren, sector=sector), row)

    def by_name(self, name: str, sector: Sector, row: int, country: str = "FR") -> str:
        """The slug of the organisation of this name."""
        wanted = folded(name)
        for slug, body in self._held.items():
            if wanted in (folded(body.title.fr), slug):
                return slug
        return self._propose(Organisation(title=Text(fr=name.strip()[:LONGEST]), sector=sector, country=country), row)

    def proposals(self, used: frozenset[str]) -> tuple[Proposal, ...]:
        """The new ones among those that are used."""
        return tuple(
            Proposal(kind=Organisation.kind, slug=slug, bodies=(body,), row=row, before=self._declared.get(slug))
            for slug, (body, row) in self._new.items()
            if slug in used
        )

    def _propose(self, body: Organisation, row: int) -> str:
        slug = free(slug_of(body.title.fr) or "organisation", self._held)
        self._held[slug] = body
        self._new[slug] = (body, row)
        return slug


def siren_of(number: str) -> str:
    """The SIREN in a SIRET, a SIREN or a French VAT number; empty when there is none."""
    plain = "".join(number.split()).upper()
    if plain.startswith("FR") and len(plain) == 13:
        plain = plain[4:]
    siren = plain[:9]
    return siren if len(plain) in (9, 14) and plain.isdigit() and luhn(siren) else ""


def own(facts: TerritoryFacts) -> frozenset[str]:
    """The SIRENs that are this territory's own: of its code, and of the owners its purposes and datasets name."""
    territory = facts.territory
    found = {official.siren(territory.code)} if territory and territory.code else set()
    organisations: Mapping[str, Organisation] = facts.all(Organisation)
    owners = {body.owner for body in facts.all(Purpose).values()} | {body.owner for body in facts.all(Dataset).values()}
    if territory is not None:
        owners |= {slug for slug, body in organisations.items() if folded(body.title.fr) == folded(territory.title.fr)}
    found |= {organisations[slug].siren for slug in owners if slug in organisations}
    return frozenset(found - {""})
