"""What a promise is: a code, a reference, a date of effect, gates asked before something happens, and duties."""

import enum
from collections.abc import Callable, Hashable, Mapping
from datetime import date
from typing import Any

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.flow import Strand
from bocage.commitments.standings import StandingOf
from bocage.domain.decision import Finding, Refusal
from bocage.domain.declaration import Declaration
from bocage.domain.label import Labelled
from bocage.domain.text import message as _


class Moment(Labelled):
    """When a gate is asked; each moment has its own facts."""

    DECLARE = "declare", _("Before a declaration is written")  # a Change: of a declaration or a sensing entity
    INGEST = "ingest", _("Before a measurement is kept")  # a Flow
    PUBLISH = "publish", _("Before a dataset is given to everyone")  # a Release
    PRINT = "print", _("Before a sign is printed")  # a Printing
    ACT = "act", _("Before an order is given to equipment")  # an Acting


class Basis(enum.StrEnum):
    """Whether the law asks for it, or the model that the territory chose."""

    LAW = "law"
    MODEL = "model"


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """The text a promise rests on: its name (an English message), the article as the text numbers it, its address.

    `link` is empty where no stable address of the text is known; it is never guessed.
    """

    text: str
    article: str = ""
    link: str = ""


Gate = Callable[[Any], tuple[Refusal, ...]]


class Duty(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked at all the time over the whole territory. `name`: an English message.

    `reads`: the kinds it looks at; while none of them changes, nor the day, what it found stands. Empty: all kinds.
    `measured`: it also looks at what arrives and at the commons, so that it is asked every time. `codes`: those of
    its promise that it can give; empty where the promise has no other duty.
    """

    name: str
    examine: Callable[[TerritoryFacts], tuple[Finding, ...]]
    reads: tuple[type[Declaration], ...] = ()
    measured: bool = False
    codes: tuple[str, ...] = ()


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """One promise. `title`, `text`, `why` and `unseen` are English messages for `words`.

    `number`: the recommendation (R19) or article (GDPR 5) it carries out. `why`: two sentences, for a resident.
    `codes`: every code its gates and duties can give; each has its sentences in the catalogues, under
    "<promise>.<code>". `unseen`: what software cannot see of it. `liftable`: whether an exception may lift it. `sees`:
    what its gate looks at of a series before a measurement is kept, beside its name and whether it is declared; series
    of one source and dataset that show the same are answered alike.
    """

    code: str
    number: str
    title: str
    text: str
    why: str
    unseen: str
    basis: Basis
    references: tuple[Reference, ...]
    effect: date
    codes: tuple[str, ...]
    standing: StandingOf
    gates: Mapping[Moment, Gate] = {}
    duties: tuple[Duty, ...] = ()
    liftable: bool = True
    sees: Callable[[Strand], Hashable] | None = None

    @property
    def reference(self) -> Reference:
        """The first text it rests on."""
        return self.references[0]

    @property
    def recommendation(self) -> int:
        """The number of the recommendation of the study; 0 when it carries out none by itself."""
        return int(self.number[1:]) if self.number[:1] == "R" else 0
