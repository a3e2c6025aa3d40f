"""What every duty finds about a territory, kept in a table and made again when something moved."""

from datetime import datetime, timedelta

import msgspec

from bocage import registers, relational, sensing
from bocage.commitments import all_promises, standing
from bocage.commitments.promise import Promise
from bocage.domain.decision import Evidence, Finding, Standing, Stands
from bocage.domain.text import message as _
from bocage.evidence import facts
from bocage.evidence import since as stood
from bocage.evidence.arriving import arrived
from bocage.evidence.looking import LOOKING
from bocage.evidence.tables import Examination
from bocage.ingest import refusals
from bocage.jobs import Said, said

_WEAKEST_FIRST = (Evidence.DECLARED, Evidence.ATTESTED, Evidence.MEASURED)


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """One promise as it stands in one territory.

    `level`: the weakest level among its findings (a promise is known no better than its least known fact), None
    without findings. `refused`: measurements it refused, as counted. `since`: when it was first seen to stand as it
    does; `sinces` likewise, finding by finding.
    """

    promise: Promise
    stands: Stands
    findings: tuple[Finding, ...] = ()
    refused: int = 0
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


class _Examined(msgspec.Struct, frozen=True, kw_only=True):
    findings: tuple[Finding, ...]
    stands: dict[str, Stands]


def findings(territory: str, at: datetime) -> tuple[Finding, ...]:
    """Everything found about the territory, in the order of the promises."""
    return _current(territory, at).findings


def commitments(territory: str, at: datetime) -> list[Kept]:
    """Every promise: those with something to mend first, those not concerned last."""
    examined = _current(territory, at)
    refused, since = refusals.by_promise(territory), stood.since(territory)
    kept = []
    for promise in all_promises():
        found = tuple(one for one in examined.findings if one.promise == promise.code)
        kept.append(
            Kept(
                promise=promise,
                stands=examined.stands[promise.code],
                findings=found,
                refused=refused.get(promise.code, 0),
                since=since.get((promise.code, "")),
                sinces=tuple(since.get((promise.code, stood.key(one))) for one in found),
            )
        )
    return sorted(kept, key=lambda one: (not one.to_mend, one.standing is Standing.NOT_CONCERNED))


def examine_all(at: datetime) -> tuple[Said, ...]:
    """Examine every territory again; what the hourly job says of itself."""
    territories = registers.territories()
    found = [finding for territory in territories for finding in _examine(territory, at).findings]
    mend = sum(not finding.kept for finding in found)
    return said(
        _("Territories examined: %(territories)s. Things to mend: %(mend)s."), territories=len(territories), mend=mend
    )


def examine_again(territory: str, at: datetime) -> None:
    """Look again at what a change may have touched; nothing of what is no territory any more."""
    if facts.present(territory, at).territory is not None:
        _examine(territory, at)


def _current(territory: str, at: datetime) -> _Examined:
    """The last examination while nothing moved since, the day included; otherwise a new one."""
    row, examined = _last(territory)
    moved = (
        row is None
        or (row.registers, row.sensing) != (registers.revision(territory), sensing.revision(territory))
        or row.day != facts.today(territory, at)
        or at - row.at > timedelta(hours=1)
    )
    return _examine(territory, at) if examined is None or moved else examined


def _last(territory: str) -> tuple[Examination | None, _Examined | None]:
    """The last examination; what it found is None when another version of Bocage wrote it, with other promises."""
    row = Examination.objects.filter(territory=territory).first()
    if row is None:
        return None, None
    try:
        examined = msgspec.json.decode(bytes(row.body), type=_Examined)
    except msgspec.ValidationError:
        return row, None
    return row, examined if set(examined.stands) == {promise.code for promise in all_promises()} else None


def _examine(territory: str, at: datetime) -> _Examined:
    """Examine the territory and keep what was found."""
    with relational.transaction():
        declared = facts.present(territory, at)
        now = declared.beside(arrived(declared, at), ())
        examined = _Examined(
            findings=LOOKING.look(now), stands={promise.code: standing(promise, now) for promise in all_promises()}
        )
        stood.keep(territory, stood.outcomes(*_told(examined)), at, _before(territory))
        Examination.objects.update_or_create(
            territory=territory,
            defaults={
                "at": at,
                "day": now.today,
                "registers": registers.revision(territory),
                "sensing": sensing.revision(territory),
                "body": msgspec.json.encode(examined),
            },
        )
    return examined


def _told(examined: _Examined) -> tuple[tuple[Finding, ...], dict[str, Standing]]:
    return examined.findings, {code: stands.standing for code, stands in examined.stands.items()}


def _before(territory: str) -> stood.Earlier | None:
    """What the last examination saw, and when."""
    row, examined = _last(territory)
    return (stood.outcomes(*_told(examined)), row.at) if row and examined else None
