"""Checks a certificate: alone, against the instance it comes from, and against heads that others kept."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from bocage import commitments
from bocage.domain.certificate import LONGEST_DAYS, Certificate, Outcome, Promised
from bocage.domain.decision import Standing
from bocage.domain.errors import Invalid, Missing
from bocage.domain.kinds import KINDS
from bocage.domain.said import Day, Instant, Term
from bocage.domain.text import message as _
from bocage.publish.certificate import keys, signing
from bocage.publish.certificate.keys import Known
from bocage.publish.certificate.paper import Paper
from bocage.publish.certificate.reaching import Reach
from bocage.publish.certificate.verdict import Point, Verdict, changed, either, good, unchecked, verdict, wrong

_NOT_ASKED: Final = _(
    "The registers were not read again: give the address of the instance, which the certificate says is %(address)s"
)
_CLOSED: Final = _(
    "Register “%(kind)s” is closed (declarations: %(count)s): a commitment that only an auditor can open holds it."
)


class Anchor(msgspec.Struct, frozen=True, kw_only=True):
    """A head that somebody else kept: where the chain stood, and who says so."""

    sequence: int
    digest: str
    by: str


class Listed(msgspec.Struct, frozen=True):
    """One certificate in the list that an instance publishes."""

    number: int
    digest: str
    withdrawn: datetime | None = None


class Fault(msgspec.Struct, frozen=True):
    """Something wrong in the chain, as the instance itself sees it."""

    code: str
    sequence: int = 0


class Statement(msgspec.Struct, frozen=True):
    """What the registers say of the place a certificate was made at, read anew from what is kept."""

    sequence: int
    digest: str
    faults: list[Fault]
    registers: dict[str, list[Any]]


class _List(msgspec.Struct, frozen=True):
    certificates: list[Listed]


class _Told(msgspec.Struct, frozen=True):
    code: str
    version: str
    outcome: str


class _Promises(msgspec.Struct, frozen=True):
    promises: list[_Told]


class _Place(msgspec.Struct, frozen=True):
    digest: str


def alone(paper: Paper, at: datetime, known: Mapping[str, Known] | None, anchors: Sequence[Anchor] = ()) -> Verdict:
    """What can be said without asking anybody. `known`: keys one trusts, by id; None when one has none."""
    points = [*_by_itself(paper, at, known), *_anchored(paper.certificate, anchors, None)]
    points.append(unchecked(_NOT_ASKED, address=paper.certificate.address))
    return verdict(paper, points, online=False)


def against(
    paper: Paper,
    reach: Reach,
    at: datetime,
    anchors: Sequence[Anchor] = (),
    trusted: Mapping[str, Known] | None = None,
) -> Verdict:
    """All of it, worked out again from what the instance tells everyone.

    `trusted`: keys one knew before, by id; the key that signed must be one of them, or follow from one.
    """
    published = reach.get(keys.WELL_KNOWN)
    known = keys.known(published) if trusted is None else keys.followed(trusted, published)
    return verdict(paper, (*_by_itself(paper, at, known), *_points(paper, reach, anchors)), online=True)


def _points(paper: Paper, reach: Reach, anchors: Sequence[Anchor]) -> Iterator[Point]:
    said = paper.certificate
    place = f"/api/{said.territory}/certificates"
    yield either(
        said.address.rstrip("/") == f"{reach.address}/{said.territory}",
        _("It comes from this address: %(address)s"),
        _("It says that it comes from another address: %(address)s"),
        address=said.address,
    )
    yield _status(paper, _read(reach.get(place), _List).certificates)
    try:
        statement = _read(reach.get(f"{place}/{said.number}/registers.json"), Statement)
    except Missing:
        yield wrong(_("The instance cannot read the registers of that day any more."))
    else:
        yield from _kept(said, statement)
    yield from _anchored(said, anchors, reach)
    yield from _promises(said, _read(reach.get(f"/{said.territory}/promises.json"), _Promises).promises)


def _by_itself(paper: Paper, at: datetime, known: Mapping[str, Known] | None) -> Iterator[Point]:
    said = paper.certificate
    yield either(
        paper.sound, _("Its signature is right."), _("Its signature is wrong: it was altered, or nobody signed it.")
    )
    if known is None:
        yield unchecked(_("Nothing says whose key this is: %(key)s"), key=said.key.id)
    else:
        yield from _signer(said, known)
    if at < said.issued:
        yield wrong(_("It is dated in the future: %(day)s"), day=Day(said.begins))
    if abs(said.begins - said.issued.date()).days > 1 or (said.ends - said.begins).days > LONGEST_DAYS:
        yield wrong(_("Its days cannot be: a certificate begins on the day it is made, and lasts a year at most."))
    yield either(at.date() <= said.ends, _("It is valid until %(day)s."), _("It ended on %(day)s."), day=Day(said.ends))


def _signer(said: Certificate, known: Mapping[str, Known]) -> Iterator[Point]:
    """Whose key it is, and whether that key still signed on that day: one that was replaced may have been stolen."""
    key = known.get(said.key.id)
    yield either(
        key is not None and key.x == said.key.x,
        _("The key that signed it is published: %(key)s"),
        _("The key that signed it is not one that is published: %(key)s"),
        key=said.key.id,
    )
    if key is not None and key.until is not None and key.until < said.issued:
        yield wrong(
            _("Another key had taken the place of the one that signed it, on %(at)s."), at=Instant.of(key.until)
        )


def _status(paper: Paper, listed: Iterable[Listed]) -> Point:
    found = next((one for one in listed if one.number == paper.certificate.number), None)
    number = str(paper.certificate.number)
    if found is None:
        return wrong(_("The instance does not know certificate %(number)s."), number=number)
    if found.digest != paper.digest:
        return wrong(_("The instance published something else as certificate %(number)s."), number=number)
    if found.withdrawn is not None:
        return wrong(_("It was withdrawn on %(at)s."), at=Instant.of(found.withdrawn))
    return good(_("The instance published it, and has not withdrawn it."))


def _kept(said: Certificate, statement: Statement) -> Iterator[Point]:
    """The chain and the registers of that day, against the certificate."""
    same = (statement.sequence, statement.digest) == (said.head.sequence, said.head.digest)
    yield either(
        same,
        _("The chain still has at place %(sequence)s the version it had."),
        _("The chain has another version at place %(sequence)s: it was written anew."),
        sequence=said.head.sequence,
    )
    for fault in statement.faults:
        values: Any = {"sequence": fault.sequence, "fault": fault.code}
        yield wrong(_("The chain is broken at place %(sequence)s (%(fault)s)."), **values)
    if not statement.faults:
        yield good(_("Every version of the chain follows from the one before it."))
    for kind in sorted(set(statement.registers) - {register.kind for register in said.registers}):
        yield wrong(_("It leaves out register “%(kind)s”, which everyone reads."), kind=_called(kind))
    for register in said.registers:
        if register.commitment:
            yield unchecked(_CLOSED, kind=_called(register.kind), count=register.count)
        else:
            entries = statement.registers.get(register.kind, [])
            yield either(
                _digest(entries) == register.digest and len(entries) == register.count,
                _("Register “%(kind)s” reads as it did on that day (declarations: %(count)s)."),
                _("Register “%(kind)s” does not read as it did on that day."),
                kind=_called(register.kind),
                count=register.count,
            )


def _called(kind: str) -> Term:
    return Term(KINDS[kind].plural if kind in KINDS else kind[:40])


def _digest(entries: list[Any]) -> str:
    try:
        return signing.digest(entries)
    except (ValueError, RecursionError):
        return ""


def _promises(said: Certificate, told: Iterable[_Told]) -> Iterator[Point]:
    """Each promise as the certificate has it, against what everyone is told of it today."""
    today = {one.code: one for one in told}
    for promise in said.promises:
        now = today.get(promise.code)
        if now is None:
            yield changed(_("%(promise)s is not told any more."), promise=_titled(promise))
        else:
            yield _promise(promise, now)
    for code in today:
        if said.promise(code) is None:
            known = commitments.find(code)
            title = Term(known.title if known else code[:40])
            yield changed(_("%(promise)s: it says nothing of it."), promise=title)


def _titled(promise: Promised) -> Term:
    """What it is called, in words of this machine where it knows the promise."""
    known = commitments.find(promise.code)
    return Term(known.title if known else promise.title.fr)


def _promise(promise: Promised, now: _Told) -> Point:
    values: Any = {"promise": _titled(promise), "then": Term(promise.outcome.label)}
    if now.outcome != promise.outcome.value:
        label = next((one.label for one in Outcome if one.value == now.outcome), now.outcome[:40])
        return changed(_("%(promise)s: then “%(then)s”, today “%(now)s”."), now=Term(label), **values)
    if now.version != promise.version:
        return changed(_("%(promise)s: “%(then)s”, as then, but other code judges it today."), **values)
    return good(_("%(promise)s: “%(then)s”, today as then."), **values)


def _anchored(said: Certificate, anchors: Iterable[Anchor], reach: Reach | None) -> Iterator[Point]:
    """The chain as it is now, or else the certificate, against heads that others kept."""
    for anchor in anchors:
        values: Any = {"by": anchor.by, "sequence": anchor.sequence}
        if reach is not None:
            found = reach.get(f"/heads/{said.territory}?sequence={anchor.sequence}")
            digest = _read(found, _Place).digest
        elif anchor.sequence == said.head.sequence:
            digest = said.head.digest
        else:
            yield unchecked(_("What %(by)s kept is of another place of the chain, %(sequence)s."), **values)
            continue
        yield either(
            digest == anchor.digest,
            _("The chain at place %(sequence)s is the one that %(by)s kept."),
            _("The chain at place %(sequence)s is not the one that %(by)s kept: it was written anew."),
            **values,
        )


def _read(body: bytes, kind: Any) -> Any:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid(_("an answer of Bocage"), str(error)[:200]) from error


OUTCOMES: Final = {Standing.NOT_CONCERNED: Outcome.NOT_CONCERNED, Standing.UNCHECKED: Outcome.UNCHECKED}


def outcome(standing: Standing, *, mend: bool) -> Outcome:
    """How a promise stands, in one word."""
    return Outcome.MEND if mend else OUTCOMES.get(standing, Outcome.KEPT)
