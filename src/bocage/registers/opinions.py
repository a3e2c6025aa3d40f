"""Opinions of the data protection officer on declarations (GDPR, article 39): given, shown beside what they are on.

The officer advises and declares nothing, so an opinion is no declaration: it is a row that names the version it was
given on, and it stays beside the history, sealed in the same chain; a later one does not erase it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

import msgspec

from bocage import relational
from bocage.domain.declaration import Key
from bocage.domain.errors import Invalid, Missing
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.registers import beside
from bocage.registers.reading import find
from bocage.registers.tables import OpinionRow

LONGEST: Final = 4000


class Verdict(Labelled):
    """What the officer advises."""

    FAVOURABLE = "favourable", _("Favourable")
    RESERVED = "reserved", _("Favourable, with reservations")
    UNFAVOURABLE = "unfavourable", _("Unfavourable")


class Opinion(msgspec.Struct, frozen=True, kw_only=True):
    """One opinion on one version; `account` is the pseudonym of who gave it. `withdrawn`: taken back since."""

    number: int
    key: Key
    version: int
    verdict: Verdict
    text: Text
    account: str
    at: datetime
    withdrawn: bool = False


def give(key: Key, verdict: Verdict, text: Text, account: str, at: datetime) -> Opinion:
    """Give an opinion on a declaration as it holds now; Missing when nothing of that name holds."""
    if max(len(text.fr), len(text.en)) > LONGEST:
        raise Invalid(_("an opinion of at most {most} characters"), str(len(text.fr)), most=LONGEST)
    with relational.transaction():
        entry = find(key)
        if entry is None:
            raise Missing(_("a declaration that holds"), f"{key.kind}/{key.slug}")
        row = OpinionRow(
            territory=key.territory,
            kind=key.kind,
            slug=key.slug,
            version=entry.version,
            verdict=verdict.value,
            text_fr=text.fr,
            text_en=text.en,
            account=account,
            at=at,
        )
        beside.seal(row, account, at)
    return _opinion(row)


def given(key: Key, *, withdrawn: bool = False) -> list[Opinion]:
    """The opinions on a declaration, newest first; those taken back only when asked for."""
    rows = OpinionRow.objects.filter(territory=key.territory, kind=key.kind, slug=key.slug).order_by("-at", "-id")
    return [_opinion(row) for row in (rows if withdrawn else rows.filter(withdrawn=False))]


def newest(territory: str, kinds: Iterable[str] = ()) -> dict[tuple[str, str], Opinion]:
    """The newest opinion on each declaration of a territory, by kind and slug; of all kinds when none is named."""
    rows = OpinionRow.objects.filter(territory=territory, withdrawn=False).order_by("at", "id")
    asked = tuple(kinds)
    return {(row.kind, row.slug): _opinion(row) for row in (rows.filter(kind__in=asked) if asked else rows)}


def withdraw(territory: str, number: int, account: str, at: datetime, *, back: bool = False) -> Opinion:
    """Take an opinion back, or give it again (`back`); Missing when the territory has none of that number."""
    with relational.transaction():
        row = OpinionRow.objects.filter(territory=territory, id=number).first()
        if row is None:
            raise Missing(_("an opinion"), str(number))
        row.withdrawn = not back
        beside.seal(row, account, at)
    return _opinion(row)


def _opinion(row: OpinionRow) -> Opinion:
    return Opinion(
        number=row.id,
        key=Key(territory=row.territory, kind=row.kind, slug=row.slug),
        version=row.version,
        verdict=Verdict.of(row.verdict),
        text=Text(fr=row.text_fr, en=row.text_en),
        account=row.account,
        at=row.at,
        withdrawn=row.withdrawn,
    )
