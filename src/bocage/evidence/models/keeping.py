"""The models a territory offers and each offer made of them, kept in tables: they are proposals, not declarations."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from bocage import relational
from bocage.domain.decision import Refusal
from bocage.domain.errors import Missing
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.evidence.models.communes import Row
from bocage.evidence.models.draft import Draft, Model, checked
from bocage.evidence.tables import Offer as OfferRow
from bocage.evidence.tables import Offered as OfferedRow


class Result(Labelled):
    """What came of giving a model to one territory."""

    BEGUN = "begun", _("Begun with the model")
    GIVEN = "given", _("Given")
    SAME = "same", _("Nothing to change")
    WAITING = "waiting", _("Waits for its answer")
    REFUSED = "refused", _("Refused by the territory")
    STOPPED = "stopped", _("Stopped by a gate: nothing was written")
    FAILED = "failed", _("Could not be done: nothing was written")
    NOT_YOURS = "not-yours", _("Only the administrator of the instance may")
    UNDONE = "undone", _("Taken back")


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was answered to an offer: `by` whom, in words; `account`: who recorded it; `why`, of a refusal."""

    by: str
    at: datetime
    account: str = ""
    why: str = ""


class Told(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What came of it last. `number`: what takes it back, 0 when nothing was written; `before`: what had been given."""

    result: Result
    at: datetime
    counts: dict[str, int] = {}
    refusals: tuple[Refusal, ...] = ()
    failure: str = ""
    number: int = 0
    before: dict[str, dict[str, Any]] = {}


class Offer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A model offered to one territory. `refused`: by place of a draft, or `*`; `agreed` with `seen`: what it agreed
    to, as a digest, or `always`: later revisions too; `given`: by place, what the model gave it last."""

    code: str
    slug: str
    name: str
    row: Row
    refused: dict[str, Answer] = {}
    agreed: Answer | None = None
    seen: str = ""
    always: bool = False
    given: dict[str, dict[str, Any]] = {}
    told: Told | None = None


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A model as a territory keeps it. `number` is that of its row."""

    owner: str
    number: int
    model: Model
    revision: int
    at: datetime
    account: str


def keep(owner: str, model: Model, account: str, at: datetime) -> Kept:
    """Keep a model, or what it has become: another revision when its drafts are other ones."""
    drafts = checked(model.drafts)
    body = msgspec.json.encode(drafts)
    with relational.transaction():
        row = OfferedRow.objects.filter(territory=owner, slug=model.slug).first()
        if row is None:
            row = OfferedRow(territory=owner, slug=model.slug, revision=0)
        elif bytes(row.body) == body:
            return _kept(row)
        row.title, row.body = msgspec.json.encode(model.title).decode(), body
        row.revision, row.at, row.account = row.revision + 1, at, account
        row.save()
    return _kept(row)


def models(owner: str) -> list[Kept]:
    """The models of a territory, by title."""
    found = [_kept(row) for row in OfferedRow.objects.filter(territory=owner)]
    return sorted(found, key=lambda one: one.model.title.fr.casefold())


def counts(owner: str) -> Counter[int]:
    """How many offers were made of each of its models, by number."""
    return Counter(OfferRow.objects.filter(offered__territory=owner).values_list("offered_id", flat=True))


def find(owner: str, slug: str) -> Kept:
    """One model; Missing when there is none of that name."""
    row = OfferedRow.objects.filter(territory=owner, slug=slug).first()
    if row is None:
        raise Missing(_("a model of this territory"), slug)
    return _kept(row)


def forget(kept: Kept) -> None:
    """Forget a model and its offers; what was given stays where it is."""
    OfferedRow.objects.filter(id=kept.number).delete()


def offers(kept: Kept) -> list[Offer]:
    """Everything offered, by name."""
    rows = OfferRow.objects.filter(offered_id=kept.number)
    return sorted((_offer(row) for row in rows), key=lambda one: (one.name.casefold(), one.code))


def offer(kept: Kept, code: str) -> Offer:
    """The offer made to one territory, by its code; Missing when none was."""
    row = OfferRow.objects.filter(offered_id=kept.number, code=code).first()
    if row is None:
        raise Missing(_("a territory this model is offered to"), code)
    return _offer(row)


def save(kept: Kept, changed: Iterable[Offer]) -> None:
    """Keep offers as they are now."""
    rows = (
        OfferRow(offered_id=kept.number, code=one.code, slug=one.slug, name=one.name, body=msgspec.json.encode(one))
        for one in changed
    )
    OfferRow.objects.bulk_create(
        rows, 500, update_conflicts=True, unique_fields=("offered", "code"), update_fields=("slug", "name", "body")
    )


def made_to(territory: str) -> list[tuple[Kept, Offer]]:
    """What others offer to a territory."""
    rows = OfferRow.objects.filter(slug=territory).select_related("offered")
    return [(_kept(row.offered), _offer(row)) for row in rows.order_by("offered__territory", "offered__slug")]


def taken() -> dict[str, str]:
    """The short names that offers already reckon with, by code."""
    return dict(OfferRow.objects.values_list("code", "slug"))


def _kept(row: OfferedRow) -> Kept:
    title = msgspec.json.decode(row.title, type=Text)
    drafts = msgspec.json.decode(bytes(row.body), type=tuple[Draft, ...])
    return Kept(
        owner=row.territory,
        number=row.pk,
        model=Model(slug=row.slug, title=title, drafts=drafts),
        revision=row.revision,
        at=row.at,
        account=row.account,
    )


def _offer(row: OfferRow) -> Offer:
    return msgspec.json.decode(bytes(row.body), type=Offer)
