"""CRPA articles L312-1-1 and D312-1-1-1, applicable since 7 October 2018: data are open unless a ground is stated."""

from datetime import date

from bocage.commitments import environment
from bocage.commitments.answers import kept, refusal, to_mend
from bocage.commitments.change import Change
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.flow import FLOW
from bocage.commitments.promise import Basis, Duty, Moment, Promise
from bocage.commitments.release import Release
from bocage.commitments.standings import chosen, required, unchecked
from bocage.commitments.texts import crpa
from bocage.commitments.texts import environment as environment_code
from bocage.domain.dataset import Dataset, Openness
from bocage.domain.decision import Evidence, Finding, Refusal, Stands, WayOut
from bocage.domain.text import message as _

CODE = "openness"
LEAST_POPULATION = 3_500  # CRPA L312-1-1
LEAST_AGENTS = 50  # CRPA D312-1-1-1, in full-time equivalents
REASONS = ("ground", "reason", "review")
ENVIRONMENT = ("L124-2", "L124-4", "L124-5")
ASKED = ("weighing-missing", "emissions-ground")
DUE = ("review-due", "kept")
UNANSWERED = "environment-unanswered"


def asked_before_declaring(change: Change) -> tuple[Refusal, ...]:
    """A closed dataset states its ground, the reason in plain words, and the date at which a person decides again.

    One of environmental information states besides what was weighed.
    """
    body = change.after
    if not isinstance(body, Dataset) or body.openness is Openness.OPEN:
        return ()
    missing = tuple(
        refusal(
            CODE,
            f"{field}-missing",
            WayOut(kind="dataset", slug=change.slug, field=field),
            overridable=False,
            dataset=change.slug,
        )
        for field in REASONS
        if getattr(body, field) is None
    )
    return (*missing, *environment.asked_of_closed(CODE, change.slug, body))


def asked_before_publishing(release: Release) -> tuple[Refusal, ...]:
    """What is closed is not given, whatever the date: a person opens it, never the calendar."""
    way_out = WayOut(kind="dataset", slug=release.dataset_slug, field="openness")
    if release.dataset is None:
        undeclared = WayOut(kind="dataset", slug=release.dataset_slug)
        return (refusal(CODE, "dataset-undeclared", undeclared, overridable=False, dataset=release.dataset_slug),)
    if release.dataset.openness is Openness.CLOSED:
        return (refusal(CODE, "closed", way_out, overridable=False, dataset=release.dataset_slug),)
    return ()


def examine(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Closed datasets whose date has come, one by one; otherwise how many are open and how many are closed."""
    datasets = facts.all(Dataset)
    closed = {slug: body for slug, body in sorted(datasets.items()) if body.openness is Openness.CLOSED}
    due = tuple(
        to_mend(
            CODE,
            "review-due",
            WayOut(kind="dataset", slug=slug, field="review"),
            Evidence.MEASURED,
            dataset=slug,
            review_day=body.review.isoformat(),
        )
        for slug, body in closed.items()
        if body.review is not None and body.review <= facts.today
    )
    if datasets and not due:
        return (kept(CODE, Evidence.MEASURED, count=len(datasets) - len(closed), closed=len(closed)),)
    return due


def examine_environment(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Closed datasets whose series speak of the environment while they do not answer; they go on meanwhile."""
    return environment.unanswered(CODE, facts)


def standing(facts: TerritoryFacts) -> Stands:
    """Required from 3,500 inhabitants and 50 agents on; below, chosen; not to be checked while agents are unknown."""
    territory = facts.territory
    limits = {"people": LEAST_POPULATION, "agents": LEAST_AGENTS}
    if territory is None or territory.population == 0:
        return unchecked("population-unknown", **limits)
    if territory.population < LEAST_POPULATION:
        return chosen("below-population", here=territory.population, **limits)
    if territory.agents is None:
        return unchecked("agents-unknown", **limits)
    if territory.agents < LEAST_AGENTS:
        return chosen("below-agents", here=territory.agents, **limits)
    return required("above-thresholds", **limits)


PROMISE = Promise(
    code=CODE,
    number="CRPA L312-1-1",
    title=_("Data are open unless there is a stated reason"),
    text=_(
        "Every dataset is open to all under a free licence. One that stays closed says on which ground of law, why in "
        "plain words, and when a person decides again; it never opens by itself. The law asks it of local authorities "
        "of 3,500 inhabitants or more and 50 agents or more; others choose it. Environmental information is closed on "
        "stricter terms, whatever the size: what was weighed is written, and secrets do not cover emissions."
    ),
    why=_(
        "Data paid for by everyone belong to everyone. What stays closed says why, so that the reason can be "
        "argued with."
    ),
    unseen=_("Software cannot see the data that are kept outside of it."),
    basis=Basis.LAW,
    references=(crpa("L312-1-1"), crpa("D312-1-1-1"), crpa("L311-5, L311-6"), *map(environment_code, ENVIRONMENT)),
    effect=date(2018, 10, 7),
    codes=(*(f"{field}-missing" for field in REASONS), *ASKED, "dataset-undeclared", "closed", *DUE, UNANSWERED),
    standing=standing,
    gates={Moment.DECLARE: asked_before_declaring, Moment.PUBLISH: asked_before_publishing},
    duties=(
        Duty(name=_("Closed datasets whose date of decision has come"), examine=examine, reads=(Dataset,), codes=DUE),
        Duty(
            name=_("Closed datasets that may hold environmental information, and do not say"),
            examine=examine_environment,
            reads=FLOW,
            codes=(UNANSWERED,),
        ),
    ),
    liftable=False,
)
