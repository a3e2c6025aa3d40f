"""Offers a model to the territories of a file, keeps what they answer, and never forgets an answer by itself."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from bocage import registers, relational
from bocage.commitments.coherence import RESERVED
from bocage.domain.declaration import is_slug, slug_of
from bocage.domain.errors import Invalid
from bocage.domain.territory import Territory
from bocage.domain.text import message as _
from bocage.evidence.models import keeping
from bocage.evidence.models.communes import Row, Table, Wrong
from bocage.evidence.models.comparing import EVERYTHING
from bocage.evidence.models.giving import Official, digest
from bocage.evidence.models.keeping import Answer, Kept, Offer
from bocage.registers import official

LONGEST = 500  # characters of who answers, and of why


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a file: offers that are new, those that were there, and the lines that are wrong."""

    new: int
    known: int
    wrong: tuple[Wrong, ...]


class _Names:
    """The short name of each territory: the one it has here, the one an offer reckons with, or a free one."""

    def __init__(self) -> None:
        entries = registers.everywhere(Territory.kind)
        self.present = {one.key.slug: one.body for one in entries if isinstance(one.body, Territory)}
        self._by_code = {body.code: slug for slug, body in self.present.items() if body.code}
        self._by_code |= {code: slug for code, slug in keeping.taken().items() if code not in self._by_code}
        self._taken = {*self.present, *self._by_code.values(), *RESERVED}

    def of(self, row: Row, known: Official) -> str:
        """The name; empty when nobody knows such a territory."""
        if row.territory in self.present:
            return row.territory
        if row.code in self._by_code:
            return self._by_code[row.code]
        if row.code not in known:
            return ""
        body = known[row.code][0]
        stem = row.territory if is_slug(row.territory) else slug_of(body.title.fr)
        names = (stem, f"{stem}-{body.department.lower()}", f"{stem}-{row.code.lower()}")
        slug = next(name for name in names if name not in self._taken or name == names[-1])
        self._by_code[row.code] = slug
        self._taken.add(slug)
        return slug


def offer(kept: Kept, table: Table, account: str, at: datetime) -> Offered:
    """Offer the model to every territory of the file; answers and what was given before stay."""
    known = official.several(row.code for row in table.rows)
    with relational.transaction():
        names, there = _Names(), {one.code: one for one in keeping.offers(kept)}
        codes = {one.slug: one.code for one in there.values()}
        offers, wrong = [], list(table.wrong)
        for row in table.rows:
            before = there.get(row.code)
            slug = before.slug if before else names.of(row, known)
            body = names.present.get(slug) or (known[row.code][0] if row.code in known else None)
            fault = _fault(row, slug, body, codes) or _of_another(row, known)
            if fault:
                wrong.append(Wrong(line=table.numbers.get(row.code, 0), code=row.code, why=fault))
                continue
            one = before or Offer(code=row.code, slug=slug, name="", row=row)
            said = Answer(by=row.by[:LONGEST], why=row.why[:LONGEST], at=at, account=account)
            offers.append(_again(one, row, body, said))
            codes[slug] = row.code
        keeping.save(kept, offers)
    new = sum(one.code not in there for one in offers)
    return Offered(new=new, known=len(offers) - new, wrong=tuple(wrong))


def _again(one: Offer, row: Row, body: Territory | None, answer: Answer) -> Offer:
    """The offer with this line of the file; what was refused before keeps its reason."""
    name = row.name or (body.title.fr if body else row.code)
    return msgspec.structs.replace(
        one, name=name, row=row, refused={**dict.fromkeys(row.refuses, answer), **one.refused}
    )


def _fault(row: Row, slug: str, body: Territory | None, codes: Mapping[str, str]) -> str:
    """Why a line is about no territory, or about another one than its code says; empty when it is about one."""
    if not slug:
        return _("No file of the State knows this code.")
    if body and body.code and body.code != row.code:
        return _("The territory of this short name has another code.")
    return _("This territory is offered it under another code.") if codes.get(slug, row.code) != row.code else ""


def _of_another(row: Row, known: Official) -> str:
    """Whether the name of a line shares no word with that of its code: a slip would give one commune what another is to
    have."""
    if row.code not in known or not row.name:
        return ""
    said, stated = (set(slug_of(name).split("-")) for name in (row.name, known[row.code][0].title.fr))
    return "" if said & stated else _("This code is that of a commune of another name.")


def agree(kept: Kept, one: Offer, answer: Answer, *, always: bool) -> Offer:
    """It agrees to what it is offered as it stands; `always`: to what the model becomes, too."""
    _said(answer, why=False)
    with relational.transaction():
        now = keeping.offer(kept, one.code)
        refused = {place: said for place, said in now.refused.items() if place != EVERYTHING}
        changed = msgspec.structs.replace(now, agreed=answer, seen=digest(kept, one), always=always, refused=refused)
        keeping.save(kept, [changed])
    return changed


def refuse(kept: Kept, one: Offer, places: Sequence[str], answer: Answer) -> Offer:
    """It refuses these declarations, or everything; what was given before stays until it withdraws it itself."""
    _said(answer, why=True)
    known = {EVERYTHING, *(draft.place for draft in kept.model.drafts)}
    if not places or set(places) - known:
        raise Invalid(_("declarations of the model"), ", ".join(places), field="refused")
    with relational.transaction():
        now = keeping.offer(kept, one.code)
        agreed = None if EVERYTHING in places else now.agreed
        refused = {**now.refused, **dict.fromkeys(places, answer)}
        changed = msgspec.structs.replace(now, refused=refused, agreed=agreed)
        keeping.save(kept, [changed])
    return changed


def reconsider(kept: Kept, one: Offer, places: Iterable[str]) -> Offer:
    """It no longer refuses these; what it had agreed to was without them, so that it agrees anew."""
    gone = set(places)
    with relational.transaction():
        now = keeping.offer(kept, one.code)
        refused = {place: said for place, said in now.refused.items() if place not in gone}
        agreed = now.agreed if refused == now.refused else None
        changed = msgspec.structs.replace(now, refused=refused, agreed=agreed)
        keeping.save(kept, [changed])
    return changed


def _said(answer: Answer, *, why: bool) -> None:
    for name, text in (("by", answer.by), ("why", answer.why)):
        if (name == "by" or why) and not text.strip():
            raise Invalid(_("who answers, and the reason of a refusal"), field=name)
        if len(text) > LONGEST:
            raise Invalid(_("a text of 500 characters at most"), str(len(text)), field=name)
