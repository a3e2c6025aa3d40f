"""Which months are sealed together: those that hold little share a file, whose frame would outweigh them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

import msgspec

from bocage.domain.instant import to_ms
from bocage.store.embedded.manifest import Month

SMALL: Final = 245_760  # rows up to which months share a file, and at which larger ones are cut


class Cover(msgspec.Struct, frozen=True, kw_only=True):
    """From the first month to the last one, with the files that hold them now; `rows`: at most so many.

    `touched`: something of it is open and is to be sealed.
    """

    first: str
    last: str
    files: tuple[Month, ...] = ()
    rows: int = 0
    touched: bool = False

    @property
    def bounds(self) -> tuple[int, int]:
        """Start of the first month and end of the last one, UTC milliseconds."""
        return bounds(self.first)[0], bounds(self.last)[1]

    def with_(self, other: "Cover") -> "Cover":
        """Both together."""
        return Cover(
            first=min(self.first, other.first),
            last=max(self.last, other.last),
            files=self.files + other.files,
            rows=self.rows + other.rows,
            touched=self.touched or other.touched,
        )


def bounds(month: str) -> tuple[int, int]:
    """Start and end of a UTC month 'YYYY-MM'."""
    year, number = int(month[:4]), int(month[5:])
    return (
        to_ms(datetime(year, number, 1, tzinfo=UTC)),
        to_ms(datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC)),
    )


def to_write(sealed: Sequence[Month], open_rows: Mapping[str, int]) -> list[Cover]:
    """What is to be written anew so that these months are sealed. `open_rows`: how many are open, by month."""
    found: dict[str, Cover] = {}
    for month in sealed:
        one = Cover(first=month.name, last=month.last, files=(month,), rows=month.rows)
        found[month.name] = found[month.name].with_(one) if month.name in found else one
    for name, rows in open_rows.items():
        new = Cover(first=name, last=name, rows=rows, touched=True)
        held = next((one for one in found.values() if one.first <= name <= one.last), None)
        found[held.first if held else name] = held.with_(new) if held else new
    return [one for one in _together(sorted(found.values(), key=lambda one: one.first)) if one.touched]


def _together(every: Sequence[Cover]) -> list[Cover]:
    """Neighbours that hold little, one of which is written anyway, as one."""
    out: list[Cover] = []
    for one in every:
        before = out[-1] if out else None
        if before and (before.touched or one.touched) and before.rows + one.rows <= SMALL:
            out[-1] = before.with_(one)
        else:
            out.append(one)
    return out
