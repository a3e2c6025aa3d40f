"""The table of all routes for programs."""

from starlette.routing import BaseRoute

from bocage.api import (
    algorithms,
    certificates,
    datasets,
    downloads,
    footprint,
    heads,
    live,
    notices,
    orders,
    push,
    registers,
    sharing,
    subscriptions,
    system,
    witness,
)
from bocage.api.parts import Parts
from bocage.api.sensorthings import serving as sensorthings


def routes(parts: Parts) -> list[BaseRoute]:
    """Every route for programs, to be mounted at the root before the pages."""
    modules = (
        push,
        live,
        algorithms,
        certificates,
        datasets,
        downloads,
        footprint,
        notices,
        orders,
        registers,
        heads,
        sensorthings,
        sharing,
        subscriptions,
        system,
        witness,
    )
    return [route for module in modules for route in module.routes(parts)]
