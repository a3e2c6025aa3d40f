"""Collects the rows that could not be read: the first ones in full, the rest counted."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bocage.domain.reading import Ints, RowError
from bocage.domain.text import message as _

KEPT = 200
SHORT = 40

SENTENCES = {
    "time": _("a time was expected"),
    "skipped-time": _("this local time never was: clocks went forward"),
    "end": _("an interval ends after it starts"),
    "number": _("a number was expected"),
    "key": _("the name of the series is missing"),
    "cells": _("another number of cells than the heading"),
    "element": _("an object with datastream, time and result was expected"),
    "object": _("an object was expected"),
    "empty": _("this cell must not be empty"),
    "name": _("a name with at least one letter or digit was expected"),
    "position": _("degrees of longitude or latitude were expected"),
    "truth": _("yes or no was expected"),
    "nature": _("gauge, amount, index, state or direction was expected"),
    "undeclared": _("nothing of that name is declared"),
    "taken": _("another series has that name already"),
    "places": _("another row says that it stands elsewhere: give each an identifier"),
    "unit": _("a unit was expected that this form knows"),
    "quantity": _("active power or active energy was expected"),
    "meter": _("the number of the meter is missing"),
    "contract-number": _("the number of a contract was expected, 64 signs at most"),
    "contract-nature": _("a nature of the official list was expected"),
    "siret": _("a SIRET or SIREN whose digits agree was expected"),
    "months": _("whole months were expected, 1200 at most"),
    "day": _("a day was expected, such as 2026-11-23"),
    "more": _("as many further rows could not be read"),
}


class RowErrors:
    """Grows while some bytes are decoded; memory stays bounded however many rows are bad."""

    def __init__(self) -> None:
        self._kept: list[RowError] = []
        self._more = 0

    def add(
        self, row: Ints, flags: npt.NDArray[np.bool_], *, column: str, cells: Sequence[str] | None, code: str
    ) -> None:
        """Note the flagged rows; `cells` are those of the column, to show what was found."""
        if not flags.any():
            return
        places = np.flatnonzero(flags)
        for place in places[:KEPT].tolist():
            found = cells[place][:SHORT] if cells is not None else ""
            self._kept.append(RowError(row=int(row[place]), column=column, found=found, code=code))
        self._more += max(0, len(places) - KEPT)

    def one(self, row: int, *, column: str, found: str, code: str) -> None:
        """Note one row."""
        if len(self._kept) < KEPT:
            self._kept.append(RowError(row=row, column=column, found=found[:SHORT], code=code))
        else:
            self._more += 1

    def told(self) -> tuple[RowError, ...]:
        """Errors by row; when there are more than are kept, the last one says how many more."""
        ordered = sorted(self._kept, key=lambda error: error.row)
        more = self._more + max(0, len(ordered) - KEPT)
        if not more:
            return tuple(ordered)
        last = RowError(row=ordered[KEPT - 1].row, column="", found=str(more), code="more")
        return (*ordered[:KEPT], last)


def count(errors: Sequence[RowError]) -> int:
    """How many errors there were, those only counted included."""
    return sum(int(error.found) if error.code == "more" else 1 for error in errors)
