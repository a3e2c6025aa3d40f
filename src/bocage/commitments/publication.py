"""CRPA article L312-1-2, in force since 9 October 2016: no personal data in clear in what is given to everyone."""

from collections.abc import Iterator
from datetime import date

from bocage.commitments.answers import kept, refusal, to_mend
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.flow import FLOW, Course, Strand, Strands
from bocage.commitments.persons import home_suspected, person_word
from bocage.commitments.promise import Basis, Duty, Moment, Promise
from bocage.commitments.release import Release
from bocage.commitments.standings import always, required
from bocage.commitments.texts import crpa, gdpr
from bocage.domain.dataset import Dataset, Openness, Sensitivity
from bocage.domain.decision import Evidence, Finding, Refusal, WayOut
from bocage.domain.text import message as _

CODE = "publication"
PERSONAL = (Sensitivity.PERSONAL, Sensitivity.SENSITIVE)


def asked_before_publishing(release: Release) -> tuple[Refusal, ...]:
    """Nothing whose dataset, purpose, names or values speak of persons; and nothing that has not said so."""
    if release.dataset is None:
        return ()
    own = _by_sensitivity(release.dataset, release.dataset_slug)
    return (*own, *(one for course, strands in release.courses for one in _by_course(course, strands)))


def _by_sensitivity(dataset: Dataset, slug: str) -> tuple[Refusal, ...]:
    way_out = WayOut(kind="dataset", slug=slug, field="sensitivity")
    if dataset.sensitivity is None:
        return (refusal(CODE, "sensitivity-undeclared", way_out, overridable=False, dataset=slug),)
    if dataset.sensitivity in PERSONAL:
        return (refusal(CODE, "personal-in-clear", way_out, overridable=False, dataset=slug),)
    return ()


def _by_course(course: Course, strands: Strands) -> Iterator[Refusal]:
    """What the purpose of a source says of persons, told once; where nobody is concerned, each series that says so."""
    to_purpose = WayOut(kind="purpose", slug=course.purpose_slug, field="personal")
    series = strands.each[0].series
    if course.purpose is None or course.purpose.personal is None:
        yield refusal(CODE, "persons-unanswered", to_purpose, overridable=False, series=series)
    elif course.purpose.personal:
        values = {"series": series, "purpose": course.purpose_slug}
        yield refusal(CODE, "purpose-concerns-persons", to_purpose, overridable=False, **values)
    else:
        for strand in strands.those(_speaks):
            way_out = WayOut(kind="datastream", slug=strand.slug, field="dataset")
            yield refusal(CODE, "series-speaks-of-persons", way_out, overridable=False, series=strand.series)


def _speaks(strand: Strand) -> bool:
    return bool(strand.signs or strand.answered(person_word) or strand.answered(home_suspected))


def examine(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Open datasets that the gate holds back, and how many are given."""
    found: list[Finding] = []
    given = 0
    for slug, body in sorted(facts.all(Dataset).items()):
        if body.openness is Openness.CLOSED or facts.territory is None:
            continue
        refusals = asked_before_publishing(facts.release(slug))
        given += not refusals
        found.extend(to_mend(CODE, "held-back", r.way_out, Evidence.MEASURED, dataset=slug) for r in refusals[:1])
    return (*found, kept(CODE, Evidence.MEASURED, count=given)) if given else tuple(found)


PROMISE = Promise(
    code=CODE,
    number="CRPA L312-1-2",
    title=_("Nothing published lets a person be recognised"),
    text=_(
        "A dataset that concerns persons is not published as it is. The gate looks at what was declared, at the names "
        "of the series and at the values themselves, and holds back what speaks of a person or of a home."
    ),
    why=_(
        "Once given to everyone, a piece of data can never be taken back. So it is looked at before it "
        "leaves, not after somebody was recognised in it."
    ),
    unseen=_("Software cannot see that a person could be recognised by joining this dataset with another."),
    basis=Basis.LAW,
    references=(crpa("L312-1-2"), gdpr("5(1)(c)")),
    effect=date(2016, 10, 9),
    codes=(
        "sensitivity-undeclared",
        "personal-in-clear",
        "persons-unanswered",
        "purpose-concerns-persons",
        "series-speaks-of-persons",
        "held-back",
        "kept",
    ),
    standing=always(required("everyone")),
    gates={Moment.PUBLISH: asked_before_publishing},
    duties=(Duty(name=_("Open datasets that the gate holds back"), examine=examine, reads=FLOW),),
    liftable=False,
)
