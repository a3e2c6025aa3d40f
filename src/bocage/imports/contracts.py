"""Essential data of contracts, as a plan: each contract, its amendments as versions, its organisations by SIREN.

A contract is known again by its number and its buyer: what is declared already stays as it is, but for amendments that
came since. Only the contracts of this territory are taken unless the person says otherwise.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from bocage.domain.contract import Contract
from bocage.domain.declaration import fields
from bocage.domain.organisation import Organisation, Sector
from bocage.domain.text import Text
from bocage.imports import decp, terms
from bocage.imports.bodies import Bodies, own, siren_of
from bocage.imports.decp import Deal
from bocage.imports.labels import free
from bocage.imports.plan import Given, Left, Option, Plan, Proposal, Wrong, shortened
from bocage.imports.terms import NotSo
from bocage.ingest.headings import slug_of

ALL: Final = "*"
TITLE: Final = 120
_FIELDS: Final = """id uid _type acheteur autoriteConcedante acheteur_id acheteur_nom nature objet dureeMois montant
  valeurGlobale dateNotification dateSignature dateDebutExecution titulaires concessionnaires modifications"""
_TAKEN: Final = frozenset(_FIELDS.split())
_TOLD: Final = ("object", "nature", "holders", "amount", "months", "notified", "starts")
_ABROAD: Final = {"TAHITI": "PF", "RIDET": "NC", "FRWF": "WF"}


def read(given: Given) -> Plan:
    """What the file would declare. PayloadError when it is no file of essential data."""
    deals = [deal for name, content in given.files for deal in decp.read(name, content)]
    chosen = _chosen(given, deals)
    reading = _Reading(given)
    aside = 0
    for deal in deals:
        if chosen is not None and _buyer(deal) not in chosen and _buyer(deal):
            aside += 1
            continue
        reading.take(deal)
    return msgspec.structs.replace(reading.plan(), rows=len(deals), aside=aside, options=_options(deals, given, chosen))


def _chosen(given: Given, deals: list[Deal]) -> frozenset[str] | None:
    """The SIRENs whose contracts are taken; None for all."""
    asked = given.choices.get("buyer", "")
    if asked:
        return None if asked == ALL else frozenset({asked})
    present = {_buyer(deal) for deal in deals}
    mine = own(given.facts) & present
    return mine if mine or len(present) > 1 else None


def _options(deals: list[Deal], given: Given, chosen: frozenset[str] | None) -> tuple[Option, ...]:
    """The buyers of the file, those with most contracts first."""
    names = {_buyer(deal): str(deal.first("acheteur.nom", "autoriteConcedante.nom") or "") for deal in deals}
    for body in given.facts.all(Organisation).values():
        if body.siren in names:
            names[body.siren] = body.title.fr
    counts = Counter(_buyer(deal) for deal in deals if _buyer(deal))
    return tuple(
        Option(value=siren, words=_words(names[siren], siren), count=count, chosen=siren in (chosen or ()))
        for siren, count in counts.most_common()
    )


def _words(name: str, siren: str) -> str:
    """A buyer by its name and its number, or by its number alone."""
    return f"{name} ({siren})" if name and siren not in name else name or f"SIREN {siren}"


def _buyer(deal: Deal) -> str:
    return siren_of(str(deal.first("acheteur.id", "autoriteConcedante.id", "autoriteConcedante.siret") or ""))


def _label(name: str) -> str:
    """What a field of a contract is called."""
    return next(note.label for note in fields(Contract) if note.name == name)


def _plain(said: object) -> str:
    """What a field says, as a line shows it."""
    if isinstance(said, tuple):
        return ", ".join(said)
    return shortened(said.fr if isinstance(said, Text) else str(said))


class _Reading:
    """Contracts read so far."""

    def __init__(self, given: Given) -> None:
        self._facts = given.facts
        self._bodies = Bodies(given.facts)
        self._sirens = {slug: body.siren for slug, body in given.facts.all(Organisation).items()}
        self._held: dict[tuple[str, str], tuple[str, Contract]] = {
            (body.number, self._sirens.get(body.buyer, body.buyer)): (slug, body)
            for slug, body in given.facts.all(Contract).items()
        }
        self._slugs = set(given.facts.all(Contract))
        self._proposals: dict[str, Proposal] = {}
        self._wrong: list[Wrong] = []
        self._left: dict[str, Left] = {}
        self._otherwise: list[Left] = []
        self._same = 0

    def plan(self) -> Plan:
        """Everything so far; organisations before the contracts that name them."""
        used = frozenset(
            slug
            for one in self._proposals.values()
            for body in one.bodies
            if isinstance(body, Contract)
            for slug in (body.buyer, *body.holders)
        )
        return Plan(
            proposals=(*self._bodies.proposals(used), *self._proposals.values()),
            wrong=tuple(self._wrong),
            left=tuple(self._left.values()),
            otherwise=tuple(self._otherwise),
            heading=("id", "acheteur", "objet"),
            same=self._same,
        )

    def take(self, deal: Deal) -> None:
        """One contract; nothing of a wrong one is kept."""
        number = str(deal.first("id") or "")
        try:
            bodies = self._bodies_of(deal, number)
        except NotSo as wrong:
            cells = tuple(str(deal.first(name) or "") for name in ("id", "acheteur.id", "objet"))
            told = Wrong(row=deal.row, column=wrong.column, found=wrong.found, code=wrong.code, cells=cells)
            self._wrong.append(told)
            return
        self._leave(deal)
        held = self._held.get((number, _buyer(deal)))
        if held is None:
            slug = self._free(number, _buyer(deal))
            self._held[number, _buyer(deal)] = (slug, bodies[-1])
            self._proposals[slug] = Proposal(kind=Contract.kind, slug=slug, bodies=bodies, row=deal.row)
        else:
            self._again(held, bodies, deal)

    def _again(self, held: tuple[str, Contract], bodies: tuple[Contract, ...], deal: Deal) -> None:
        """A contract that is declared already: only amendments that came since are new."""
        slug, present = held
        later: list[Contract] = []
        for body in bodies:
            if body.amendment > present.amendment:
                changed = {
                    name: getattr(body, name) for name in ("amount", "months", "holders", "amendment", "amended")
                }
                later.append(msgspec.structs.replace(later[-1] if later else present, **changed))
        if later:
            self._held[present.number, _buyer(deal)] = (slug, later[-1])
            new = Proposal(kind=Contract.kind, slug=slug, bodies=(), row=deal.row, before=present)
            before = self._proposals.get(slug, new)
            self._proposals[slug] = msgspec.structs.replace(before, bodies=(*before.bodies, *later))
            return
        self._same += 1
        for name in _TOLD:
            said = getattr(bodies[-1], name)
            if said not in (None, ()) and said != getattr(present, name):
                self._otherwise.append(Left(where=present.number, what=_label(name), found=_plain(said)))

    def _bodies_of(self, deal: Deal, number: str) -> tuple[Contract, ...]:
        if not 0 < len(number) <= 64:
            raise NotSo("id", number, "contract-number")
        siren, told = _buyer(deal), deal.first("acheteur.id", "autoriteConcedante.id", "autoriteConcedante.siret")
        if not siren:
            raise NotSo("acheteur.id", told or "", "siret")
        subject = str(deal.first("objet") or "").strip()
        if not subject:
            raise NotSo("objet", "", "empty")
        name = str(deal.first("acheteur.nom", "autoriteConcedante.nom") or "")
        first = Contract(
            title=Text(fr=subject if len(subject) <= TITLE else subject[: TITLE - 1] + "…"),
            number=number,
            object=Text(fr=subject),
            nature=terms.nature(deal),
            buyer=self._bodies.by_siren(siren, name, Sector.PUBLIC, deal.row),
            holders=self._holders(deal.items("titulaires", "concessionnaires"), deal.row),
            amount=terms.amount(deal.first("montant", "valeurGlobale"), "montant"),
            months=terms.months(deal.first("dureeMois"), "dureeMois"),
            notified=terms.day(deal.first("dateNotification", "dateSignature"), "dateNotification"),
            starts=terms.day(deal.first("dateDebutExecution"), "dateDebutExecution"),
        )
        return (first, *self._amended(first, deal))

    def _amended(self, first: Contract, deal: Deal) -> list[Contract]:
        """The contract after each of its amendments, in their order."""
        found: list[Contract] = []
        for rank, change in enumerate(sorted(deal.items("modifications"), key=terms.order), start=1):
            before, place = (found[-1] if found else first), f"modifications[{rank}]"
            amount = terms.amount(change.get("montant") or change.get("valeurGlobale"), f"{place}.montant")
            months = terms.months(change.get("dureeMois"), f"{place}.dureeMois")
            holders = self._holders(decp.unwrapped(change.get("titulaires")), deal.row)
            found.append(
                msgspec.structs.replace(
                    before,
                    amount=before.amount if amount is None else amount,
                    months=months or before.months,
                    holders=holders or before.holders,
                    amendment=rank,
                    amended=terms.day(terms.moment(change), place),
                )
            )
        return found

    def _holders(self, items: list[Mapping[str, Any]], row: int) -> tuple[str, ...]:
        found = []
        for item in items:
            number = str(item.get("id") or "")
            name = str(item.get("denominationSociale") or item.get("nom") or "")
            siren, form = siren_of(number), str(item.get("typeIdentifiant") or "SIRET").upper()
            country = _ABROAD.get(form, number[:2].upper() if number[:2].isalpha() else "")
            if siren:
                found.append(self._bodies.by_siren(siren, name, Sector.COMPANY, row))
            elif form == "SIRET":
                raise NotSo("titulaires.id", number, "siret")
            elif len(country) == 2:
                found.append(self._bodies.by_name(name or number, Sector.COMPANY, row, country))
            else:
                self._left_once("titulaires.id", f"{form} {number} {name}")
        return tuple(dict.fromkeys(found))

    def _leave(self, deal: Deal) -> None:
        for name, value in deal.fields.items():
            if name not in _TAKEN and value not in (None, "", [], {}):
                self._left_once(name, value)
        for change in deal.items("modifications"):
            if change.get("objetModification"):
                self._left_once("modifications.objetModification", change["objetModification"])

    def _left_once(self, name: str, value: object) -> None:
        known = self._left.get(name)
        said = value if isinstance(value, str) else msgspec.json.encode(value).decode()
        self._left[name] = Left(
            where="", what=name, found=known.found if known else shortened(said), count=known.count + 1 if known else 1
        )

    def _free(self, number: str, siren: str) -> str:
        plain = slug_of(number) or "contrat"
        slug = free(f"{plain}-{siren}", self._slugs) if plain in self._slugs else plain
        self._slugs.add(slug)
        return slug
