"""All that a folder of the commons holds, and what in it could not be read."""

from collections.abc import Mapping
from functools import cached_property

import msgspec

from bocage.commitments.measured import Resource
from bocage.commons.resource import Shared
from bocage.domain.errors import Missing
from bocage.domain.text import message as _
from bocage.publish.search import Entry, Index, indexed
from bocage.publish.search.gathering import texts_of


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with a file: its path within the folder, the line (1 for the first; 0: the file as a whole).

    `expected` is an English message, `found` what stood there.
    """

    path: str
    line: int = 0
    expected: str
    found: str = ""

    @property
    def place(self) -> str:
        """File and line, as editors write them."""
        return f"{self.path}:{self.line}" if self.line else self.path


class Library(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """`mark`: the same for the same files, whoever reads them."""

    shared: tuple[Shared, ...] = ()
    faults: tuple[Fault, ...] = ()
    mark: str = ""

    @cached_property
    def named(self) -> Mapping[str, Shared]:
        """Every resource by its name."""
        return {one.name: one for one in self.shared}

    def one(self, name: str) -> Shared:
        """The resource of that name; Missing when there is none."""
        found = self.named.get(name)
        if found is None:
            raise Missing(_("a name in the shared resources, such as clause/my-town/open-data"), name)
        return found

    @cached_property
    def facts(self) -> tuple[Resource, ...]:
        """What the promises are told."""
        return tuple(one.fact for one in self.shared)

    @cached_property
    def index(self) -> Index:
        """Its words, to be looked for."""
        return indexed(
            Entry(kind=one.kind, slug=one.name, title=one.title, texts=tuple(texts_of(one.body))) for one in self.shared
        )

    def successes(self, use_case: str, *, invented: bool = False) -> tuple[Shared, ...]:
        """The documented successes of a use; those of demonstrations only where one asks from one."""
        return tuple(
            one
            for one in self.shared
            if use_case and one.documented and one.fact.use_case == use_case and (invented or not one.card.invented)
        )
