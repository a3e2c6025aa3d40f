"""The answers promises give: refusals, what is to be mended, what is kept."""

from bocage.domain.decision import Evidence, Finding, Refusal, WayOut

Value = str | int | float


def refusal(promise: str, code: str, way_out: WayOut, *, overridable: bool = True, **values: Value) -> Refusal:
    """A refusal with the values its sentence needs."""
    return Refusal(promise=promise, code=code, way_out=way_out, values=values, overridable=overridable)


def to_mend(promise: str, code: str, way_out: WayOut, evidence: Evidence, **values: Value) -> Finding:
    """A finding that somebody has to mend."""
    return Finding(promise=promise, code=code, kept=False, evidence=evidence, way_out=way_out, values=values)


def kept(promise: str, evidence: Evidence, *, code: str = "kept", **values: Value) -> Finding:
    """A finding that the promise is kept, with what was looked at."""
    return Finding(promise=promise, code=code, kept=True, evidence=evidence, values=values)
