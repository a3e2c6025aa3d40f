"""Recommendation 19 of the study of October 2021: hosting follows the sensitivity of the data."""

from collections.abc import Iterator
from datetime import date

from bocage.commitments.acting import Acting
from bocage.commitments.answers import kept, or_kept, refusal, to_mend
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.flow import FLOW, Course, Flow, Hosting, Strands
from bocage.commitments.promise import Basis, Duty, Moment, Promise
from bocage.commitments.release import Release
from bocage.commitments.standings import always, chosen
from bocage.commitments.texts import study
from bocage.domain.dataset import Dataset, Sensitivity
from bocage.domain.decision import Evidence, Finding, Refusal, WayOut
from bocage.domain.hosting_site import Certification, HostingSite
from bocage.domain.organisation import Organisation, Sector
from bocage.domain.text import message as _

CODE = "r19_hosting"

# European Economic Area, and French territories that have a code of their own.
EUROPE = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
        "IS",
        "LI",
        "NO",
        "GP",
        "MQ",
        "GF",
        "RE",
        "YT",
        "MF",
        "BL",
        "PM",
        "NC",
        "PF",
        "WF",
    ]
)
# Least requirement of each sensitivity, as codes of what may lack: the matrix of docs/promises.md.
MATRIX: dict[Sensitivity, tuple[str, ...]] = {
    Sensitivity.PUBLIC: (),
    Sensitivity.INTERNAL: ("outside-europe",),
    Sensitivity.PERSONAL: ("outside-europe", "foreign-law"),
    Sensitivity.SENSITIVE: ("outside-europe", "foreign-law", "qualification-missing"),
}


def lacks(hosting: Hosting, sensitivity: Sensitivity) -> tuple[str, ...]:
    """What this site lacks for data of this sensitivity."""
    site = hosting.site
    qualified = Certification.SECNUMCLOUD in site.certifications
    public = hosting.operator is not None and hosting.operator.sector is Sector.PUBLIC
    faults = {
        "outside-europe": site.country not in EUROPE,
        "foreign-law": site.operator_outside_eu and not qualified,
        "qualification-missing": not (qualified or public),
    }
    return tuple(code for code in MATRIX[sensitivity] if faults[code])


def asked_before_keeping(flow: Flow) -> tuple[Refusal, ...]:
    """The dataset says how sensitive it is and where it lies; the place fits, and so does the sender's own."""
    if flow.strand.datastream is None:
        return ()
    if flow.course.dataset is None:
        way_out = WayOut(kind="datastream", slug=flow.strand.slug, field="dataset")
        return (refusal(CODE, "dataset-missing", way_out, series=flow.series),)
    undeclared = _undeclared(flow, flow.course.dataset)
    if undeclared or flow.course.dataset.sensitivity is None:
        return undeclared
    sites = [site for site in (flow.course.hosting, flow.course.sender) if site]
    return tuple(_unfit(flow, site, code) for site in sites for code in lacks(site, flow.course.dataset.sensitivity))


def _undeclared(flow: Flow, dataset: Dataset) -> tuple[Refusal, ...]:
    """What the dataset does not say, or says too low."""
    personal = flow.course.purpose is not None and flow.course.purpose.personal is True
    too_low = personal and dataset.sensitivity in (Sensitivity.PUBLIC, Sensitivity.INTERNAL)
    faults = {
        "sensitivity-undeclared": ("sensitivity", dataset.sensitivity is None),
        "sensitivity-too-low": ("sensitivity", too_low),
        "site-undeclared": ("hosting", flow.course.hosting is None),
    }
    return tuple(
        refusal(
            CODE,
            code,
            WayOut(kind="dataset", slug=flow.course.dataset_slug, field=field),
            series=flow.series,
            dataset=flow.course.dataset_slug,
        )
        for code, (field, fault) in faults.items()
        if fault
    )


def _unfit(flow: Flow, hosting: Hosting, code: str) -> Refusal:
    way_out = WayOut(kind="hosting-site", slug=hosting.slug)
    return refusal(CODE, code, way_out, series=flow.series, dataset=flow.course.dataset_slug, site=hosting.slug)


def asked_before_publishing(release: Release) -> tuple[Refusal, ...]:
    """What is given to everyone lies where its sensitivity wants it, too."""
    found: dict[tuple[str, str, str], Refusal] = {}
    for course, strands in release.courses:
        for seen in _of_course(course, strands):
            found.setdefault((seen.code, seen.way_out.kind, seen.way_out.slug), seen)
    return tuple(found.values())


def asked_before_acting(order: Acting) -> tuple[Refusal, ...]:
    """An order to equipment is never less than internal: what carries it lies where internal data may."""
    body = order.actuator
    site = order.facts.one(HostingSite, body.hosting) if body else None
    if body is None or site is None:
        return ()
    through = Hosting(slug=body.hosting, site=site, operator=order.facts.one(Organisation, site.operator))
    way_out = WayOut(kind="hosting-site", slug=body.hosting)
    return tuple(
        refusal(CODE, f"orders-{code}", way_out, overridable=False, actuator=order.slug, site=body.hosting)
        for code in lacks(through, Sensitivity.INTERNAL)
    )


def _of_course(course: Course, strands: Strands) -> Iterator[Refusal]:
    """What is refused of the series of a course: of each that names no dataset, or of the first, for all share it."""
    for strand in strands.each if course.dataset is None else strands.each[:1]:
        yield from asked_before_keeping(Flow(course, strand))


def examine(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Datasets whose site does not fit, and senders run by others whose own site is not known."""
    found: dict[tuple[str, str], Finding] = {}
    courses = facts.courses()
    for course, strands in courses:
        for seen in _of_course(course, strands):
            key = (seen.code, seen.way_out.slug)
            found.setdefault(key, to_mend(CODE, seen.code, seen.way_out, Evidence.DECLARED, **seen.values))
        if course.source and course.source.operator and course.sender is None:
            way_out = WayOut(kind="source", slug=course.source_slug, field="hosting")
            unknown = to_mend(CODE, "sender-unknown", way_out, Evidence.DECLARED, source=course.source_slug)
            found.setdefault(("sender-unknown", course.source_slug), unknown)
    datasets = {course.dataset_slug for course, _strands in courses}
    return or_kept(found.values(), kept(CODE, Evidence.DECLARED, count=len(datasets)))


PROMISE = Promise(
    code=CODE,
    number="R19",
    title=_("Data lie where their sensitivity wants them"),
    text=_(
        "Each dataset says how sensitive it is and where it lies. Internal data stay in Europe; personal data also "
        "stay out of reach of the law of other countries; sensitive data lie with a public body or a site qualified "
        "SecNumCloud."
    ),
    why=_(
        "Whoever holds the machines can read the data, and so can the law of the country they depend on. The "
        "more the data touch people, the closer they stay to public hands."
    ),
    unseen=_("Software cannot see where a vendor really keeps the data: country and operator are what was declared."),
    basis=Basis.MODEL,
    references=(study("R19"),),
    effect=date(2021, 10, 1),
    codes=(
        "dataset-missing",
        "sensitivity-undeclared",
        "sensitivity-too-low",
        "site-undeclared",
        "outside-europe",
        "orders-outside-europe",
        "foreign-law",
        "qualification-missing",
        "sender-unknown",
        "kept",
    ),
    standing=always(chosen()),
    gates={
        Moment.INGEST: asked_before_keeping,
        Moment.PUBLISH: asked_before_publishing,
        Moment.ACT: asked_before_acting,
    },
    duties=(
        Duty(
            name=_("Datasets whose site does not fit, senders whose own site is unknown"),
            examine=examine,
            reads=FLOW,
        ),
    ),
)
