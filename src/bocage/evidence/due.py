"""What purposes no longer allow to keep, and what lets it go."""

from collections.abc import Iterator
from datetime import date

import msgspec

from bocage.commitments import heritage_212_disposal
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.disposal_slip import DisposalSlip
from bocage.domain.instant import EARLIEST, day_bounds, months_before, to_datetime
from bocage.domain.purpose import Fate, Purpose
from bocage.evidence.log import LOG


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """What a purpose no longer allows to keep: observations of these datastreams that begin before an instant.

    `day`: the first that is kept. `under`: the rule or the slip that lets it go (kind/slug), empty when none does.
    """

    territory: str
    purpose: str
    datastreams: tuple[int, ...]
    before: int
    day: date
    under: str = ""


def dues(facts: TerritoryFacts) -> Iterator[Due]:
    """What the retention of each purpose asks to erase, whether something is there or not."""
    numbers: dict[str, list[int]] = {}
    for course, strands in facts.courses() if facts.territory else ():
        if course.purpose is not None:
            held = numbers.setdefault(course.purpose_slug, [])
            held += [strand.datastream.id for strand in strands.each if strand.datastream is not None]
    for slug, purpose in sorted(facts.all(Purpose).items()):
        if purpose.retention_months and slug in numbers:
            day = months_before(facts.today, purpose.retention_months)
            before = day_bounds(day, facts.zone)[0]
            yield Due(
                territory=facts.slug, purpose=slug, datastreams=tuple(sorted(numbers[slug])), before=before, day=day
            )


def let_go(facts: TerritoryFacts) -> Iterator[Due]:
    """What may be erased of it now: all under an agreed rule, up to its day under a slip that has its visa."""
    for one in dues(facts):
        under, day = heritage_212_disposal.lets_go(facts, one.purpose)
        if under and (day is None or day >= one.day):
            yield msgspec.structs.replace(one, under=under)
        elif under and day is not None:
            yield msgspec.structs.replace(one, under=under, day=day, before=day_bounds(day, facts.zone)[0])


def slip(facts: TerritoryFacts, purpose: str) -> DisposalSlip | None:
    """The slip for all that is held of a purpose beyond its retention, as the log tells it now; None without any."""
    due = next((one for one in dues(facts) if one.purpose == purpose), None)
    body = facts.one(Purpose, purpose)
    if due is None or body is None:
        return None
    held = [one for one in LOG.extents(due.datastreams) if one.count and one.first < due.before]
    if not held:
        return None
    return DisposalSlip(
        title=body.title,
        purpose=purpose,
        first=to_datetime(min(one.first for one in held), facts.zone).date(),
        before=due.day,
        series=len(held),
        count=LOG.count([one.datastream for one in held], EARLIEST, due.before),
        fate=body.fate or Fate.ELIMINATE,
        prepared=facts.today,
    )
