"""The declarations that would mend what was found, the one that matters most first.

Law before choice; what is refused now before what only would be; what is overdue before what is not; what mends most
findings first; what has stood longest first. Nothing of it is kept: it is told from the findings each time.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.decision import Finding, Standing
from bocage.domain.label import Labelled
from bocage.domain.text import message as _
from bocage.evidence import leads
from bocage.evidence.examining import Kept

_NEVER = datetime.max.replace(tzinfo=UTC)


class Weight(Labelled):
    """What stops while it lacks."""

    REFUSED = "refused", _("Measurements are refused because of it.")
    GATE = "gate", _("What depends on it will be refused.")
    ADVICE = "advice", _("It stops nothing; it is said in public.")


class Coming(msgspec.Struct, frozen=True, kw_only=True):
    """One declaration to make or to complete, and all that it mends.

    `slug`: of the one to complete, empty for a new one. `begun`: what a form may open with. `law`: whether the law asks
    it of this territory. `overdue`: whether a day it was due on has passed. `since`: when the first of it was seen.
    """

    kind: str
    slug: str
    findings: tuple[Finding, ...]
    begun: dict[str, Any]
    law: bool
    weight: Weight
    overdue: bool
    since: datetime | None = None

    @property
    def key(self) -> str:
        """The same for the same declaration, whatever it mends now."""
        return _key(self.kind, self.slug, self.begun)

    @property
    def first(self) -> Finding:
        """What speaks for it."""
        return self.findings[0]

    @property
    def field(self) -> str:
        """The field that lacks, of the first finding."""
        return self.first.way_out.field if self.first.way_out else ""


class _One(msgspec.Struct, frozen=True, kw_only=True):
    """One finding with what is known of its promise."""

    finding: Finding
    item: Kept
    since: datetime | None

    @property
    def law(self) -> bool:
        return self.item.standing is Standing.REQUIRED

    @property
    def weight(self) -> Weight:
        if self.item.refused:
            return Weight.REFUSED
        return Weight.GATE if self.item.promise.gates else Weight.ADVICE


def coming(items: Iterable[Kept], facts: TerritoryFacts) -> tuple[Coming, ...]:
    """Every declaration that mends something, first what matters most."""
    groups: dict[str, list[_One]] = {}
    for item in items:
        for finding, since in zip(item.findings, item.sinces, strict=True):
            way_out = finding.way_out
            if finding.kept or way_out is None or not way_out.kind:
                continue
            key = _key(way_out.kind, way_out.slug, leads.begun(facts, finding))
            groups.setdefault(key, []).append(_One(finding=finding, item=item, since=since))
    return tuple(sorted((_joined(facts, some) for some in groups.values()), key=_order))


def _joined(facts: TerritoryFacts, some: Sequence[_One]) -> Coming:
    """All that one declaration mends; the heaviest of it speaks first."""
    heaviest = sorted(some, key=lambda one: (not one.law, list(Weight).index(one.weight)))
    first = heaviest[0].finding
    assert first.way_out is not None
    slug, begun = first.way_out.slug, leads.begun(facts, first)
    for one in heaviest if slug else ():
        begun = {**leads.only(facts, one.finding), **begun}
    return Coming(
        kind=first.way_out.kind,
        slug=slug,
        findings=tuple(one.finding for one in heaviest),
        begun=begun,
        law=any(one.law for one in some),
        weight=heaviest[0].weight,
        overdue=any(_past(one.finding, facts) for one in some),
        since=min((one.since for one in some if one.since), default=None),
    )


def _past(found: Finding, facts: TerritoryFacts) -> bool:
    days = [value for name, value in found.values.items() if name.endswith("_day") and isinstance(value, str)]
    return any(day < facts.today.isoformat() for day in days)


def _order(one: Coming) -> tuple[bool, int, bool, int, datetime, str]:
    weight = list(Weight).index(one.weight)
    return (not one.law, weight, not one.overdue, -len(one.findings), one.since or _NEVER, one.key)


def _key(kind: str, slug: str, begun: dict[str, Any]) -> str:
    named = () if slug else sorted((name, str(value)) for name, value in begun.items() if name != "title")
    return hashlib.sha256(repr((kind, slug, named)).encode()).hexdigest()[:24]
