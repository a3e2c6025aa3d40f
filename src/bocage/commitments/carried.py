"""What carries each recommendation out: its module, its gates, its duties, its pages and its tests."""

from collections.abc import Iterable

import msgspec

from bocage.commitments.flow import FLOW
from bocage.commitments.promise import Promise
from bocage.commitments.roll import all_promises
from bocage.domain.declaration import Declaration
from bocage.domain.kinds import KINDS

SHARED = frozenset(
    {"r06_experiments", "r23_challenges", "r39_resource_centre", "r45_mature_technology", "r46_calls", "r49_start_ups"}
)
"""Promises that are held against what territories share."""
SHOWN = {
    **dict.fromkeys(("project", "experiment", "evaluation", "economics", "decision"), "/roadmap"),
    **dict.fromkeys(("actor", "contract", "agreement", "governance-body"), "/stakeholders"),
}
"""Where kinds are drawn together, beside their registers."""


class Carried(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table. `gates` and `duties` are English messages; pages are addresses below the territory's."""

    number: str
    module: str
    gates: tuple[str, ...]
    duties: tuple[str, ...]
    pages: tuple[str, ...]
    tests: tuple[str, ...]


def carried() -> tuple[Carried, ...]:
    """One line for each recommendation, by number, then for the law and what holds them up."""
    found = sorted(all_promises(), key=lambda promise: (promise.recommendation or 1000, not promise.number))
    return tuple(_of(promise) for promise in found)


def _of(promise: Promise) -> Carried:
    kinds = dict.fromkeys(
        kind for duty in promise.duties if duty.reads != FLOW for kind in duty.reads if kind.kind in KINDS
    )
    return Carried(
        number=promise.number,
        module=f"bocage.commitments.{promise.code}",
        gates=tuple(moment.label for moment in promise.gates),
        duties=tuple(duty.name for duty in promise.duties),
        pages=(
            f"/promises/{promise.code}",
            *(f"/registers/{kind.kind}" for kind in kinds),
            *_drawn(kinds),
            *(("/commons",) if promise.code in SHARED else ()),
        ),
        tests=(f"tests/commitments/{promise.code}.toml", f"tests/stories/{promise.code}.toml"),
    )


def _drawn(kinds: Iterable[type[Declaration]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(SHOWN[kind.kind] for kind in kinds if kind.kind in SHOWN))
