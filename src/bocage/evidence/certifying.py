"""Makes certificates of a territory, keeps them, withdraws them: what was published stays published."""

import secrets
from collections import Counter
from datetime import date, datetime, timedelta
from importlib.metadata import version as installed
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bocage import registers, relational, words
from bocage.commitments import all_promises
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Promise
from bocage.domain.canonical import canonical
from bocage.domain.certificate import (
    CANONICAL,
    FORM,
    LONGEST_DAYS,
    Certificate,
    Fact,
    Head,
    Perimeter,
    Promised,
    Seen,
)
from bocage.domain.errors import Conflict, Invalid, Missing
from bocage.domain.exception import ReasonedException
from bocage.domain.public_service import PublicService
from bocage.domain.sensing import Datastream, Thing
from bocage.domain.source import Source
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.evidence import facts
from bocage.evidence.examining import Kept, commitments
from bocage.evidence.tables import CertificateRow
from bocage.publish.certificate import paper, signing
from bocage.publish.certificate.checking import outcome
from bocage.publish.certificate.extracts import Random, counted, told
from bocage.publish.certificate.paper import Paper
from bocage.publish.certificate.versions import version
from bocage.registers import past
from bocage.registers.verification import ends

_ROLL: Final = tuple(promise.code for promise in all_promises())
LONGEST_REASON: Final = 2000


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a certificate is asked with: until which day, by which account, at which public address."""

    territory: str
    until: date
    account: str
    public_url: str
    witnesses: tuple[Seen, ...] = ()


class Issued(msgspec.Struct, frozen=True, kw_only=True):
    """One certificate as it was published; `withdrawn` since, with the reason."""

    paper: Paper
    body: bytes
    account: str
    withdrawn: datetime | None = None
    reason: Text | None = None

    @property
    def certificate(self) -> Certificate:
        """What it says."""
        return self.paper.certificate


class Noted(msgspec.Struct, frozen=True, kw_only=True):
    """One certificate in a list: what is known of it without reading it."""

    number: int
    issued: datetime
    ends: date
    digest: str
    withdrawn: datetime | None
    reason: Text | None

    def in_force(self, today: date) -> bool:
        """Whether it says something on that day."""
        return self.withdrawn is None and today <= self.ends


def issue(asked: Asked, key: Ed25519PrivateKey, at: datetime, random: Random = secrets.token_bytes) -> Issued:
    """Certify how the territory stands now. Invalid for days that cannot be, Conflict without a public address or when
    the registers do not verify: nobody certifies what was altered."""
    at = at.replace(microsecond=0)
    found = commitments(asked.territory, at)
    with relational.transaction():
        present = facts.present(asked.territory, at)
        _possible(asked, present)
        sequence, digest = ends()[asked.territory]
        held = past.as_of(asked.territory, sequence)
        of_kinds = counted(held, random)
        certificate = Certificate(
            **_who(present, asked),
            number=_last(asked.territory) + 1,
            issued=at,
            begins=present.today,
            ends=asked.until,
            software=f"bocage {installed('bocage')}",
            head=Head(sequence=sequence, digest=digest),
            perimeter=_perimeter(present, len(held)),
            registers=of_kinds.registers,
            promises=tuple(
                _promised(one, present) for one in sorted(found, key=lambda one: _ROLL.index(one.promise.code))
            ),
            witnesses=asked.witnesses,
            key=signing.signer(key.public_key()),
        )
        return _kept(signing.sign(certificate, key), of_kinds.salts, asked.account)


def certificates(territory: str) -> list[Noted]:
    """All that were ever published, newest first."""
    rows = CertificateRow.objects.filter(territory=territory).order_by("-number").defer("body", "salts")
    return [
        Noted(
            number=row.number,
            issued=row.issued,
            ends=row.ends,
            digest=row.digest,
            withdrawn=row.withdrawn,
            reason=_reason(row),
        )
        for row in rows
    ]


def certificate(territory: str, number: int) -> Issued:
    """One of them; Missing when there is none of that number."""
    return _issued(_row(territory, number))


def withdraw(territory: str, number: int, reason: Text, at: datetime) -> Issued:
    """Say in public that it is not to be relied on any more; Conflict when that was said before."""
    if max(len(reason.fr), len(reason.en)) > LONGEST_REASON:
        raise Invalid(_("a reason of at most {most} characters"), str(len(reason.fr)), most=LONGEST_REASON)
    with relational.transaction():
        row = _row(territory, number)
        if row.withdrawn is not None:
            raise Conflict(_("a certificate that is not withdrawn"), str(number))
        row.withdrawn, row.reason_fr, row.reason_en = at, reason.fr, reason.en
        row.save()
    return _issued(row)


def opened(issued: Issued) -> dict[str, Any]:
    """What opens the commitments of its closed registers, for an auditor: by kind, the salt in hexadecimal, then slug,
    version and digest of each declaration."""
    said = issued.certificate
    salts = msgspec.json.decode(bytes(_row(said.territory, said.number).salts), type=dict[str, bytes])
    held = past.as_of(said.territory, said.head.sequence)
    return {
        kind: {"salt": salt.hex(), "declarations": told([one for one in held if one.sealed.kind == kind])}
        for kind, salt in salts.items()
    }


def _possible(asked: Asked, present: TerritoryFacts) -> None:
    longest = present.today + timedelta(days=LONGEST_DAYS)
    if present.territory is None:
        raise Missing(_("a territory of this instance"), asked.territory)
    if not present.today <= asked.until <= longest:
        raise Invalid(_("a last day within a year from today"), asked.until.isoformat(), field="until")
    if not asked.public_url:
        raise Conflict(_("a public address of the instance"), "", _("choose it in the settings first"))
    if registers.verify(asked.territory):
        raise Conflict(_("registers that verify"), asked.territory, _("run: bocage verify"))


def _who(present: TerritoryFacts, asked: Asked) -> dict[str, Any]:
    body = present.territory
    assert body is not None
    return {
        "form": FORM,
        "canonical": CANONICAL,
        "territory": asked.territory,
        "title": body.title,
        "code": body.code,
        "population": body.population,
        "address": f"{asked.public_url.rstrip('/')}/{asked.territory}",
    }


def _perimeter(present: TerritoryFacts, declarations: int) -> Perimeter:
    services = sorted(present.all(PublicService).values(), key=lambda one: one.title.fr)
    return Perimeter(
        services=tuple(one.title for one in services),
        declarations=declarations,
        sources=len(present.all(Source)),
        things=len(present.all(Thing)),
        datastreams=len(present.all(Datastream)),
    )


def _promised(kept: Kept, present: TerritoryFacts) -> Promised:
    promise = kept.promise
    counts = Counter((finding.code, finding.kept, finding.evidence) for finding in kept.findings)
    return Promised(
        code=promise.code,
        number=promise.number,
        version=version(promise),
        title=words.both(promise.title),
        unseen=words.both(promise.unseen) if promise.unseen else None,
        standing=kept.standing,
        outcome=outcome(kept.standing, mend=bool(kept.to_mend)),
        lifted=_lifted(promise, present),
        facts=tuple(
            Fact(code=code, kept=holds, evidence=evidence, count=count)
            for (code, holds, evidence), count in sorted(counts.items())
        ),
    )


def _lifted(promise: Promise, present: TerritoryFacts) -> int:
    """How many exceptions lift it for something today."""
    running = present.all(ReasonedException).values()
    return sum(one.promise == promise.code and one.runs(present.today) for one in running)


def _last(territory: str) -> int:
    row = CertificateRow.objects.filter(territory=territory).order_by("-number").first()
    return row.number if row else 0


def _kept(certificate: Certificate, closed: dict[str, bytes], account: str) -> Issued:
    body = canonical(msgspec.to_builtins(certificate))
    read = paper.read(body)
    row = CertificateRow.objects.create(
        territory=certificate.territory,
        number=certificate.number,
        issued=certificate.issued,
        ends=certificate.ends,
        digest=read.digest,
        body=body,
        salts=msgspec.json.encode(closed),
        account=account,
    )
    return _issued(row)


def _row(territory: str, number: int) -> CertificateRow:
    row = CertificateRow.objects.filter(territory=territory, number=number).first()
    if row is None:
        raise Missing(_("a certificate of that number"), str(number))
    return row


def _issued(row: CertificateRow) -> Issued:
    return Issued(
        paper=paper.read(bytes(row.body)),
        body=bytes(row.body),
        account=row.account,
        withdrawn=row.withdrawn,
        reason=_reason(row),
    )


def _reason(row: CertificateRow) -> Text | None:
    return Text(fr=row.reason_fr, en=row.reason_en) if row.reason_fr else None
