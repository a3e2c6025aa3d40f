"""An experiment held against its protocol: each threshold beside its result, instead of two lists."""

from collections.abc import Iterable

import msgspec

from bocage.domain.declaration import Declaration
from bocage.domain.experiment import Compared, Experiment
from bocage.web.portal.written import Line

SIDES = {"protocol": "criteria", "outcome": "results"}
"""The field of each part that the table shows."""


def compared(body: Declaration) -> tuple[Compared, ...]:
    """What the table shows; nothing for anything but an experiment with thresholds or results."""
    return body.compared() if isinstance(body, Experiment) else ()


def beside(lines: Iterable[Line]) -> list[Line]:
    """The lines of an experiment without those that its table shows."""
    cut = (
        msgspec.structs.replace(line, inner=tuple(one for one in line.inner if one.name != SIDES.get(line.name)))
        for line in lines
    )
    return [line for line in cut if line.items or line.inner or line.rows]
