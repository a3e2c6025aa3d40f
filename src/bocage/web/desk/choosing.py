"""What a person chooses before an import is done: columns, the buyer, the source, the names of buildings."""

from typing import Any

import msgspec

from bocage.accounts.rights import Right
from bocage.domain.dataset import Dataset
from bocage.domain.errors import BocageError
from bocage.domain.purpose import Purpose
from bocage.domain.sensing import Thing
from bocage.domain.source import Source
from bocage.domain.text import Text
from bocage.imports import deliveries, meters, things
from bocage.imports.forms import CONTRACTS, MEASUREMENTS, THINGS
from bocage.imports.plan import Given, Plan
from bocage.imports.record import Import
from bocage.ingest import inventory, plugins
from bocage.ingest.headings import Heading
from bocage.web.desk import imports
from bocage.web.desk.connect import sources
from bocage.web.request import Request

MOST_METERS = 200
PLAIN = {CONTRACTS: ("buyer",), MEASUREMENTS: ("source", "purpose", "dataset")}
SPREAD = {THINGS: (things.COLUMN,), MEASUREMENTS: (meters.NAME, meters.HOME)}
LONGEST = 200


class Meter(msgspec.Struct, frozen=True, kw_only=True):
    """A meter nobody declared: its number, what it gives, the building somebody named, and whether it is a dwelling."""

    number: str
    gives: tuple[Text, ...]
    name: str = ""
    home: bool = False


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the page asks, with what is chosen now."""

    choices: dict[str, str]
    heading: Heading | None = None
    columns: dict[str, str] = {}
    sources: dict[str, Any] = {}
    new_source: str = ""
    purposes: dict[str, Any] = {}
    datasets: dict[str, Any] = {}
    meters: tuple[Meter, ...] = ()
    buildings: tuple[str, ...] = ()

    @property
    def shown(self) -> dict[str, str]:
        """What the fields of the page hold when nobody touches them."""
        held = dict(self.choices)
        if self.heading is not None:
            held |= {f"{things.COLUMN}{name}": self.heading.standing.get(name, "") for name in self.columns}
        if not held.get("source"):
            held["source"] = f"new:{self.new_source}" if self.new_source else next(iter(self.sources), "")
        return held


def chosen(request: Request, found: Import) -> dict[str, str]:
    """What the form that was sent says; what it does not ask stays as it was."""
    kept = dict(found.told.choices)
    names = PLAIN.get(found.form, ())
    sent = {name: str(request.POST.get(name, "")) for name in names if name in request.POST}
    for start in SPREAD.get(found.form, ()):
        given = {name: str(value)[:LONGEST] for name, value in request.POST.items() if name.startswith(start)}
        if given or (start == meters.HOME and any(name.startswith(meters.NAME) for name in request.POST)):
            kept = {name: value for name, value in kept.items() if not name.startswith(start)}
        sent |= given
    allowed = sources(request, Right.IMPORT)
    source = sent.get("source", "")
    if source and source not in allowed and not (source.startswith("new:") and imports.declares(request)):
        del sent["source"]
    return kept | sent


def differs(request: Request, found: Import, offered: Asked | None) -> bool:
    """Whether the form that was sent chooses something else than its page showed."""
    shown = offered.shown if offered else dict(found.told.choices)
    sent = chosen(request, found)
    return any(sent.get(name, "") != shown.get(name, "") for name in {*sent, *found.told.choices})


def asked(request: Request, found: Import, given: Given, plan: Plan | None) -> Asked | None:
    """What this import asks; None when there is nothing to choose."""
    choices = dict(found.told.choices)
    if found.form == THINGS:
        return _columns(given, choices)
    if found.form == CONTRACTS:
        return Asked(choices=choices) if plan is not None and plan.options else None
    return _measurements(request, given, choices, plan) if found.form == MEASUREMENTS else None


def _columns(given: Given, choices: dict[str, str]) -> Asked | None:
    try:
        return Asked(choices=choices, heading=things.heading(given), columns=dict(inventory.COLUMNS))
    except BocageError:
        return None


def _measurements(request: Request, given: Given, choices: dict[str, str], plan: Plan | None) -> Asked:
    facts, declares = given.facts, imports.declares(request)
    known = deliveries.recognised(given, plugins.found()) if declares else None
    taken = known is not None and any(body.plugin == known.id for body in facts.all(Source).values())
    source = next((it.slug for it in plan.proposals if it.kind == Source.kind), "") if plan else ""
    said = {one.key: one.described for one in plan.series} if plan else {}
    unknown = meters.unknown(facts, choices.get("source", "") or source, said) if declares else {}
    return Asked(
        choices=choices,
        sources={slug: body.title for slug, body in sources(request, Right.IMPORT).items()},
        new_source=known.id if known is not None and not taken else "",
        purposes={slug: body.title for slug, body in facts.all(Purpose).items()},
        datasets={slug: body.title for slug, body in facts.all(Dataset).items()} if declares else {},
        meters=tuple(_meter(number, keys, said, choices) for number, keys in list(unknown.items())[:MOST_METERS]),
        buildings=tuple(sorted(body.title.fr for body in facts.all(Thing).values())) if declares else (),
    )


def _meter(number: str, keys: list[str], said: dict[str, Any], choices: dict[str, str]) -> Meter:
    return Meter(
        number=number,
        gives=tuple(said[key].title for key in keys),
        name=choices.get(meters.NAME + number, ""),
        home=bool(choices.get(meters.HOME + number)),
    )
