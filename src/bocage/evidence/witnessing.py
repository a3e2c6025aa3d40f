"""Brings the heads of the chain to witnesses outside: what they keep shows a chain that was written anew."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import httpx
import msgspec

from bocage import outbox, registers, relational, words
from bocage.domain.certificate import Seen
from bocage.domain.declaration import Key
from bocage.domain.letter import Letter, is_address
from bocage.domain.text import message as _
from bocage.domain.witness import Witness, WitnessNature
from bocage.evidence import certifying
from bocage.evidence.tables import WitnessedRow
from bocage.outbox import Hopeless, Parcel
from bocage.outbox.posting import send
from bocage.publish.certificate import receipt
from bocage.publish.certificate.ring import Ring
from bocage.publish.subscribers import Signer
from bocage.registers import heads
from bocage.registers.heads import Head
from bocage.words.letter import Action, Said, letter

KIND: Final = "witness"

Post = Callable[[str, bytes, Mapping[str, str]], tuple[int, bytes]]
"""Posts a body with headers to an address; status and body of the answer."""


class Means(msgspec.Struct, frozen=True, kw_only=True):
    """What heads leave with: the folder of keys, the public address, whether mails leave."""

    keys: Path
    public_url: str = ""
    by_mail: bool = False


class Errand(msgspec.Struct, frozen=True, kw_only=True):
    """What a parcel holds: which head, for which witness."""

    territory: str
    witness: str
    head: Head


class Reached(msgspec.Struct, frozen=True, kw_only=True):
    """The last head a witness took: place, digest, when, and its receipt when it signs one."""

    sequence: int
    digest: str
    at: datetime
    receipt: bytes = b""


def tell(territory: str, at: datetime, means: Means) -> Head:
    """Sign the head of a territory's chain, publish it, and send it to every witness; all leaves by the outbox."""
    head = heads.sign(territory, at, heads.make_key(means.keys / "heads.pem"))
    name = f"{territory}-{head.sequence}-{at:%Y-%m-%d}"
    with relational.transaction():
        outbox.put("head", msgspec.json.encode(head), at, key=f"head-{name}")
        for slug, witness in declared(territory):
            if witness.nature is not WitnessNature.MAIL:
                errand = Errand(territory=territory, witness=slug, head=head)
                outbox.put(KIND, msgspec.json.encode(errand), at, key=f"{KIND}-{slug}-{name}"[-200:])
            elif means.by_mail and is_address(witness.mail):
                outbox.post(_letter(witness, head, means), at, key=f"{KIND}-{slug}-{name}"[-200:])
                _remember(Errand(territory=territory, witness=slug, head=head), at, b"")
    return head


def certify(territory: str, until: date, account: str, means: Means, at: datetime) -> certifying.Issued:
    """Certify how a territory stands now; the head it rests on goes to its witnesses at once."""
    asked = certifying.Asked(
        territory=territory, until=until, account=account, public_url=means.public_url, witnesses=seen(territory)
    )
    with relational.transaction():
        issued = certifying.issue(asked, Ring(means.keys).key(at), at)
        tell(territory, at, means)
    return issued


def declared(territory: str) -> Iterator[tuple[str, Witness]]:
    """The witnesses in force that can be reached, by slug."""
    for entry in registers.current(territory, Witness.kind):
        if isinstance(entry.body, Witness) and entry.body.active and entry.body.reachable:
            yield entry.key.slug, entry.body


def reached(territory: str) -> dict[str, Reached]:
    """The last head each witness took, by its slug."""
    return {
        row.witness: Reached(sequence=row.sequence, digest=row.digest, at=row.at, receipt=bytes(row.receipt))
        for row in WitnessedRow.objects.filter(territory=territory)
    }


def seen(territory: str) -> tuple[Seen, ...]:
    """The witnesses in force and how far each came, as a certificate names them."""
    how_far = reached(territory)
    return tuple(
        Seen(title=witness.title, sequence=how_far[slug].sequence if slug in how_far else 0)
        for slug, witness in declared(territory)
    )


class Errands:
    """Carries heads to witnesses."""

    def __init__(self, signer: Signer, clock: Callable[[], datetime], posting: Post = send) -> None:
        self._signer, self._clock, self._post = signer, clock, posting

    def carry(self, parcel: Parcel) -> None:
        """Send one head; raises when the witness did not take it."""
        errand = msgspec.json.decode(parcel.payload, type=Errand)
        entry = registers.find(Key(territory=errand.territory, kind=Witness.kind, slug=errand.witness))
        if entry is None or not isinstance(entry.body, Witness) or not entry.body.active:
            raise Hopeless(f"{errand.witness} is no witness any more")
        body = msgspec.json.encode(errand.head)
        signed = self._signer.headers(parcel.key, int(self._clock().timestamp()), body)
        status, answer = self._post(entry.body.address, body, {"content-type": "application/json", **signed})
        if status == httpx.codes.CONFLICT:
            raise Hopeless(f"the witness keeps another head of place {errand.head.sequence}")
        if not 200 <= status < 300:
            raise ConnectionError(f"the witness answered {status}")
        signs = entry.body.nature is WitnessNature.BOCAGE
        _remember(errand, self._clock(), _receipt(errand.head, answer) if signs else b"")


def _receipt(head: Head, answer: bytes) -> bytes:
    """The receipt in an answer, when it is one of this head."""
    place = (head.territory, head.sequence, head.digest)
    if receipt.read(answer).place != place:
        raise ConnectionError("the receipt is of another head")
    return answer


def _remember(errand: Errand, at: datetime, signed: bytes) -> None:
    """Keep how far the witness came; a head that was long on its way never takes the place of a later one."""
    head = errand.head
    of: dict[str, Any] = {"territory": errand.territory, "witness": errand.witness}
    with relational.transaction():
        if not WitnessedRow.objects.filter(**of, sequence__gt=head.sequence).exists():
            values = {"sequence": head.sequence, "digest": head.digest, "at": at, "receipt": signed}
            WitnessedRow.objects.update_or_create(**of, defaults=values)


def _letter(witness: Witness, head: Head, means: Means) -> Letter:
    """In French: who is asked to keep it may not have an account here."""
    lang, told = "fr", {"sequence": str(head.sequence), "territory": head.territory}
    said = Said(
        subject=words.translate(_("Registers of %(territory)s: head no. %(sequence)s, to be kept"), lang) % told,
        lines=(
            words.translate(_("You are a witness of these registers. Please keep this mail."), lang),
            words.translate(
                _("If somebody wrote their history anew, the lines below would no longer agree with it."), lang
            ),
            msgspec.json.encode(head).decode(),
        ),
        facts=(
            (words.translate(_("Place"), lang), told["sequence"]),
            (words.translate(_("Digest"), lang), head.digest),
        ),
        action=Action(words=words.translate(_("Heads published by the territory"), lang), address=_heads(head, means))
        if means.public_url
        else None,
        sender=head.territory,
    )
    return letter(said, witness.mail, lang)


def _heads(head: Head, means: Means) -> str:
    return f"{means.public_url.rstrip('/')}/heads/{head.territory}"
