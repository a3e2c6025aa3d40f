"""What the machine says of itself: sentences as messages with their values, put into words where they are shown."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import msgspec

from bocage.domain.instant import to_ms


class Octets(msgspec.Struct, frozen=True, tag="octets"):
    """A size in bytes."""

    count: int


class Length(msgspec.Struct, frozen=True, tag="length"):
    """A length of time in seconds."""

    seconds: float

    @classmethod
    def of(cls, length: timedelta) -> "Length":
        """The same of a timedelta."""
        return cls(length.total_seconds())


class Instant(msgspec.Struct, frozen=True, tag="instant"):
    """A moment, in UTC milliseconds."""

    at: int

    @classmethod
    def of(cls, at: datetime) -> "Instant":
        """The same of an aware datetime."""
        return cls(to_ms(at))


class Day(msgspec.Struct, frozen=True, tag="day"):
    """A day of the calendar."""

    day: date


class Term(msgspec.Struct, frozen=True, tag="term"):
    """Words of the catalogues, by their English message."""

    message: str


Value = str | int | Octets | Length | Instant | Day | Term


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence: an English message of the catalogues and what it names, by name."""

    message: str
    values: Mapping[str, Value] = {}


def said(message: str, **values: Value) -> tuple[Said, ...]:
    """One sentence, as a run answers it."""
    return (Said(message=message, values=values),)


class NotDone(Exception):
    """A run that could not do its work, and says so in sentences people read."""

    def __init__(self, *said: Said) -> None:
        self.said = said
        super().__init__(" ".join(one.message for one in said))
