"""The State's official files that ship with Bocage: what they say of a territory from its INSEE code.

Communes with population and SIREN, groups of towns, departments: INSEE, DGCL and La Poste, gathered by Etalab
(decoupage-administratif 6.0.0). Outlines: IGN Admin Express, edition 2018. Read when asked, never kept in memory.
"""

import difflib
import gzip
import itertools
import unicodedata
from importlib import resources
from typing import Any

import msgspec

from bocage.domain.errors import Missing
from bocage.domain.territory import Level, Territory
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.registers.official.zones import zone_of

ATTRIBUTION = "INSEE, DGCL, La Poste (Licence Ouverte 2.0), decoupage-administratif 6.0.0"
OUTLINES_ATTRIBUTION = "IGN Admin Express 2018 (Licence Ouverte 2.0)"

Commune = tuple[str, int, str]
Group = tuple[str, int, tuple[str, ...]]


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A territory whose name was searched for."""

    code: str
    name: str
    department: str
    population: int


class _Divisions(msgspec.Struct, frozen=True):
    communes: dict[str, Commune]
    merged: dict[str, tuple[str, str]]
    groups: dict[str, Group]
    departments: dict[str, tuple[str, str]]
    regions: dict[str, str]


def territory(code: str) -> Territory:
    """The territory of an INSEE code (commune, department) or of a SIREN (group of towns), as far as files tell."""
    files = _divisions()
    if code in files.communes:
        return _commune(files, code)
    if code in files.groups:
        return _group(files, code)
    if code in files.departments:
        return _department(files, code)
    raise _missing(files, code)


def siren(code: str) -> str:
    """The SIREN of a commune or group of towns; empty where the files give none."""
    files = _divisions()
    if code in files.communes:
        return files.communes[code][2]
    return code if code in files.groups else ""


def members(code: str) -> tuple[str, ...]:
    """INSEE codes of the communes of a territory; its own for a commune."""
    files = _divisions()
    if code in files.groups:
        return files.groups[code][2]
    if code in files.departments:
        return tuple(commune for commune in files.communes if department_of(commune) == code)
    return (code,) if code in files.communes else ()


def search(name: str, limit: int = 10) -> list[Found]:
    """Communes and groups of towns of this name or near it, the exact ones first, then the most inhabited."""
    files = _divisions()
    wanted = _plain(name)
    ranked = []
    for code, (title, population, *_rest) in [*files.communes.items(), *files.groups.items()]:
        plain = _plain(title)
        rank = 0 if plain == wanted else 1 if plain.startswith(wanted) else 2 if wanted in plain else 3
        if rank < 3:
            ranked.append((rank, -population, code, title))
    if not ranked:
        ranked = [(3, -row.population, row.code, row.name) for row in _near(files, wanted, limit)]
    return [
        Found(code=code, name=title, department=_department_at(files, code), population=-negative)
        for _rank, negative, code, title in sorted(ranked)[:limit]
    ]


def department_of(commune: str) -> str:
    """The code of the department of a commune's INSEE code; overseas codes have three signs."""
    return commune[:3] if commune.startswith(("97", "98")) else commune[:2]


def outlines(department: str) -> bytes | None:
    """GeoJSON outlines of the communes of a department (properties code, name); None where none ship."""
    if department == "departments" or not department.isalnum():
        return None
    file = resources.files(__package__).joinpath("outlines", f"{department}.json")
    return file.read_bytes() if file.is_file() else None


def departments() -> bytes:
    """GeoJSON outlines of the departments of mainland France and Corsica (properties code, name)."""
    return resources.files(__package__).joinpath("outlines", "departments.json").read_bytes()


def _divisions() -> _Divisions:
    packed = resources.files(__package__).joinpath("divisions.json.gz").read_bytes()
    return msgspec.json.decode(gzip.decompress(packed), type=_Divisions)


def _commune(files: _Divisions, code: str) -> Territory:
    name, population, _siren = files.communes[code]
    group = next((one for one, (_n, _p, communes) in files.groups.items() if code in communes), "")
    return Territory(
        title=Text(fr=name),
        level=Level.COMMUNE,
        code=code,
        population=population,
        epci=group,
        epci_name=files.groups[group][0] if group else "",
        department=department_of(code),
        time_zone=zone_of(code),
        centre=_centre((code,)),
    )


def _group(files: _Divisions, code: str) -> Territory:
    name, population, communes = files.groups[code]
    return Territory(
        title=Text(fr=name),
        level=Level.EPCI,
        code=code,
        population=population,
        department=_department_at(files, code),
        time_zone=zone_of(communes[0]),
        centre=_centre(communes),
    )


def _department(files: _Divisions, code: str) -> Territory:
    inside = [one for one in files.communes if department_of(one) == code]
    return Territory(
        title=Text(fr=files.departments[code][0]),
        level=Level.DEPARTMENT,
        code=code,
        population=sum(files.communes[one][1] for one in inside),
        department=code,
        time_zone=zone_of(inside[0]) if inside else zone_of(code),
        centre=_centre(tuple(inside)),
    )


def _department_at(files: _Divisions, code: str) -> str:
    """The department of a commune, or the one in which most communes of a group lie."""
    if code not in files.groups:
        return department_of(code)
    places = [department_of(commune) for commune in files.groups[code][2]]
    return max(sorted(set(places)), key=places.count)


def _missing(files: _Divisions, code: str) -> Missing:
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


def _name(files: _Divisions, code: str) -> str:
    for table in (files.communes, files.groups, files.departments):
        if code in table:
            return str(table[code][0])
    return ""


def _near(files: _Divisions, wanted: str, limit: int) -> list[Found]:
    names: dict[str, list[str]] = {}
    for code, (title, *_rest) in files.communes.items():
        names.setdefault(_plain(title), []).append(code)
    close = difflib.get_close_matches(wanted, list(names), n=limit, cutoff=0.75)
    rows = [(code, *files.communes[code]) for name in close for code in names[name]]
    return [Found(code=c, name=n, department=department_of(c), population=p) for c, n, p, _siren in rows]


def _plain(name: str) -> str:
    """A name without accents, capitals, hyphens and apostrophes."""
    bare = unicodedata.normalize("NFKD", name.replace("œ", "oe").replace("Œ", "Oe"))
    letters = "".join(sign if sign.isalnum() else " " for sign in bare if not unicodedata.combining(sign))
    return " ".join(letters.lower().split())


def _centre(communes: tuple[str, ...]) -> tuple[float, float] | None:
    """The centre of the communes' common surface, from the outlines that ship; None where none do."""
    x = y = surface = 0.0
    for department in sorted({department_of(code) for code in communes}):
        text = outlines(department)
        if text is None:
            return None
        for feature in msgspec.json.decode(text)["features"]:
            if feature["properties"]["code"] in communes:
                for polygon in feature["geometry"]["coordinates"]:
                    cx, cy, size = _ring_centre(polygon[0])
                    x, y, surface = x + cx * size, y + cy * size, surface + size
    return (round(x / surface, 5), round(y / surface, 5)) if surface else None


def _ring_centre(ring: list[Any]) -> tuple[float, float, float]:
    """Centre and surface of a closed ring (shoelace formula), in degrees."""
    twice = x = y = 0.0
    for (ax, ay), (bx, by) in itertools.pairwise(ring):
        cross = ax * by - bx * ay
        twice, x, y = twice + cross, x + (ax + bx) * cross, y + (ay + by) * cross
    return (x / (3 * twice), y / (3 * twice), abs(twice) / 2) if twice else (ring[0][0], ring[0][1], 0.0)
