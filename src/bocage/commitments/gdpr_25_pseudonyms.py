"""GDPR articles 4(5) and 25, applicable since 25 May 2018: identifiers become pseudonyms of the day."""

from datetime import date

from bocage.commitments.answers import faulty, kept, or_kept, refusal, to_mend
from bocage.commitments.change import Change
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.flow import Flow, Strand
from bocage.commitments.promise import Basis, Duty, Moment, Promise
from bocage.commitments.standings import not_concerned, required
from bocage.commitments.texts import gdpr
from bocage.domain.decision import Evidence, Finding, Refusal, Stands, WayOut
from bocage.domain.nature import Nature
from bocage.domain.purpose import Purpose
from bocage.domain.sensing import Datastream
from bocage.domain.source import Source, Transport
from bocage.domain.text import message as _

CODE = "gdpr_25_pseudonyms"


def asked_before_declaring(change: Change) -> tuple[Refusal, ...]:
    """Identifiers do not come by files, which lie on a disk before anything reads them."""
    after = change.after
    wrong = isinstance(after, Source) and after.pseudonyms and after.transport is Transport.FILE
    return faulty(CODE, change, ("by-file",) if wrong else (), "transport", overridable=False)


def asked_before_keeping(flow: Flow) -> tuple[Refusal, ...]:
    """An identifier comes as words of a source that replaces them. A purpose that says that nobody is concerned takes
    no pseudonym: whoever has the key knows whose it is."""
    return (*_raw(flow), *_denied(flow))


def _raw(flow: Flow) -> tuple[Refusal, ...]:
    """A series of identifiers that would be kept as they are: of a source that replaces no words, or of numbers."""
    stream, source = flow.strand.datastream, flow.course.source
    if stream is None or not stream.identifier or source is None:
        return ()
    values = {"series": flow.series, "source": flow.course.source_slug}
    if not source.pseudonyms:
        way_out = WayOut(kind=Source.kind, slug=flow.course.source_slug, field="pseudonyms")
        return (refusal(CODE, "identifier-raw", way_out, overridable=False, **values),)
    if stream.nature is not Nature.STATE:
        way_out = WayOut(kind=Datastream.kind, slug=flow.strand.slug, field="nature")
        return (refusal(CODE, "identifier-quantity", way_out, overridable=False, **values),)
    return ()


def _identifies(strand: Strand) -> tuple[bool, bool]:
    """What the gate looks at of a series: whether it identifies, and as words."""
    stream = strand.datastream
    return stream is not None and stream.identifier, stream is not None and stream.nature is Nature.STATE


def _denied(flow: Flow) -> tuple[Refusal, ...]:
    if (
        flow.course.source is None
        or not flow.course.source.pseudonyms
        or flow.course.purpose is None
        or flow.course.purpose.personal is not False
    ):
        return ()
    way_out = WayOut(kind=Purpose.kind, slug=flow.course.purpose_slug, field="personal")
    return (
        refusal(
            CODE, "personal-denied", way_out, overridable=False, series=flow.series, purpose=flow.course.purpose_slug
        ),
    )


def examine(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Sources of identifiers under a purpose that says that nobody is concerned; how many are in order."""
    sources = {slug: one for slug, one in sorted(facts.all(Source).items()) if one.pseudonyms}
    found = tuple(
        to_mend(
            CODE,
            "source-personal-denied",
            WayOut(kind=Purpose.kind, slug=one.purpose, field="personal"),
            Evidence.DECLARED,
            source=slug,
            purpose=one.purpose,
        )
        for slug, one in sources.items()
        if (purpose := facts.one(Purpose, one.purpose)) and purpose.personal is False
    )
    return or_kept(found, kept(CODE, Evidence.MEASURED, count=len(sources)))


def _standing(facts: TerritoryFacts) -> Stands:
    named = any(one.identifier for one in facts.all(Datastream).values())
    if named or any(one.pseudonyms for one in facts.all(Source).values()):
        return required("persons-concerned")
    return not_concerned("no-identifier")


PROMISE = Promise(
    code=CODE,
    number="GDPR 25",
    title=_("An identifier lasts no longer than a day"),
    text=_(
        "Where a source sends badges, plates or addresses of devices, each becomes a pseudonym before anything is "
        "kept, with a key that is destroyed when the day is over. The identifier itself is written nowhere. Pseudonyms "
        "stay personal data, and everything that protects persons applies to them."
    ),
    why=_(
        "Counting who comes back within the day needs no plate. What nobody can link from one day to the next "
        "follows nobody."
    ),
    unseen=_(
        "Software cannot see what the sender itself keeps, nor an identifier that is sent as a number in a series of "
        "quantities of which nobody said that its values identify somebody."
    ),
    basis=Basis.LAW,
    references=(gdpr("4(5)"), gdpr("25")),
    effect=date(2018, 5, 25),
    codes=("by-file", "identifier-raw", "identifier-quantity", "personal-denied", "source-personal-denied", "kept"),
    standing=_standing,
    gates={Moment.DECLARE: asked_before_declaring, Moment.INGEST: asked_before_keeping},
    sees=_identifies,
    duties=(
        Duty(
            name=_("Identifiers under a purpose that says that nobody is concerned"),
            examine=examine,
            reads=(Source, Purpose),
        ),
    ),
    liftable=False,
)
