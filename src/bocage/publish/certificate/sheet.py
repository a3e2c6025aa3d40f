"""A certificate on paper, with the code that leads to the page where it can be checked."""

from datetime import date
from typing import Any, Protocol

from bocage import words
from bocage.domain.certificate import Certificate, Outcome, Promised
from bocage.domain.decision import Evidence
from bocage.domain.text import message as _
from bocage.publish.paper import Sheet, qr

LEVELS = {
    Evidence.MEASURED: _("Measured by the machine"),
    Evidence.ATTESTED: _("Attested by a third party"),
    Evidence.DECLARED: _("Declared"),
}


class Published(Protocol):
    """A certificate with what was said of it since."""

    @property
    def certificate(self) -> Certificate:
        """What it says."""

    @property
    def withdrawn(self) -> Any:
        """When it was withdrawn, if it was."""


def sheet(issued: Published, today: date, lang: str) -> Sheet:
    """The document in one language."""
    said = issued.certificate

    def tell(message: str, **values: object) -> str:
        return words.translate(message, lang) % values

    at = f"{said.address}/certificates/{said.number}"
    name = said.title.read(lang)[0]
    proofs = [(tell(_("Key")), said.key.id), (tell(_("Signature")), said.signature)]
    values = {
        "title": tell(_("Certificate %(number)s: %(territory)s"), number=said.number, territory=name),
        "heading": tell(_("Certificate %(number)s"), number=said.number),
        "language": lang,
        "territory": name,
        "summary": _summary(said, lang),
        "warning": _warning(issued, today, lang),
        "lead": [
            tell(
                _("Made on %(begins)s, valid until %(ends)s."),
                begins=words.day(said.begins, lang),
                ends=words.day(said.ends, lang),
            ),
            tell(EACH),
        ],
        "code": tell(_("Code to scan, which leads to %(address)s"), address=at),
        "address": at.partition("://")[2],
        "head": [tell(one) for one in (_("Number"), _("Promise"), _("State"), _("How we know"))],
        "promises": [_line(one, lang) for one in said.promises],
        "perimeter": perimeter(said, lang),
        "unseen": [one.unseen.read(lang)[0] for one in said.promises if one.unseen and _bound(one)],
        "checks": [tell(CHECK, address=at)],
        "proofs": [(tell(_("Head of the chain")), f"{said.head.sequence} · {said.head.digest}"), *proofs],
        "words": {
            "page": tell(_("page")),
            "promises": tell(_("What is promised")),
            "perimeter": tell(_("What was looked at")),
            "unseen": tell(_("What no computer can see")),
            "limits": tell(_("A certificate proves what was declared and measured, not what nobody declared.")),
            "check": tell(_("How to check it")),
        },
    }  # fmt: skip
    return Sheet(template="certificate", values=values, pictures={"code": qr(at)})


EACH = _("Each fact says how it is known. Levels are never added up into one score.")
CHECK = _(
    "The code leads to the page of this certificate. Whoever wants to rely on nobody takes its file there and runs: "
    "bocage certificate verify FILE ADDRESS"
)


def perimeter(said: Certificate, lang: str) -> list[str]:
    """What was looked at, in sentences."""
    around = said.perimeter

    def number(value: int) -> str:
        return words.number(value, lang)

    named = ", ".join(one.read(lang)[0] for one in around.services)
    counted = words.translate(
        _("%(declarations)s declarations, %(sources)s sources, %(things)s things, %(datastreams)s series."), lang
    ) % {
        "declarations": number(around.declarations),
        "sources": number(around.sources),
        "things": number(around.things),
        "datastreams": number(around.datastreams),
    }
    closed = [one for one in said.registers if one.commitment]
    lines = [words.translate(_("Public services: %(services)s."), lang) % {"services": named}] if named else []
    lines.append(counted)
    if closed:
        told = _("Closed registers, of which only a commitment is given: %(count)s declarations.")
        lines.append(words.translate(told, lang) % {"count": number(sum(one.count for one in closed))})
    if said.witnesses:
        named = ", ".join(one.title.read(lang)[0] for one in said.witnesses)
        lines.append(words.translate(_("Witnesses outside that keep the chain: %(names)s."), lang) % {"names": named})
    else:
        lines.append(words.translate(_("Nobody outside keeps the chain yet."), lang))
    return lines


def _summary(said: Certificate, lang: str) -> str:
    values = {"total": len(said.promises), "kept": said.count(Outcome.KEPT), "mend": said.count(Outcome.MEND)}
    told = _("Of %(total)s promises, %(kept)s are kept and %(mend)s have something to mend.")
    return words.translate(told, lang) % values


def _warning(issued: Published, today: date, lang: str) -> str:
    if issued.withdrawn is not None:
        return words.translate(_("Withdrawn: not to be relied on."), lang)
    return words.translate(_("It has ended."), lang) if issued.certificate.ends < today else ""


def _bound(one: Promised) -> bool:
    return one.outcome in (Outcome.KEPT, Outcome.MEND)


def _line(one: Promised, lang: str) -> list[str]:
    levels = ", ".join(words.translate(LEVELS[level], lang) for level in one.levels) if _bound(one) else ""
    return [one.number, one.title.read(lang)[0], words.translate(one.outcome.label, lang), levels or "–"]
