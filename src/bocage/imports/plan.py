"""What a file would do before anything is done: what it would declare, what cannot be read, what has no place here."""

import hashlib
from collections.abc import Mapping

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.decision import Refusal
from bocage.domain.declaration import Declaration
from bocage.domain.plugin import Described
from bocage.domain.text import Text

MOST_WRONG = 5_000  # rows told one by one
SHORT = 80


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What was handed over: files by name, what the territory declares, and what the person chose on the page."""

    files: tuple[tuple[str, bytes], ...]
    facts: TerritoryFacts
    choices: Mapping[str, str] = {}

    @property
    def file(self) -> tuple[str, bytes]:
        """The name and bytes of the only file, or of the first."""
        return self.files[0]


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """One declaration or entity: its versions in their order (a contract, then its amendments).

    `row`: where it was read; `before`: what holds of it now.
    """

    kind: str
    slug: str
    bodies: tuple[Declaration, ...]
    row: int = 0
    before: Declaration | None = None

    @property
    def body(self) -> Declaration:
        """What would hold."""
        return self.bodies[-1]

    @property
    def title(self) -> Text | str:
        """What it is called."""
        found = getattr(self.body, "title", None)
        return found if isinstance(found, Text) else self.slug


class Wrong(msgspec.Struct, frozen=True, kw_only=True):
    """One row that could not be taken: where it stands, what was found and what was expected, and its cells."""

    row: int
    column: str
    found: str
    code: str
    file: str = ""
    cells: tuple[str, ...] = ()


class Left(msgspec.Struct, frozen=True, kw_only=True):
    """Something that no field of a declaration holds: where it stood, what it is called there, what it said, and how
    many times."""

    where: str
    what: str
    found: str = ""
    count: int = 1


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a person may choose before doing it, as the file offers it; `count` things stand behind it."""

    value: str
    words: str
    count: int
    chosen: bool = False


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """One series of files of measurements: how many readings from when to when (UTC ms), and what the gate would say.

    `stream`: the datastream it is, empty when nobody declared it. `described`: what its name says of it.
    """

    key: str
    count: int
    first: int
    last: int
    stream: str = ""
    refusals: tuple[Refusal, ...] = ()
    described: Described | None = None


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a preview shows. `rows` read, `same` already so here, `aside` left out by choice (other buyers).

    `left`: kept in no field; `otherwise`: declared otherwise here, and left as declared.
    """

    proposals: tuple[Proposal, ...] = ()
    wrong: tuple[Wrong, ...] = ()
    more_wrong: int = 0
    left: tuple[Left, ...] = ()
    otherwise: tuple[Left, ...] = ()
    options: tuple[Option, ...] = ()
    series: tuple[Series, ...] = ()
    heading: tuple[str, ...] = ()
    rows: int = 0
    same: int = 0
    aside: int = 0

    @property
    def empty(self) -> bool:
        """Whether doing it would change nothing."""
        return not self.proposals and not any(one.stream and not one.refusals for one in self.series)

    @property
    def digest(self) -> str:
        """What a preview is known by: when it is no longer the same, the person looks again before anything is done."""
        told = [(one.kind, one.slug, one.bodies, one.before) for one in self.proposals]
        series = [(one.key, one.count, one.stream) for one in self.series]
        return hashlib.sha256(msgspec.json.encode((told, series), order="deterministic")).hexdigest()[:32]


def shortened(text: str) -> str:
    """A text a table can show."""
    plain = " ".join(text.split())
    return plain if len(plain) <= SHORT else plain[: SHORT - 1] + "…"
