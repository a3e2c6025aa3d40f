"""A certificate: which promises a territory keeps on one day, over which perimeter, and how each fact is known."""

from datetime import date, datetime
from typing import Final

import msgspec

from bocage.domain.decision import Evidence, Standing
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _

FORM: Final = "bocage certificate 1"
"""The first words of what is signed, so that a signature made for something else never passes for a certificate."""
CANONICAL: Final = "RFC 8785"
LONGEST_DAYS: Final = 366
"""The model's choice: after a year a certificate says nothing any more."""


class Outcome(Labelled):
    """How a promise stood when the certificate was made."""

    KEPT = "kept", _("Kept")
    MEND = "mend", _("To mend")
    UNCHECKED = "cannot-be-checked-yet", _("Cannot be checked yet")
    NOT_CONCERNED = "not-concerned", _("Not concerned")


class Certified(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a certificate is made of: texts, whole numbers, yes and no; never a number with a point."""


class Head(Certified, frozen=True, kw_only=True):
    """Where the chain of the registers stood: the place and the digest of its last version."""

    sequence: int
    digest: str


class Register(Certified, frozen=True, kw_only=True):
    """One register: what everyone reads of it as a digest; of one that is closed, a commitment and nothing else."""

    kind: str
    count: int
    digest: str = ""
    commitment: str = ""


class Fact(Certified, frozen=True, kw_only=True):
    """Findings of one sort: how many, whether they are kept, how they are known."""

    code: str
    kept: bool
    evidence: Evidence
    count: int


class Promised(Certified, frozen=True, kw_only=True):
    """One promise. `version`: digest of the very code that judged. `unseen`: what no computer can see of it."""

    code: str
    number: str
    version: str
    title: Text
    unseen: Text | None = None
    standing: Standing
    outcome: Outcome
    lifted: int = 0
    facts: tuple[Fact, ...] = ()

    @property
    def levels(self) -> tuple[Evidence, ...]:
        """How its facts are known, weakest first; side by side, never one score."""
        known = {fact.evidence for fact in self.facts}
        return tuple(level for level in (Evidence.DECLARED, Evidence.ATTESTED, Evidence.MEASURED) if level in known)


class Perimeter(Certified, frozen=True, kw_only=True):
    """What was looked at: public services by name, and how many of everything else."""

    services: tuple[Text, ...] = ()
    declarations: int
    sources: int
    things: int
    datastreams: int


class Seen(Certified, frozen=True, kw_only=True):
    """A witness outside, and up to which place it had the chain when the certificate was made."""

    title: Text
    sequence: int = 0


class Signer(Certified, frozen=True, kw_only=True):
    """The key that signs: `id` is its thumbprint (RFC 7638), `x` the public key as JWK writes it (RFC 8037)."""

    algorithm: str = "Ed25519"
    id: str
    x: str


class Certificate(Certified, frozen=True, kw_only=True, omit_defaults=False):
    """The whole. `address`: where the territory is read; `begins` and `ends` are days of the territory, both included.

    What is signed: `FORM`, a line feed, and the canonical bytes of all of it without `signature`.
    """

    form: str
    canonical: str
    number: int
    territory: str
    title: Text
    code: str
    population: int
    address: str
    issued: datetime
    begins: date
    ends: date
    software: str
    head: Head
    perimeter: Perimeter
    registers: tuple[Register, ...]
    promises: tuple[Promised, ...]
    witnesses: tuple[Seen, ...]
    key: Signer
    signature: str = ""

    def promise(self, code: str) -> Promised | None:
        """What it says of one promise."""
        return next((one for one in self.promises if one.code == code), None)

    def count(self, outcome: Outcome) -> int:
        """How many promises stood so."""
        return sum(one.outcome is outcome for one in self.promises)
