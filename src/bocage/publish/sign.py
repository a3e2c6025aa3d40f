"""The sign of a notice, as it is printed: three words, one line why, who to ask, a code to scan, no more."""

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from bocage import words
from bocage.commitments import roll
from bocage.commitments.printing import Printing
from bocage.commitments.promise import Moment
from bocage.domain.decision import Refusal
from bocage.domain.errors import Invalid, Refused
from bocage.domain.label import Labelled
from bocage.domain.sensor_notice import SensorNotice
from bocage.domain.text import message as _
from bocage.publish.knowledge import Known
from bocage.publish.notice import Notice, notice_of
from bocage.publish.paper import Sheet, qr

FRENCH = "fr"


class Size(Labelled):
    """The paper of a sign."""

    A4 = "a4", _("A4")
    A5 = "a5", _("A5")


class Sign(msgspec.Struct, frozen=True, kw_only=True):
    """One sign to hang up: `notice` says everything, `place` where it hangs (empty when that is not said)."""

    notice: Notice
    languages: tuple[str, ...]
    place: str = ""


def spoken(notice: SensorNotice) -> tuple[str, ...]:
    """The languages its sign is printed in when nobody chooses: French, and all others where they are two or more."""
    others = notice.languages
    return (FRENCH, *others) if len(others) > 1 else (FRENCH,)


def sign_of(known: Known, slug: str, asked: Sequence[str], public_url: str, place: str = "") -> Sign:
    """The sign of a declared notice. Refused without a public address, or in French and one other language; Invalid
    in a language it is not translated into; Missing when nobody declared it."""
    notice = notice_of(known, slug)
    declared = notice.declared
    assert declared is not None  # notice_of finds declared ones only
    languages = tuple(dict.fromkeys(asked)) or spoken(declared)
    for lang in languages:
        if lang != FRENCH and lang not in declared.languages:
            raise Invalid(_("languages that the notice is translated into"), lang)
    printing = Printing(
        notice_slug=slug, notice=declared, today=known.facts.today, languages=languages, public_url=public_url
    )
    refusals = tuple(one for one in roll.decide(Moment.PRINT, printing) if isinstance(one, Refusal))
    if refusals:
        raise Refused(refusals)
    titles = {name: thing.title.fr for name, thing in notice.things if name in known.sight.seen}
    return Sign(notice=notice, languages=languages, place=titles.get(place, ""))


def address(public_url: str, territory: str, slug: str) -> str:
    """The address of a notice's page, that the code of its sign leads to."""
    return f"{public_url.rstrip('/')}/{territory}/notices/{slug}"


def sheet(known: Known, signs: Sequence[Sign], size: Size, public_url: str) -> Sheet:
    """Signs on paper, one a page; A5 signs that are several lie two by two on A4."""
    territory = known.facts.territory
    name = territory.title.fr if territory else known.facts.slug
    addresses = {sign.notice.slug: address(public_url, known.facts.slug, sign.notice.slug) for sign in signs}
    title = _("Sign: %(title)s") if len(signs) == 1 else _("Signs of the sensors")
    called = _declared(signs[0]).title.fr if signs else ""
    values = {
        "title": words.translate(title, FRENCH) % {"title": called},
        "language": FRENCH,
        "size": size.value,
        "territory": name,
        "signs": [_values(sign, addresses[sign.notice.slug]) for sign in signs],
        "words": {
            "here": words.translate(_("Here is measured:"), FRENCH),
            "ask": words.translate(_("A question?"), FRENCH),
            "more": words.translate(_("Everything about it"), FRENCH),
        },
    }
    return Sheet(template="sign", values=values, pictures={slug: qr(at) for slug, at in addresses.items()})


def languages_of(sheet: Sheet) -> tuple[str, ...]:
    """The languages a sheet of signs speaks, French first."""
    return tuple(dict.fromkeys(said["language"] for one in sheet.values["signs"] for said in one["said"]))


def _declared(sign: Sign) -> SensorNotice:
    assert sign.notice.declared is not None
    return sign.notice.declared


def _values(sign: Sign, at: str) -> dict[str, Any]:
    contact = sign.notice.contact
    return {
        "picture": sign.notice.slug,
        "code": words.translate(_("Code to scan, which leads to %(address)s"), FRENCH) % {"address": at},
        "address": at.partition("://")[2],
        "place": sign.place,
        "contact": _firm(contact.fr) if contact else "",
        "said": [_said(sign, lang) for lang in sign.languages],
    }


def _firm(text: str) -> str:
    """Groups of figures (a telephone, an hour) stay on one line."""
    return re.sub(r"(?<=\d) (?=\d|h\b)|(?<=\bh) (?=\d)", "\u00a0", text)


def _said(sign: Sign, lang: str) -> dict[str, str]:
    """What the sign says in one language."""
    declared = _declared(sign)
    if lang in (FRENCH, "en"):
        why = declared.why.read(lang)[0] if declared.why else ""
        contact = sign.notice.contact.en if sign.notice.contact and lang == "en" else ""
        return {"language": lang, "what": declared.title.read(lang)[0], "why": why, "contact": contact}
    one = next(one for one in declared.translations if one.language == lang)
    return {"language": lang, "what": one.title, "why": one.why, "contact": one.contact}
