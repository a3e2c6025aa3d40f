"""The answers promises give: refusals, what is to be mended, what is kept."""

from collections.abc import Iterable, Mapping

from bocage.commitments.change import Change
from bocage.domain.decision import Evidence, Finding, Refusal, WayOut

Value = str | int | float
FEW = 50
"""Up to so many are told one by one; more of them, wrong for one reason, are told as one."""
UNEXAMINED = "unexamined"
"""What any promise may be found: one of its duties failed, so that nothing is known of it."""


def refusal(promise: str, code: str, way_out: WayOut, *, overridable: bool = True, **values: Value) -> Refusal:
    """A refusal with the values its sentence needs."""
    return Refusal(promise=promise, code=code, way_out=way_out, values=values, overridable=overridable)


def faulty(
    promise: str, change: Change, codes: tuple[str, ...], field: str, *, overridable: bool = True, **values: Value
) -> tuple[Refusal, ...]:
    """The refusals of a change, one for each code, mended at this field of what changes."""
    way_out = WayOut(kind=change.kind, slug=change.slug, field=field)
    named = {"kind": change.kind, "slug": change.slug, **values}
    return tuple(refusal(promise, code, way_out, overridable=overridable, **named) for code in codes)


def codes(faults: Mapping[str, bool]) -> tuple[str, ...]:
    """The codes of what is wrong, in their order."""
    return tuple(code for code, fault in faults.items() if fault)


def to_mend(promise: str, code: str, way_out: WayOut, evidence: Evidence, **values: Value) -> Finding:
    """A finding that somebody has to mend."""
    return Finding(promise=promise, code=code, kept=False, evidence=evidence, way_out=way_out, values=values)


def unexamined(promise: str, duty: str) -> Finding:
    """A duty that failed: nothing it looks at is known to be kept until it is asked again. `duty`: its name."""
    values: dict[str, Value] = {"duty": duty}
    return Finding(promise=promise, code=UNEXAMINED, kept=False, evidence=Evidence.MEASURED, values=values)


def kept(promise: str, evidence: Evidence, *, code: str = "kept", **values: Value) -> Finding:
    """A finding that the promise is kept, with what was looked at."""
    return Finding(promise=promise, code=code, kept=True, evidence=evidence, values=values)


def or_kept(found: Iterable[Finding], otherwise: Finding) -> tuple[Finding, ...]:
    """What was found; where nothing was, that the promise is kept, unless its `count` says nothing was looked at."""
    return tuple(found) or ((otherwise,) if otherwise.values["count"] else ())
