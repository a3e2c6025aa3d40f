"""What a promise is: a code, a reference, a date of effect, gates asked before something happens, and duties."""

import enum
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.decision import Finding, Refusal, Standing


class Moment(enum.StrEnum):
    """When a gate is asked; each moment has its own facts."""

    DECLARE = "declare"  # a Change: before a declaration or a sensing entity is written
    INGEST = "ingest"  # a Flow: before a reading is kept
    PUBLISH = "publish"  # a Release: before a dataset is given to everyone
    PRINT = "print"  # a Printing: before the sign of a notice is printed


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
Duty = Callable[[TerritoryFacts], tuple[Finding, ...]]
StandingOf = Callable[[TerritoryFacts], Standing]


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """One promise. `title`, `text` and `unseen` are English messages for `words`.

    `number`: the recommendation (R19) or article (GDPR 5) it carries out. `codes`: every code its gates and duties
    can give; each has its sentences in the catalogues, under "<promise>.<code>". `unseen`: what software cannot
    see of it. `liftable`: whether an exception may lift it.
    """

    code: str
    number: str
    title: str
    text: str
    unseen: str
    basis: Basis
    references: tuple[Reference, ...]
    effect: date
    codes: tuple[str, ...]
    standing: StandingOf
    gates: Mapping[Moment, Gate] = {}
    duty: Duty | None = None
    liftable: bool = True

    @property
    def reference(self) -> Reference:
        """The first text it rests on."""
        return self.references[0]
