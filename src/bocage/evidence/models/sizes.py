"""Starting sets by size of territory, that ship with Bocage: what a village, a town, a syndicate often declares first.

No set holds a role: a role that nobody holds is one that nobody declared. What states a fact is chosen by somebody who
knows that it is one.
"""

import tomllib
from importlib import resources
from typing import Final

import msgspec

from bocage.domain.errors import Missing
from bocage.domain.territory import Territory
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.evidence.models.draft import Draft, Model, checked, filled, read, values
from bocage.registers.files import Filed

AUTO: Final = "auto"
_FOLDER: Final = resources.files(__package__).joinpath("shipped")


class Size(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One size of territory. `below`: for populations under this one, 0 for any. `states` and `asks`: its drafts by
    kind/slug, those that state nothing of the territory and those that do."""

    code: str
    title: Text
    levels: tuple[str, ...]
    below: int
    states: tuple[str, ...]
    asks: tuple[str, ...]

    def fits(self, territory: Territory) -> bool:
        """Whether the set is made for such a territory."""
        return territory.level.value in self.levels and (not self.below or territory.population < self.below)


class _Sizes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    size: tuple[Size, ...]


def sizes() -> tuple[Size, ...]:
    """Every size, smallest first."""
    stated = tomllib.loads(_FOLDER.joinpath("sizes.toml").read_text("utf-8"))
    return msgspec.convert(stated, _Sizes).size


def fitting(territory: Territory) -> Size:
    """The size of a territory: the first one that is made for it."""
    found = sizes()
    return next((one for one in found if one.fits(territory)), found[0])


def stated(code: str, territory: Territory, slug: str) -> list[Filed]:
    """What the set of that code (`auto`: the one that fits) holds that states no fact, filled in; Missing for none."""
    size = fitting(territory) if code == AUTO else next((one for one in sizes() if one.code == code), None)
    if size is None:
        there = ", ".join((AUTO, *(one.code for one in sizes())))
        raise Missing(_("a starting set"), code, _("there is: {there}"), there=there)
    known = values(territory, slug, {})
    bodies = [filled(draft, known) for draft in model(size).drafts if not draft.asks]
    return [Filed(kind=body.kind, slug=name, body=body) for name, body in bodies]


def model(size: Size) -> Model:
    """The set as a model."""
    drafts = (_draft(place, asks=place in size.asks) for place in (*size.states, *size.asks))
    return Model(slug=size.code, title=size.title, drafts=checked(drafts))


def _draft(place: str, *, asks: bool) -> Draft:
    kind, _slash, slug = place.partition("/")
    return read(kind, slug, _FOLDER.joinpath(kind, f"{slug}.toml").read_text("utf-8"), asks=asks)
