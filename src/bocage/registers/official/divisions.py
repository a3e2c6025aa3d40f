"""The administrative divisions as the packaged file has them: communes, postcodes, groups of towns, departments."""

import gzip
from importlib import resources

import msgspec

Commune = tuple[str, int, str]
Group = tuple[str, int, tuple[str, ...]]


class Divisions(msgspec.Struct, frozen=True):
    """Everything by its code: (name, population, SIREN) of communes, (name, population, members) of groups of towns,
    (name, commune it joined) of those merged, communes of a postcode, (name, region) of departments."""

    communes: dict[str, Commune]
    merged: dict[str, tuple[str, str]]
    postcodes: dict[str, tuple[str, ...]]
    groups: dict[str, Group]
    departments: dict[str, tuple[str, str]]
    regions: dict[str, str]


def divisions() -> Divisions:
    """The file, read when asked and never kept: some 30 ms."""
    packed = resources.files(__package__).joinpath("divisions.json.gz").read_bytes()
    return msgspec.json.decode(gzip.decompress(packed), type=Divisions)


def department_of(commune: str) -> str:
    """The code of the department of a commune's INSEE code; overseas codes have three signs."""
    return commune[:3] if commune.startswith(("97", "98")) else commune[:2]


def department_at(files: Divisions, code: str) -> str:
    """The department of a commune, or the one in which most communes of a group lie."""
    if code not in files.groups:
        return department_of(code)
    places = [department_of(commune) for commune in files.groups[code][2]]
    return max(sorted(set(places)), key=places.count)
