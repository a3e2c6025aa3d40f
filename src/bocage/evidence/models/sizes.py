"""Starting sets by size of territory, that ship with Bocage: what a village, a town, a syndicate often declares first.

No set holds a role: a role that nobody holds is one that nobody declared. What states a fact is chosen by somebody who
knows that it is one.
"""

import tomllib
from importlib import resources
from typing import Final

import msgspec

from bocage.domain.territory import Territory
from bocage.domain.text import Text
from bocage.evidence.models.draft import Draft, Model, checked, read

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


def model(size: Size) -> Model:
    """The set as a model."""
    drafts = (_draft(place, asks=place in size.asks) for place in (*size.states, *size.asks))
    return Model(slug=size.code, title=size.title, drafts=checked(drafts))


def _draft(place: str, *, asks: bool) -> Draft:
    kind, _slash, slug = place.partition("/")
    return read(kind, slug, _FOLDER.joinpath(kind, f"{slug}.toml").read_text("utf-8"), asks=asks)
