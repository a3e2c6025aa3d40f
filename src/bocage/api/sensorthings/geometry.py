"""Geometries of GeoJSON and of well-known text, and how they lie to one another: in degrees, as they are given."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from bocage.api.problem import Stopped
from bocage.domain.text import message as _


@lru_cache(maxsize=256)
def of_text(text: str) -> BaseGeometry:
    """The geometry of a well-known text."""
    try:
        return shapely.from_wkt(text.rpartition(";")[2])
    except (shapely.GEOSException, TypeError, ValueError) as error:
        raise Stopped(400, _("This is no geometry: {found}"), found=text[:60]) from error


def of_json(value: Any) -> BaseGeometry | None:
    """The geometry of a GeoJSON geometry or feature; None when it is none."""
    held = value.get("geometry") if isinstance(value, Mapping) and value.get("type") == "Feature" else value
    if not isinstance(held, Mapping) or not held.get("coordinates"):
        return None
    try:
        return shapely.geometry.shape(held)
    except (ShapelyError, AttributeError, TypeError, ValueError, IndexError, KeyError):
        return None


def related(name: str, *of: Any) -> Any:
    """A function of geometries; null when one of them is none."""
    shapes = [one if isinstance(one, BaseGeometry) else of_json(one) for one in of[:2]]
    if any(one is None for one in shapes):
        return None
    if name == "st_relate":
        return _relating(shapes, of[2])
    try:
        return _FUNCTIONS[name](*shapes)
    except shapely.GEOSException:  # a polygon that crosses itself, for instance
        return None


def _relating(shapes: list[Any], pattern: Any) -> bool:
    try:
        return bool(shapely.relate_pattern(shapes[0], shapes[1], pattern))
    except (shapely.GEOSException, TypeError, ValueError) as error:
        raise Stopped(400, _("A pattern of relation has nine signs of T, F, *, 0, 1, 2.")) from error


_FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "geo.distance": lambda one, other: float(one.distance(other)),
    "geo.length": lambda one: float(one.length),
    "geo.intersects": lambda one, other: bool(one.intersects(other)),
    "st_equals": lambda one, other: bool(one.equals(other)),
    "st_disjoint": lambda one, other: bool(one.disjoint(other)),
    "st_touches": lambda one, other: bool(one.touches(other)),
    "st_within": lambda one, other: bool(one.within(other)),
    "st_overlaps": lambda one, other: bool(one.overlaps(other)),
    "st_crosses": lambda one, other: bool(one.crosses(other)),
    "st_intersects": lambda one, other: bool(one.intersects(other)),
    "st_contains": lambda one, other: bool(one.contains(other)),
}
