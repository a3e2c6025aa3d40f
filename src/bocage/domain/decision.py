"""What a commitment answers before something happens, and what it finds afterwards."""

import enum
from datetime import date

import msgspec


class Evidence(enum.StrEnum):
    """How a fact is known; levels are shown side by side and never added up."""

    MEASURED = "measured"
    ATTESTED = "attested"
    DECLARED = "declared"


class Standing(enum.StrEnum):
    """What a promise is for one territory."""

    REQUIRED = "required"
    CHOSEN = "chosen"
    NOT_CONCERNED = "not-concerned"
    UNCHECKED = "cannot-be-checked-yet"


class Stands(msgspec.Struct, frozen=True, kw_only=True):
    """What a promise is for one territory, and why: a code and named values, never a sentence."""

    standing: Standing
    reason: str
    values: dict[str, str | int | float] = {}


class WayOut(msgspec.Struct, frozen=True, kw_only=True):
    """Where to mend a refusal: the kind to declare and the fields already known.

    `kind` is a kind of declaration or of sensing entity; `slug` names the existing one to complete, or is
    empty when a new one is needed; `field` is the field that lacks.
    """

    kind: str
    slug: str = ""
    field: str = ""


class Permit(msgspec.Struct, frozen=True, kw_only=True):
    """It may happen. `under` is the slug of the exception it happens under, if any, with its end.

    `cadence_seconds` is the finest cadence permitted; 0 when it is not limited. `marks`: what is wrong although it may
    happen.
    """

    under: str = ""
    until: date | None = None
    cadence_seconds: int = 0
    marks: tuple["Refusal", ...] = ()


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """It may not happen: a code and named values, never a sentence.

    `promise` is the code of the commitment (its module), `code` the reason within it; `values` are what the
    sentence needs; `overridable` tells whether an exception may lift it (never for forbidden practices). `taken`: it
    is owed by law whatever is wrong, so that it happens all the same and is only marked.
    """

    promise: str
    code: str
    way_out: WayOut
    values: dict[str, str | int | float] = {}
    overridable: bool = True
    taken: bool = False


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What a duty found about the territory: kept, or to be mended, with its level of evidence."""

    promise: str
    code: str
    kept: bool
    evidence: Evidence
    way_out: WayOut | None = None
    values: dict[str, str | int | float] = {}
