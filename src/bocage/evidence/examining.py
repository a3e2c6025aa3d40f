"""What every duty finds about a territory, kept in a table and made again when something moved."""

from collections import defaultdict
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import msgspec

from bocage import civic, orders, registers, relational, sensing
from bocage.commitments import all_promises, borne_out, r48_labels
from bocage.commitments.answers import UNEXAMINED, unexamined
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.labelling import Found
from bocage.commitments.measured import Usage
from bocage.commitments.promise import Promise
from bocage.domain.decision import Evidence, Finding, Standing, Stands
from bocage.domain.text import message as _
from bocage.evidence import arriving, declined, facts
from bocage.evidence import since as stood
from bocage.evidence.arriving import Counted
from bocage.evidence.examined import EXAMINATIONS, Examined, Known
from bocage.evidence.log import LOG
from bocage.evidence.looking import LOOKING
from bocage.evidence.shared import COMMONS
from bocage.evidence.tables import Examination
from bocage.evidence.using import USING
from bocage.ingest import refusals
from bocage.jobs import Said, said

_WEAKEST_FIRST = (Evidence.DECLARED, Evidence.ATTESTED, Evidence.MEASURED)


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """One promise as it stands in one territory.

    `level`: the weakest level among its findings (a promise is known no better than its least known fact), None
    without findings. `refused`: measurements it refused, as counted; `declined`: declarations. `since`: when
    it was first seen to stand as it does; `sinces` likewise, finding by finding.
    """

    promise: Promise
    stands: Stands
    findings: tuple[Finding, ...] = ()
    refused: int = 0
    declined: int = 0
    since: datetime | None = None
    sinces: tuple[datetime | None, ...] = ()

    @property
    def standing(self) -> Standing:
        """What it is for this territory."""
        return self.stands.standing

    @property
    def to_mend(self) -> tuple[Finding, ...]:
        """What somebody has to mend."""
        return tuple(finding for finding in self.findings if not finding.kept)

    @property
    def levels(self) -> tuple[Evidence, ...]:
        """Every level of evidence among its findings, weakest first."""
        found = {finding.evidence for finding in self.findings}
        return tuple(level for level in _WEAKEST_FIRST if level in found)

    @property
    def level(self) -> Evidence | None:
        """The weakest level among its findings."""
        return self.levels[0] if self.levels else None


def findings(territory: str, at: datetime) -> tuple[Finding, ...]:
    """Everything found about the territory, in the order of the promises."""
    return _current(territory, at).examined.findings


def commitments(territory: str, at: datetime) -> list[Kept]:
    """Every promise: those with something to mend first, those not concerned last."""
    known = _current(territory, at)
    examined = known.examined
    refused, since = refusals.by_promise(territory), stood.since(territory)
    declined_by = declined.by_promise(territory, at)
    by_promise: defaultdict[str, list[tuple[Finding, str]]] = defaultdict(list)
    for finding, key in zip(examined.findings, known.keys, strict=True):
        by_promise[finding.promise].append((finding, key))
    kept = []
    for promise in all_promises():
        found = by_promise[promise.code]
        kept.append(
            Kept(
                promise=promise,
                stands=examined.stands[promise.code],
                findings=tuple(finding for finding, _key in found),
                refused=refused.get(promise.code, 0),
                declined=declined_by.get(promise.code, 0),
                since=since.get((promise.code, "")),
                sinces=tuple(since.get((promise.code, key)) for _finding, key in found),
            )
        )
    return sorted(kept, key=lambda one: (not one.to_mend, one.standing is Standing.NOT_CONCERNED))


def found(territory: str, at: datetime) -> Found:
    """The same with what each promise is for the territory, for what is worked out from it."""
    examined = _current(territory, at).examined
    return Found(findings=examined.findings, stands=examined.stands)


def examine_all(at: datetime) -> tuple[Said, ...]:
    """Examine every territory again; what the hourly job says of itself."""
    territories = registers.territories()
    found = [finding for territory in territories for finding in _examine(territory, at).examined.findings]
    mend, failed = sum(not finding.kept for finding in found), sum(finding.code == UNEXAMINED for finding in found)
    told = said(
        _("Territories examined: %(territories)s. Things to mend: %(mend)s."), territories=len(territories), mend=mend
    )
    return (*told, *(said(_("Could not be examined: %(count)s."), count=failed) if failed else ()))


def failures() -> int:
    """How often this process could not examine something."""
    return LOOKING.failures


def examine_again(territory: str, at: datetime) -> None:
    """Look again at what a change may have touched; nothing of what is no territory any more.

    The change is durable already: whatever fails here is told and tried again, and never makes it look refused. What
    arrives is not counted here, but when the promises are read and every hour.
    """
    try:
        with relational.transaction():
            declared = facts.present(territory, at)
            if declared.territory is not None:
                _looked(declared, at, measuring=False)
    except Exception:  # the declaration is written and has to be answered
        LOOKING.failed(territory)


def _current(territory: str, at: datetime) -> Known:
    """The last examination while nothing moved since, the day included; otherwise a new one."""
    row, known = EXAMINATIONS.last(territory)
    moved = (
        row is None
        or (row.registers, row.sensing) != (registers.revision(territory), sensing.revision(territory))
        or row.day != facts.today(territory, at)
        or at - row.at > timedelta(hours=1)
    )
    if known is None or moved:
        return _examine(territory, at)
    owed = known.examined.owed and LOG.connected
    return _examine(territory, at) if owed or known.examined.commons != COMMONS.mark else known


def _examine(territory: str, at: datetime) -> Known:
    """Examine the territory, count what arrived where there is a log, and keep what was found."""
    with relational.transaction():
        return _looked(facts.present(territory, at), at, measuring=LOG.connected)


def _looked(declared: TerritoryFacts, at: datetime, *, measuring: bool) -> Known:
    mark, (row, last) = COMMONS.mark, EXAMINATIONS.last(declared.slug)
    before = last.examined if last else None
    counted = _counted(declared, at) if measuring else None
    taken = _taken(declared, at) if measuring else before.usage if before else None
    lost = tuple(unexamined(*one) for one in arriving.DUTIES) if counted is None and measuring else ()
    known = counted or (before.counted if before else Counted())
    now = declared.beside(
        arrived=known.arrived,
        past=known.past,
        moment=at,
        requests=civic.states(declared.slug),
        orders=orders.states(declared.slug),
        orders_given=orders.given(declared.slug),
        usage=taken,
    )
    looked = (*LOOKING.look(now), *lost)
    stands = borne_out({promise.code: LOOKING.standing(promise, now) for promise in all_promises()}, looked)
    examined = Examined(
        findings=(*looked, *r48_labels.suspended(now, Found(findings=looked, stands=stands))),
        stands=stands,
        counted=known,
        owed=counted is None and arriving.owed(declared, known),
        commons=mark,
        usage=taken,
    )
    return _kept(now, EXAMINATIONS.now(examined, last), at, row, last)


def _kept(facts: TerritoryFacts, known: Known, at: datetime, row: Examination | None, last: Known | None) -> Known:
    """Write what is another than last time, and when it was looked at."""
    territory = facts.slug
    earlier = partial(last.seen, row.at) if row and last else None
    stood.keep(territory, known.outcomes, at, earlier, last.outcomes if last and last.kept else None)
    said: dict[str, Any] = {
        "at": at,
        "day": facts.today,
        "registers": registers.revision(territory),
        "sensing": sensing.revision(territory),
        **({} if known is last else {"body": known.body}),
    }
    if row is None:
        Examination.objects.create(territory=territory, **said)
    else:
        Examination.objects.filter(territory=territory).update(**said)
    relational.after_commit(lambda: EXAMINATIONS.remember(territory, known.durable()))
    return known


def _taken(declared: TerritoryFacts, at: datetime) -> Usage | None:
    """What was taken of the machine; None when nobody asks, or it cannot be told."""
    try:
        return USING.usage(declared, at)
    except Exception:  # what cannot be counted leaves the devices, which weigh most
        LOOKING.failed(f"what the machine took for {declared.slug}")
        return None


def _counted(declared: TerritoryFacts, at: datetime) -> Counted | None:
    """What the log tells of deliveries and retention; None when it could not tell."""
    try:
        return arriving.counted(declared, at)
    except Exception:  # a log that cannot be asked leaves what was measured before, and says so
        LOOKING.failed(f"what the log holds of {declared.slug}")
        return None
