"""What is true of every series of a source, or of any: asked once of its decisions, not once of each batch."""

from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from bocage.domain.nature import ResultKind


class Traits(msgspec.Struct, frozen=True, kw_only=True):
    """Whether every series is permitted (the case of a territory in order); any, or all, may come only so often; any
    says which values are plausible; any is taken although something is wrong with it; all may hold numbers."""

    plain: bool
    limited: bool
    all_limited: bool
    bounded: bool
    marked: bool
    numbers: bool


def traits(by: Any) -> Traits:
    """Those of the decisions of one source (`Compiled`)."""
    kinds: npt.NDArray[np.uint8] = by.kinds
    return Traits(
        plain=bool(by.permitted.all()),
        limited=bool(by.least.any()),
        all_limited=bool(by.least.all()),
        bounded=bool(np.isfinite(by.low).any() or np.isfinite(by.high).any()),
        marked=bool(by.marked.any()),
        numbers=bool((kinds & 1 << ResultKind.NUMBER).all()),
    )
