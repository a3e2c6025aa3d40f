"""Recommendation 30 of the study of October 2021: the data function is organised."""

from datetime import date

from bocage.commitments.answers import kept, or_kept, to_mend
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Basis, Duty, Promise
from bocage.commitments.standings import always, chosen
from bocage.commitments.texts import study
from bocage.domain.data_strategy import DataStrategy
from bocage.domain.dataset import Dataset
from bocage.domain.decision import Evidence, Finding, WayOut
from bocage.domain.public_service import PublicService
from bocage.domain.role import Role, RoleName
from bocage.domain.text import message as _
from bocage.domain.training import Training

CODE = "r30_data_function"

FUNCTION = (RoleName.DATA_ADMINISTRATOR, RoleName.DPO, RoleName.SECURITY_OFFICER, RoleName.DECIDER)
"""The roles without which there is no data function."""


def examine_roles(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Roles that nobody holds today, one by one; otherwise how many people hold them."""
    held = [role for role in facts.all(Role).values() if role.lasts(facts.today)]
    vacant = tuple(
        to_mend(CODE, f"{name.value}-vacant", WayOut(kind=Role.kind), Evidence.DECLARED)
        for name in FUNCTION
        if name not in {role.role for role in held}
    )
    return vacant or (kept(CODE, Evidence.DECLARED, code="roles-held", count=len(FUNCTION)),)


def examine_stewards(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Datasets without a steward, and those whose steward holds the role no more."""
    datasets = facts.all(Dataset)
    found = []
    for slug, body in sorted(datasets.items()):
        steward = facts.one(Role, body.steward)
        way_out = WayOut(kind=Dataset.kind, slug=slug, field="steward")
        if steward is None:
            found.append(to_mend(CODE, "steward-missing", way_out, Evidence.MEASURED, dataset=slug))
        elif not steward.lasts(facts.today):
            found.append(to_mend(CODE, "steward-gone", way_out, Evidence.MEASURED, dataset=slug, role=body.steward))
    return or_kept(found, kept(CODE, Evidence.DECLARED, code="stewards-named", count=len(datasets)))


def examine_services(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Services with data for which no steward is named today; a steward who names no service answers for all."""
    stewards = [one for one in facts.all(Role).values() if one.role is RoleName.STEWARD and one.lasts(facts.today)]
    if any(not one.services for one in stewards):
        named = frozenset(facts.all(PublicService))
    else:
        named = frozenset(slug for one in stewards for slug in one.services)
    held = {one.service for one in facts.all(Dataset).values() if one.service}
    found = tuple(
        to_mend(CODE, "service-vacant", WayOut(kind=Role.kind), Evidence.DECLARED, service=slug)
        for slug in sorted(held - named)
    )
    return or_kept(found, kept(CODE, Evidence.DECLARED, code="services-held", count=len(held)))


def examine_trainings(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Roles that a training says need it and whose holders had none; and trainings whose day passed without them."""
    trainings = sorted(facts.all(Training).items())
    found = [
        to_mend(CODE, "training-late", WayOut(kind=Training.kind, slug=slug), Evidence.DECLARED, training=slug)
        for slug, one in trainings
        if not one.held and one.day is not None and one.day < facts.today
    ]
    held = {role.role for role in facts.all(Role).values() if role.lasts(facts.today)}
    needed = {name for _slug, one in trainings for name in one.roles}
    trained = {name for _slug, one in trainings if one.held for name in one.roles}
    for name in (one for one in RoleName if one in held & needed - trained):
        way_out = WayOut(kind=Training.kind, field="held")
        found.append(to_mend(CODE, "untrained", way_out, Evidence.DECLARED, office=name.label))
    return or_kept(found, kept(CODE, Evidence.DECLARED, code="trained", count=len(needed)))


def examine_strategies(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """The data strategy has ended and no other runs; or the day of some of its aims has come: look at it again."""
    strategies = sorted(facts.all(DataStrategy).items())
    running = [(slug, one) for slug, one in strategies if one.ends is None or one.ends >= facts.today]
    if strategies and not running:
        slug, last = max(strategies, key=lambda pair: pair[1].ends or facts.today)
        day = (last.ends or facts.today).isoformat()
        way_out = WayOut(kind=DataStrategy.kind)
        return (to_mend(CODE, "strategy-ended", way_out, Evidence.MEASURED, strategy=slug, end_day=day),)
    due = {slug: sum(aim.by is not None and aim.by < facts.today for aim in one.aims) for slug, one in running}
    found = tuple(
        to_mend(
            CODE,
            "aims-due",
            WayOut(kind=DataStrategy.kind, slug=slug, field="aims"),
            Evidence.MEASURED,
            strategy=slug,
            count=count,
        )
        for slug, count in due.items()
        if count
    )
    return or_kept(found, kept(CODE, Evidence.DECLARED, code="strategy-runs", count=len(running)))


PROMISE = Promise(
    code=CODE,
    number="R30",
    title=_("The data function has people in charge"),
    text=_(
        "A data administrator, a data protection officer, a security officer and somebody who decides are named. "
        "Each dataset has its steward."
    ),
    why=_("Data that belong to everybody are looked after by nobody. A name beside each role is somebody to ask."),
    unseen=_("Software cannot see whether these people have the time and the training their role needs."),
    basis=Basis.MODEL,
    references=(study("R30"),),
    effect=date(2021, 10, 1),
    codes=(
        *(f"{name.value}-vacant" for name in FUNCTION),
        "roles-held",
        "steward-missing",
        "steward-gone",
        "stewards-named",
        *("service-vacant", "services-held"),
        *("training-late", "untrained", "trained"),
        *("strategy-ended", "aims-due", "strategy-runs"),
    ),
    standing=always(chosen()),
    duties=(
        Duty(
            name=_("Roles of the data function that nobody holds"),
            examine=examine_roles,
            reads=(Role,),
            codes=(*(f"{name.value}-vacant" for name in FUNCTION), "roles-held"),
        ),
        Duty(
            name=_("Datasets without a steward"),
            examine=examine_stewards,
            reads=(Role, Dataset),
            codes=("steward-missing", "steward-gone", "stewards-named"),
        ),
        Duty(
            name=_("Services without anyone in charge of their data"),
            examine=examine_services,
            reads=(PublicService, Role, Dataset),
            codes=("service-vacant", "services-held"),
        ),
        Duty(
            name=_("Roles without the training they need"),
            examine=examine_trainings,
            reads=(Role, Training),
            codes=("training-late", "untrained", "trained"),
        ),
        Duty(
            name=_("Data strategies that ended, or whose aims are due"),
            examine=examine_strategies,
            reads=(DataStrategy,),
            codes=("strategy-ended", "aims-due", "strategy-runs"),
        ),
    ),
    liftable=False,
)
