"""The promises: pure functions with a reference and a date of effect, one module each."""

from bocage.commitments.roll import (
    LIFTABLE,
    all_promises,
    borne_out,
    decide,
    duties,
    examine,
    find,
    shown,
    standing,
    untold,
)

__all__ = [
    "LIFTABLE",
    "all_promises",
    "borne_out",
    "decide",
    "duties",
    "examine",
    "find",
    "shown",
    "standing",
    "untold",
]
