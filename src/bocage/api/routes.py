"""The table of all routes for programs."""

from starlette.routing import BaseRoute

from bocage.api import (
    algorithms,
    datasets,
    downloads,
    heads,
    live,
    notices,
    push,
    registers,
    sharing,
    subscriptions,
    system,
)
from bocage.api.parts import Parts
from bocage.api.sensorthings import serving as sensorthings


def routes(parts: Parts) -> list[BaseRoute]:
    """Every route for programs, to be mounted at the root before the pages."""
    modules = (
        push,
        live,
        algorithms,
        datasets,
        downloads,
        notices,
        registers,
        heads,
        sensorthings,
        sharing,
        subscriptions,
        system,
    )
    return [route for module in modules for route in module.routes(parts)]
