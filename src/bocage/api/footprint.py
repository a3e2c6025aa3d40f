"""The footprint of the digital tools for programs: parts, services, datasets, budgets, factors with their sources."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bocage import evidence
from bocage.api.asking import bound, facts_of
from bocage.api.conditions import shared
from bocage.api.parts import Parts
from bocage.commitments.footprint import Cost, Portion, footprint, own_factors
from bocage.domain.footprint_budget import FootprintBudget
from bocage.domain.footprint_factors import FACTORS, Span, Unit
from bocage.domain.own_factor import OwnFactor


def routes(parts: Parts) -> list[BaseRoute]:
    """Its address."""
    return [Route("/api/{territory}/footprint.json", bound(parts, told), name="api.footprint")]


def told(parts: Parts, request: Request) -> Response:
    """A year of it; every figure as [least, in between, most]: kg CO2e and kWh."""
    declared = facts_of(parts, request.path_params["territory"])
    facts = msgspec.structs.replace(declared, usage=evidence.usage(declared, parts.clock()))
    found, own = footprint(facts), own_factors(facts)
    running = {slug: one for slug, one in sorted(facts.all(FootprintBudget).items()) if one.runs(facts.today)}
    body = {
        "territory": facts.slug,
        "whole": _portion(found.whole),
        "services": [_portion(one) for one in found.services],
        "datasets": [_portion(one) for one in found.datasets],
        "budgets": [
            {"budget": slug, "service": one.service, "kilograms": one.kilograms, "kilowatt_hours": one.kilowatt_hours,
             "found": _cost(found.service(one.service).total)}
            for slug, one in running.items()
        ],
        "measured": msgspec.to_builtins(facts.usage),
        "factors": [_factor(unit, own.get(unit)) for unit in FACTORS],
        "without_power": found.without_power,
        "without_sheet": found.without_sheet,
    }  # fmt: skip
    return shared(request, msgspec.json.encode(body), "application/json")


def _factor(unit: Unit, own: OwnFactor | None) -> dict[str, Any]:
    """One factor with its source: that of the territory, where it states its own."""
    factor = FACTORS[unit]
    told = {"factor": unit.value, "unit": factor.unit, "own": own is not None}
    if own is not None:
        return {**told, "value": _span(own.span), "source": own.source, "year": own.year, "page": ""}
    origin = factor.origin
    return {**told, "value": _span(factor.span), "source": origin.name, "year": origin.year, "page": origin.page}


def _portion(one: Portion) -> dict[str, Any]:
    return {
        "name": one.slug,
        "total": _cost(one.total),
        "parts": {part.value: _cost(cost) for part, cost in one.parts.items()},
        "dominant": one.dominant.value if one.dominant else None,
        "measurements": one.lately,
        "kilograms_per_million": _span(one.per_million) if one.per_million else None,
    }


def _cost(cost: Cost) -> dict[str, list[float]]:
    return {"kilograms": _span(cost.kilograms), "kilowatt_hours": _span(cost.kilowatt_hours)}


def _span(span: Span) -> list[float]:
    return [span.low, span.value, span.high]
