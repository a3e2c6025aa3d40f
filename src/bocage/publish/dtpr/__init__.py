"""The DTPR taxonomy (Helpful Places, CC-BY 4.0): the words of sensor notices, in French and English."""

import functools
from importlib import resources

import msgspec

from bocage.domain.text import Text


class Element(msgspec.Struct, frozen=True, kw_only=True):
    """One term: its stable id, the category (`device__tech`...) it is used in here, its name and its meaning."""

    id: str
    category: str
    name: Text
    about: Text


class Category(msgspec.Struct, frozen=True, kw_only=True):
    """One link of the chain: technology, data, purpose, process, access, storage, retention, accountable."""

    id: str
    name: Text
    about: Text


class _Term(msgspec.Struct, frozen=True, kw_only=True):
    name: Text
    about: Text
    categories: tuple[str, ...] = ()


class _Taxonomy(msgspec.Struct, frozen=True, kw_only=True):
    attribution: str
    categories: dict[str, _Term]
    elements: dict[str, _Term]


@functools.cache
def _taxonomy() -> _Taxonomy:
    packed = resources.files(__package__).joinpath("elements.json").read_bytes()
    return msgspec.json.decode(packed, type=_Taxonomy)


def attribution() -> str:
    """Who made the taxonomy, under which licence, and what was changed."""
    return _taxonomy().attribution


def element(category: str, name: str) -> Element | None:
    """The term of this id in this category; the id may carry the category's short name (`tech__thermometer`)."""
    found = _taxonomy().elements.get(name.rsplit("__", 1)[-1])
    if found is None or category not in found.categories:
        return None
    return Element(id=name.rsplit("__", 1)[-1], category=category, name=found.name, about=found.about)


def elements(category: str) -> tuple[Element, ...]:
    """Every term of a category, by its French name."""
    terms = _taxonomy().elements
    held = [
        Element(id=k, category=category, name=t.name, about=t.about)
        for k, t in terms.items()
        if category in t.categories
    ]
    return tuple(sorted(held, key=lambda e: e.name.fr.casefold()))


def category(name: str) -> Category | None:
    """A link of the chain, in DTPR's own words."""
    found = _taxonomy().categories.get(name)
    return None if found is None else Category(id=name, name=found.name, about=found.about)
