"""What a label requires, requirement by requirement, against what was found: computed, never typed."""

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.decision import Evidence, Finding, Standing, Stands
from bocage.domain.label import Labelled
from bocage.domain.label_award import LabelAward, LabelProof
from bocage.domain.label_scheme import EvidenceAsked, LabelRequirement, LabelScheme
from bocage.domain.sensing import Datastream
from bocage.domain.technology import Technology
from bocage.domain.text import Text
from bocage.domain.text import message as _

_RANK = {"declared": 0, "attested": 1, "measured": 2}


class Met(Labelled):
    """How a requirement stands today."""

    KEPT = "kept", _("Met")
    BROKEN = "broken", _("Not met: the promise has something to mend")
    WEAK = "weak", _("Not met: known at a lower level of evidence than is asked")
    UNSHOWN = "unshown", _("Not met: nothing shows it")
    ENDED = "ended", _("Not met: what showed it has ended")
    UNCHECKED = "unchecked", _("Cannot be checked: the promise does not bind this territory, or nothing was found")


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What the last examination found: findings, and what each promise is for the territory."""

    findings: tuple[Finding, ...]
    stands: Mapping[str, Stands]


class Required(msgspec.Struct, frozen=True, kw_only=True):
    """One requirement of an award: its place (from 1), what it asks, how it stands, how that is known, until when."""

    number: int
    title: Text
    promise: str
    asked: EvidenceAsked
    met: Met
    level: Evidence | None = None
    until: date | None = None


def required(facts: TerritoryFacts, award: LabelAward, found: Found) -> tuple[Required, ...]:
    """Every requirement of the scheme of an award; none when the scheme is not declared."""
    scheme = facts.one(LabelScheme, award.scheme)
    names = _names(facts, award)
    return tuple(
        _by_promise(number, one, found, names) if one.promise else _by_proof(number, one, award, facts.today)
        for number, one in enumerate(scheme.requirements if scheme else (), start=1)
    )


def _by_promise(number: int, one: LabelRequirement, found: Found, names: frozenset[str]) -> Required:
    """From findings: those to mend count where they name what bears the label, all of them for a territory."""
    stands = found.stands.get(one.promise)
    findings = [each for each in found.findings if each.promise == one.promise]
    broken = [each for each in findings if not each.kept and (not names or _about(each, names))]
    unbound = stands is None or stands.standing in (Standing.NOT_CONCERNED, Standing.UNCHECKED)
    if unbound or not findings:
        return _said(number, one, Met.UNCHECKED, None, None)
    level = min((each.evidence for each in broken or findings), key=lambda each: _RANK[each])
    if broken:
        return _said(number, one, Met.BROKEN, level, None)
    return _said(number, one, Met.KEPT if _enough(level, one) else Met.WEAK, level, None)


def _by_proof(number: int, one: LabelRequirement, award: LabelAward, today: date) -> Required:
    """From what the award says that showed it: who, when, until when."""
    proofs = [proof for proof in award.proofs if proof.requirement == number and _whole(proof)]
    if not proofs:
        return _said(number, one, Met.UNSHOWN, None, None)
    lasting = [proof for proof in proofs if proof.until is None or proof.until >= today]
    best = max(lasting or proofs, key=lambda proof: _RANK[proof.level])
    level = Evidence(best.level.value)
    if not lasting:
        return _said(number, one, Met.ENDED, level, best.until)
    return _said(number, one, Met.KEPT if _enough(level, one) else Met.WEAK, level, best.until)


def _said(number: int, one: LabelRequirement, met: Met, level: Evidence | None, until: date | None) -> Required:
    return Required(
        number=number, title=one.title, promise=one.promise, asked=one.evidence, met=met, level=level, until=until
    )


def _whole(proof: LabelProof) -> bool:
    """A third party attests only when it is named, with the day."""
    return proof.level is not EvidenceAsked.ATTESTED or (bool(proof.by) and proof.on is not None)


def _enough(level: Evidence, one: LabelRequirement) -> bool:
    return _RANK[level] >= _RANK[one.evidence]


def _names(facts: TerritoryFacts, award: LabelAward) -> frozenset[str]:
    """What bears the label, and what measures with it; empty for the territory as a whole."""
    bearer = award.technology or award.project or award.digital_service
    technology = facts.one(Technology, award.technology)
    sources = set(technology.sources if technology else ())
    streams = {slug: one for slug, one in facts.all(Datastream).items() if one.source in sources}
    return frozenset({bearer, *sources, *streams, *(one.thing for one in streams.values())} - {""})


def _about(finding: Finding, names: Iterable[str]) -> bool:
    said = {value for value in finding.values.values() if isinstance(value, str)}
    return bool(said & set(names)) or (finding.way_out is not None and finding.way_out.slug in names)
