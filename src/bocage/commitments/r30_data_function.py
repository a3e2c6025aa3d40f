"""Recommendation 30 of the study of October 2021: the data function is organised."""

from datetime import date

from bocage.commitments.answers import kept, to_mend
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Basis, Duty, Promise
from bocage.commitments.standings import always, chosen
from bocage.commitments.texts import study
from bocage.domain.dataset import Dataset
from bocage.domain.decision import Evidence, Finding, WayOut
from bocage.domain.role import Role, RoleName
from bocage.domain.text import message as _

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
    if datasets and not found:
        return (kept(CODE, Evidence.DECLARED, code="stewards-named", count=len(datasets)),)
    return tuple(found)


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
    ),
    standing=always(chosen()),
    duties=(
        Duty(name=_("Roles of the data function that nobody holds"), examine=examine_roles, reads=(Role,)),
        Duty(name=_("Datasets without a steward"), examine=examine_stewards, reads=(Role, Dataset)),
    ),
    liftable=False,
)
