"""The State's official files that ship with Bocage: what they say of a territory from its INSEE code.

Communes with population and SIREN, groups of towns, departments: INSEE, DGCL and La Poste, gathered by Etalab
(decoupage-administratif 6.0.0). Outlines: IGN Admin Express, edition 2018. Read when asked, never kept in memory.
"""

import difflib
import itertools
from collections.abc import Iterable
from importlib import resources
from typing import Any

import msgspec

from bocage.domain.errors import Missing
from bocage.domain.territory import Level, Territory
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.registers.official.divisions import Divisions, department_at, department_of, divisions
from bocage.registers.official.searching import Found, search
from bocage.registers.official.zones import zone_of

_Ring = tuple[float, float, float]
"""Centre and surface."""
ATTRIBUTION = "INSEE, DGCL, La Poste (Licence Ouverte 2.0), decoupage-administratif 6.0.0"
OUTLINES_ATTRIBUTION = "IGN Admin Express 2018 (Licence Ouverte 2.0)"

__all__ = (
    "ATTRIBUTION",
    "OUTLINES_ATTRIBUTION",
    "Found",
    "department_name",
    "department_of",
    "departments",
    "members",
    "outlines",
    "search",
    "several",
    "siren",
    "territory",
)


def territory(code: str) -> Territory:
    """The territory of an INSEE code (commune, department) or of a SIREN (group of towns), as far as files tell."""
    files = divisions()
    if code in files.communes:
        return _commune(files, code)
    if code in files.groups:
        return _group(files, code)
    if code in files.departments:
        return _department(files, code)
    raise _missing(files, code)


def several(codes: Iterable[str]) -> dict[str, tuple[Territory, str]]:
    """The territory and the SIREN of each code that a file knows: every file is read once, for hundreds of communes."""
    files, found = divisions(), {}
    known = [code for code in codes if code in files.communes]
    groups = {commune: group for group, (_name, _people, inside) in files.groups.items() for commune in inside}
    rings = _rings(frozenset(known))
    for code in known:
        body = _stated(files, code, groups.get(code, ""), _centre(rings.get(code, ())))
        found[code] = body, files.communes[code][2]
    return found


def siren(code: str) -> str:
    """The SIREN of a commune or group of towns; empty where the files give none."""
    files = divisions()
    if code in files.communes:
        return files.communes[code][2]
    return code if code in files.groups else ""


def department_name(code: str) -> str:
    """The name of a department; empty when no file knows the code."""
    return divisions().departments.get(code, ("", ""))[0]


def members(code: str) -> tuple[str, ...]:
    """INSEE codes of the communes of a territory; its own for a commune."""
    files = divisions()
    if code in files.groups:
        return files.groups[code][2]
    if code in files.departments:
        return tuple(commune for commune in files.communes if department_of(commune) == code)
    return (code,) if code in files.communes else ()


def outlines(department: str) -> bytes | None:
    """GeoJSON outlines of the communes of a department (properties code, name); None where none ship."""
    if department == "departments" or not department.isalnum():
        return None
    file = resources.files(__package__).joinpath("outlines", f"{department}.json")
    return file.read_bytes() if file.is_file() else None


def departments() -> bytes:
    """GeoJSON outlines of the departments of mainland France and Corsica (properties code, name)."""
    return resources.files(__package__).joinpath("outlines", "departments.json").read_bytes()


def _commune(files: Divisions, code: str) -> Territory:
    group = next((one for one, (_n, _p, communes) in files.groups.items() if code in communes), "")
    return _stated(files, code, group, _common((code,)))


def _stated(files: Divisions, code: str, group: str, centre: tuple[float, float] | None) -> Territory:
    name, population, _siren = files.communes[code]
    return Territory(
        title=Text(fr=name),
        level=Level.COMMUNE,
        code=code,
        population=population,
        epci=group,
        epci_name=files.groups[group][0] if group else "",
        department=department_of(code),
        time_zone=zone_of(code),
        centre=centre,
    )


def _group(files: Divisions, code: str) -> Territory:
    name, population, communes = files.groups[code]
    return Territory(
        title=Text(fr=name),
        level=Level.EPCI,
        code=code,
        population=population,
        department=department_at(files, code),
        time_zone=zone_of(communes[0]),
        centre=_common(communes),
    )


def _department(files: Divisions, code: str) -> Territory:
    inside = [one for one in files.communes if department_of(one) == code]
    return Territory(
        title=Text(fr=files.departments[code][0]),
        level=Level.DEPARTMENT,
        code=code,
        population=sum(files.communes[one][1] for one in inside),
        department=code,
        time_zone=zone_of(inside[0]) if inside else zone_of(code),
        centre=_common(inside),
    )


def _missing(files: Divisions, code: str) -> Missing:
    if code in files.merged:
        old, into = files.merged[code]
        name = files.communes[into][0]
        now = _("it is now part of {commune}")
        return Missing(_("the INSEE code of a commune in being"), f"{code} ({old})", now, commune=f"{into} {name}")
    known = [*files.communes, *files.groups, *files.departments]
    near = [row.code + " " + row.name for row in search(code, 3)] if not code[:1].isdigit() else []
    begun = sorted((one for one in files.communes if one.startswith(code)), key=lambda one: -files.communes[one][1])
    near = near or [f"{one} {_name(files, one)}" for one in begun[:3] or difflib.get_close_matches(code, known, n=3)]
    remedy = _("did you mean {near}?") if near else ""
    expected = _("an INSEE code of a commune or department, or the SIREN of a group of towns")
    return Missing(expected, code, remedy, near=", ".join(near))


def _name(files: Divisions, code: str) -> str:
    for table in (files.communes, files.groups, files.departments):
        if code in table:
            return str(table[code][0])
    return ""


def _common(communes: Iterable[str]) -> tuple[float, float] | None:
    """The centre of the communes' common surface."""
    return _centre(itertools.chain.from_iterable(_rings(frozenset(communes)).values()))


def _centre(rings: Iterable[_Ring]) -> tuple[float, float] | None:
    """The centre of all of these together; None without any surface."""
    x = y = surface = 0.0
    for cx, cy, size in rings:
        x, y, surface = x + cx * size, y + cy * size, surface + size
    return (round(x / surface, 5), round(y / surface, 5)) if surface else None


def _rings(communes: frozenset[str]) -> dict[str, list[_Ring]]:
    """The outlines of each of these communes, where they ship."""
    found = {}
    for department in sorted({department_of(code) for code in communes}):
        text = outlines(department)
        for feature in msgspec.json.decode(text)["features"] if text else ():
            code = feature["properties"]["code"]
            if code in communes:
                found[code] = [_ring_centre(polygon[0]) for polygon in feature["geometry"]["coordinates"]]
    return found


def _ring_centre(ring: list[Any]) -> _Ring:
    """Centre and surface of a closed ring (shoelace formula), in degrees."""
    twice = x = y = 0.0
    for (ax, ay), (bx, by) in itertools.pairwise(ring):
        cross = ax * by - bx * ay
        twice, x, y = twice + cross, x + (ax + bx) * cross, y + (ay + by) * cross
    return (x / (3 * twice), y / (3 * twice), abs(twice) / 2) if twice else (ring[0][0], ring[0][1], 0.0)
