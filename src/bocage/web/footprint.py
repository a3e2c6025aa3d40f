"""What both pages on the footprint show, at the desk and for everyone: parts, services, datasets, budgets, sources."""

from collections.abc import Callable
from typing import Any

import msgspec

from bocage import evidence, words
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.footprint import MEASURED, Cost, Footprint, Part, Portion, footprint
from bocage.domain.dataset import Dataset
from bocage.domain.device_archetypes import ARCHETYPES
from bocage.domain.device_fleet import DeviceFleet
from bocage.domain.footprint_budget import FootprintBudget
from bocage.domain.footprint_factors import FACTORS
from bocage.domain.own_factor import OwnFactor
from bocage.domain.public_service import PublicService
from bocage.domain.text import message as _
from bocage.web.bars import Bar, bars
from bocage.web.request import Request

LEAST = 0.01
UNCOUNTED = (
    _("what devices need to reach the place and to be installed"),
    _("the radio of sensors, and gateways nobody declared"),
    _("servers nobody declared as a fleet, and the cooling of their rooms"),
    _("the screens of those who read these pages"),
)
"""What is never counted, for want of a source."""


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A budget that runs, against what was found."""

    slug: str
    budget: FootprintBudget
    cost: Cost

    @property
    def state(self) -> str:
        """Passed, perhaps (the span goes beyond it), or held."""
        carbon, energy = self.cost.kilograms, self.cost.kilowatt_hours
        most = self.budget.kilowatt_hours
        if carbon.value > self.budget.kilograms or (most is not None and energy.value > most):
            return "passed"
        perhaps = carbon.high > self.budget.kilograms or (most is not None and energy.high > most)
        return "perhaps" if perhaps else "held"

    @property
    def percent(self) -> int:
        """How much of the carbon is used, in between."""
        return round(100 * self.cost.kilograms.value / self.budget.kilograms)


def shown(request: Request, declared: TerritoryFacts) -> dict[str, Any]:
    """Everything the pages say."""
    facts = msgspec.structs.replace(declared, usage=evidence.usage(declared, request.parts.clock()))
    found = footprint(facts)
    fleets, own = facts.all(DeviceFleet), facts.all(OwnFactor)
    return {
        "found": found,
        "parts": [(part, cost) for part, cost in found.whole.parts.items() if cost.kilograms.high > 0],
        "measured": MEASURED,
        "chart": _chart(request, found),
        "services": [(one, facts.one(PublicService, one.slug)) for one in found.services],
        "datasets": [(one, facts.one(Dataset, one.slug)) for one in found.datasets],
        "fleets": [(slug, one, ARCHETYPES[one.model], _of(found, slug)) for slug, one in sorted(fleets.items())],
        "budgets": _budgets(facts, found),
        "named": facts.all(PublicService),
        "factors": FACTORS,
        "own": {one.unit: (slug, one) for slug, one in sorted(own.items())},
        "origins": list(
            {ARCHETYPES[one.model].origin.name: ARCHETYPES[one.model].origin for one in fleets.values()}.values()
        ),
        "usage": facts.usage,
        "uncounted": UNCOUNTED,
        "about": about(request),
    }


def _budgets(facts: TerritoryFacts, found: Footprint) -> list[Held]:
    running = ((slug, one) for slug, one in sorted(facts.all(FootprintBudget).items()) if one.runs(facts.today))
    return [Held(slug=slug, budget=one, cost=found.service(one.service).total) for slug, one in running]


def _of(found: Footprint, fleet: str) -> Portion:
    return Portion(slug=fleet, parts=found.fleets[fleet])


def _chart(request: Request, found: Footprint) -> Any:
    told = about(request)
    rows = [
        Bar(
            name=words.translate(part.label, request.lang),
            said=told(cost.kilograms.value, "kg"),
            low=cost.kilograms.low,
            value=cost.kilograms.value,
            high=cost.kilograms.high,
        )
        for part, cost in sorted(found.whole.parts.items(), key=lambda pair: list(Part).index(pair[0]))
        if cost.kilograms.high > 0
    ]
    return bars(rows, words.translate(_("What the digital tools cost the planet in a year"), request.lang))


def about(request: Request) -> Callable[..., str]:
    """Says a value with two figures that count, and what is next to nothing as such: more would be false."""

    def said(value: float, unit: str = "") -> str:
        if 0 < value < LEAST:
            least = words.number(LEAST, request.lang, unit)
            return words.translate(_("less than %(least)s"), request.lang) % {"least": least}
        return words.number(float(f"{value:.2g}"), request.lang, unit)

    return said
