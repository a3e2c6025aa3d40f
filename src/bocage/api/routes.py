"""The table of all routes for programs."""

from starlette.routing import BaseRoute

from bocage.api import datasets, downloads, heads, live, notices, push, registers, sharing, system
from bocage.api.parts import Parts
from bocage.api.sensorthings import serving as sensorthings


def routes(parts: Parts) -> list[BaseRoute]:
    """Every route for programs, to be mounted at the root before the pages."""
<<<<<<< HEAD
    modules = (push, live, datasets, downloads, notices, registers, heads, sharing, system)
=======
    modules = (push, live, datasets, downloads, notices, registers, heads, sensorthings, system)
>>>>>>> 1ef6179 (api: SensorThings 1.1 read to any depth, its conditions asked where the observations are)
    return [route for module in modules for route in module.routes(parts)]
