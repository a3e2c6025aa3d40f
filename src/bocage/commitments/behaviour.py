"""What values themselves show of persons: patterns in texts, and identifiers that come back. Pure, over columns."""

import re
from collections.abc import Iterable, Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from bocage.commitments.flow import Sign

PLATE = "number-plate"
DEVICE = "device-address"
LINKED = "linked-identifiers"

_PATTERNS = {
    # One character before the sign is enough to know it by: more would be looked for again from each of them.
    "e-mail": re.compile(r"[\w.+-]@[\w-]+\.[a-z]{2,}", re.IGNORECASE),
    "telephone": re.compile(r"(?<![\d.])(?:\+33\s?|0033\s?|0)[1-9](?:[\s.-]?\d{2}){4}(?![\d.])"),
    # the form of plates since 2009 (SIV): letters I, O and U are not used
    PLATE: re.compile(r"(?<![A-Z0-9])[A-HJ-NP-TV-Z]{2}[ -]?\d{3}[ -]?[A-HJ-NP-TV-Z]{2}(?![A-Z0-9])"),
    DEVICE: re.compile(r"(?<![0-9a-f])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![0-9a-f])", re.IGNORECASE),
}
_SOCIAL = re.compile(r"(?<!\d)([12]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d{2}|2[AB])\d{6})(\d{2})(?!\d)")

# A state, an alarm or a street name comes back as well, but there are few of them, or they are words. These figures
# are the model's choice, not the law's; they are written in docs/promises.md.
LEAST_IDENTIFIERS = 30
LEAST_RECURRING = 10
_IDENTIFIER = re.compile(r"^(?=\S*\d)\S{4,}$")


class Recurrence(msgspec.Struct, frozen=True, kw_only=True):
    """How identifiers come back: how many differ, how many came on several days, how many at several places."""

    distinct: int
    over_days: int
    over_places: int

    @property
    def links(self) -> bool:
        """Whether somebody or something is followed: many identifiers, of which enough come back."""
        recurring = max(self.over_days, self.over_places)
        return self.distinct >= LEAST_IDENTIFIERS and recurring >= LEAST_RECURRING


def personal_patterns(texts: Iterable[object]) -> tuple[Sign, ...]:
    """Patterns found in text results, each with the number of values that show it; by name."""
    counts: dict[str, int] = {}
    for text in texts:
        for pattern in _patterns_of(text) if isinstance(text, str) else ():
            counts[pattern] = counts.get(pattern, 0) + 1
    return tuple(Sign(pattern=name, count=count) for name, count in sorted(counts.items()))


def _patterns_of(text: str) -> list[str]:
    found = [name for name, pattern in _PATTERNS.items() if pattern.search(text)]
    if any(_key_agrees(*match.groups()) for match in _SOCIAL.finditer(text.replace(" ", ""))):
        found.append("social-security-number")
    return found


def _key_agrees(number: str, key: str) -> bool:
    """The key of a social security number: 97 less the number modulo 97 (2A counts as 19, 2B as 18)."""
    digits = number.replace("2A", "19").replace("2B", "18")
    return digits.isdigit() and 97 - int(digits) % 97 == int(key)


def recurring_identifiers(
    texts: Sequence[object], days: npt.NDArray[np.int64], places: npt.NDArray[np.int64] | None = None
) -> Recurrence:
    """How the identifiers among text results come back over days and places.

    texts: object[n]; days: int64[n], a civil day each; places: int64[n], a thing or datastream each. A hash is an
    identifier like any other: what counts is that it comes back.
    """
    seen_days: dict[str, set[int]] = {}
    seen_places: dict[str, set[int]] = {}
    for i, text in enumerate(texts):
        if isinstance(text, str) and _IDENTIFIER.match(text):
            seen_days.setdefault(text, set()).add(int(days[i]))
            seen_places.setdefault(text, set()).add(int(places[i]) if places is not None else 0)
    return Recurrence(
        distinct=len(seen_days),
        over_days=sum(len(on) > 1 for on in seen_days.values()),
        over_places=sum(len(at) > 1 for at in seen_places.values()),
    )


def signs(
    texts: Sequence[object], days: npt.NDArray[np.int64], places: npt.NDArray[np.int64] | None = None
) -> tuple[Sign, ...]:
    """Everything that these text results show of persons."""
    found = personal_patterns(texts)
    recurrence = recurring_identifiers(texts, days, places)
    if recurrence.links:
        return (*found, Sign(pattern=LINKED, count=max(recurrence.over_days, recurrence.over_places)))
    return found
