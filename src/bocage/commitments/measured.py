"""What duties are told beside the registers: what arrived of each source, what the commons hold, what persons ask."""

from datetime import date, datetime

import msgspec


class Arrived(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one source. `silent_seconds`: since its newest value, None when nothing ever came.

    `percent`: of the values its series owed by their cadence over so many `days`, None where none says its cadence.
    """

    silent_seconds: int | None
    percent: float | None = None
    days: int = 30


class Resource(msgspec.Struct, frozen=True, kw_only=True):
    """One thing the commons hold. `kind`: that of a declaration (experiment, clause, rule...), or pack.

    `territory`: who gave it. For experiments: their use (a code of the library), and whether they `reached` their aim
    as their protocol said it, documented. `invented`: of a demonstration, and a fact for invented territories only.
    """

    kind: str
    slug: str
    territory: str = ""
    use_case: str = ""
    reached: bool = False
    invented: bool = False

    @property
    def name(self) -> str:
        """What it is called in the commons."""
        return f"{self.kind}/{self.territory}/{self.slug}"


class RequestState(msgspec.Struct, frozen=True, kw_only=True):
    """How one request of a person about their data stands; nothing of who asks, nor of what.

    `due`: the last day of its answer, extension included; `extended`: the day on which the person was told of it.
    """

    received: date
    due: date
    extended: date | None = None
    answered: date | None = None


class OrderState(msgspec.Struct, frozen=True, kw_only=True):
    """How one order to equipment stands that did not come to its end; nothing of who gave it.

    `returning_since`: since when its way back is on its way, None when it arrived or is not due. `unshown_since`: since
    when it should be back, where the series of the equipment does not show it and nobody saw it.
    """

    number: int
    actuator: str
    returning_since: datetime | None = None
    unshown_since: datetime | None = None


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """What the instance took of the machine for a territory over the last year, and what its datasets hold.

    `since`: the first day that was counted; None when none was. `cpu_seconds` and `stored` (bytes, now) are its share
    of the instance's, by its measurements; `received` and `sent` (bytes) are its own. `held`: measurements now;
    `lately`: those of the last year; both by dataset ("" without one).
    """

    since: date | None
    cpu_seconds: float
    stored: int
    received: int
    sent: int
    held: dict[str, int]
    lately: dict[str, int]


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """What one purpose no longer allows to keep: how many series, the day of the oldest, the first day that is kept."""

    series: int
    first: date
    before: date
