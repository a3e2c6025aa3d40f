"""Finds communes and groups of towns by INSEE code, SIREN, postcode or name, accents and capitals apart."""

import difflib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import msgspec

from bocage.registers.official.divisions import Divisions, department_at, department_of, divisions

_SHORT: Final[Mapping[str, str]] = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A territory that was searched for. `department`: code and name tell homonyms apart, with the population."""

    code: str
    name: str
    department: str
    department_name: str
    population: int
    group: bool = False


def search(asked: str, limit: int = 10) -> list[Found]:
    """Communes and groups of towns of this code, postcode or name; by name the exact ones first, then the most
    inhabited. A department after the name (`Vay 44`) keeps those that lie in it; a misspelt name gives near ones."""
    files = divisions()
    text = asked.strip()
    coded = list(dict.fromkeys(_coded(files, text.upper().replace(" ", ""))))
    found = coded or _named(files, *_split(files, text), limit)
    return [_told(files, code) for code in found[:limit]]


def plain(name: str) -> str:
    """A name without accents, capitals, hyphens and apostrophes; Saint and Sainte written out."""
    return " ".join(_SHORT.get(word, word) for word in _bare([name])[0].split())


def _bare(names: Iterable[str]) -> list[str]:
    """Names without accents, capitals and signs, words apart by one space; all at once, since there are many."""
    text = "\n".join(names).lower()
    signs = str.maketrans({sign: _letters(sign) for sign in set(text) - {"\n"}})
    text = text.translate(signs)
    while "  " in text:
        text = text.replace("  ", " ")
    return [line.strip() for line in text.split("\n")]


def _letters(sign: str) -> str:
    if sign == "œ":
        return "oe"
    bare = "".join(part for part in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(part))
    return bare if bare.isalnum() else " "


def _coded(files: Divisions, code: str) -> Iterator[str]:
    """What bears this very code: a commune, the one it was merged into, a group of towns, communes of a postcode."""
    if code in files.communes or code in files.groups:
        yield code
    if code in files.merged:
        yield files.merged[code][1]
    yield from sorted(files.postcodes.get(code, ()), key=lambda one: -files.communes[one][1])


def _split(files: Divisions, text: str) -> tuple[str, str]:
    """The name, and the department when one is written after it."""
    name, _space, last = text.rpartition(" ")
    code = last.strip("()").upper()
    return (plain(name), code) if name and code in files.departments else (plain(text), "")


def _named(files: Divisions, wanted: str, department: str, limit: int) -> list[str]:
    if not wanted:
        return []
    ranked, titles = [], [*files.communes.items(), *files.groups.items()]
    for (code, held), known in zip(titles, _bare(held[0] for _code, held in titles), strict=True):
        if wanted in known and (not department or department_at(files, code) == department):
            rank = 0 if known == wanted else 1 if known.startswith(wanted) else 2
            ranked.append((rank, -held[1], code))
    return [code for _rank, _population, code in sorted(ranked)] or _near(files, wanted, limit)


def _near(files: Divisions, wanted: str, limit: int) -> list[str]:
    names: dict[str, list[str]] = {}
    for code, known in zip(files.communes, _bare(held[0] for held in files.communes.values()), strict=True):
        names.setdefault(known, []).append(code)
    close = difflib.get_close_matches(wanted, list(names), n=limit, cutoff=0.75)
    return sorted((code for name in close for code in names[name]), key=lambda code: -files.communes[code][1])


def _told(files: Divisions, code: str) -> Found:
    group = code in files.groups
    name, population, *_rest = files.groups[code] if group else files.communes[code]
    department = department_at(files, code) if group else department_of(code)
    return Found(
        code=code,
        name=str(name),
        department=department,
        department_name=files.departments.get(department, ("", ""))[0],
        population=int(population),
        group=group,
    )
