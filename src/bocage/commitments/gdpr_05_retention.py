"""GDPR article 5(1)(e), applicable since 25 May 2018: kept no longer than needed, with a fate stated for afterwards."""

from datetime import date

from bocage.commitments.answers import kept, refusal, to_mend
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.flow import Flow
from bocage.commitments.promise import Basis, Duty, Moment, Promise
from bocage.commitments.standings import where_persons_are_concerned
from bocage.commitments.texts import gdpr, heritage
from bocage.domain.decision import Evidence, Finding, Refusal, WayOut
from bocage.domain.purpose import Purpose
from bocage.domain.text import message as _

CODE = "gdpr_05_retention"
FIELDS = {"retention-undeclared": "retention_months", "fate-undeclared": "fate"}


def asked_before_keeping(flow: Flow) -> tuple[Refusal, ...]:
    """The purpose says how long measurements are kept, and what becomes of them then."""
    if flow.course.purpose is None:
        return ()
    return tuple(
        refusal(
            CODE,
            code,
            WayOut(kind="purpose", slug=flow.course.purpose_slug, field=field),
            series=flow.series,
            purpose=flow.course.purpose_slug,
        )
        for code, field in FIELDS.items()
        if getattr(flow.course.purpose, field) is None
    )


def examine(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Purposes that lack a retention period or a fate."""
    purposes = facts.all(Purpose)
    lacking = tuple(
        to_mend(
            CODE,
            f"purpose-{code}",
            WayOut(kind="purpose", slug=slug, field=field),
            Evidence.MEASURED,
            purpose=slug,
        )
        for slug, body in sorted(purposes.items())
        for code, field in FIELDS.items()
        if getattr(body, field) is None
    )
    if purposes and not lacking:
        longest = max(body.retention_months or 0 for body in purposes.values())
        return (kept(CODE, Evidence.DECLARED, count=len(purposes), months=longest),)
    return lacking


PROMISE = Promise(
    code=CODE,
    number="GDPR 5",
    title=_("Kept for a stated time, then erased"),
    text=_(
        "Each purpose says for how many months measurements are kept, and what becomes of them then: eliminated, "
        "sorted, or handed to the archives. After that time they are erased, in the totals too."
    ),
    why=_(
        "Data that nobody erases pile up, and one day serve what they were not made for. An end known from "
        "the beginning protects people, and spares machines."
    ),
    unseen=_("Software cannot see the copies that others downloaded, nor the files that somebody exported."),
    basis=Basis.LAW,
    references=(gdpr("5(1)(e)"), heritage("L212-2")),
    effect=date(2018, 5, 25),
    codes=(*FIELDS, *(f"purpose-{code}" for code in FIELDS), "kept"),
    standing=where_persons_are_concerned,
    gates={Moment.INGEST: asked_before_keeping},
    duties=(Duty(name=_("Purposes without a retention period or a fate"), examine=examine, reads=(Purpose,)),),
)
