"""GDPR articles 37 and 38, applicable since 25 May 2018: a data protection officer, who decides nothing of it."""

from datetime import date

from bocage.commitments.answers import kept, to_mend
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Basis, Duty, Promise
from bocage.commitments.standings import always, required
from bocage.commitments.texts import gdpr
from bocage.domain.decision import Evidence, Finding, WayOut
from bocage.domain.role import Role, RoleName
from bocage.domain.text import message as _

CODE = "gdpr_37_officer"
DECIDING = frozenset({RoleName.DATA_ADMINISTRATOR, RoleName.DECIDER, RoleName.SECURITY_OFFICER})
"""Roles that settle why and with which means data are processed: the model's reading of article 38(6)."""


def examine(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """No officer, or one who also holds a role that decides; otherwise that there is one."""
    lasting = {slug: role for slug, role in sorted(facts.all(Role).items()) if role.lasts(facts.today)}
    officers = {slug: role for slug, role in lasting.items() if role.role is RoleName.DPO}
    if not officers:
        return (to_mend(CODE, "vacant", WayOut(kind=Role.kind), Evidence.DECLARED),)
    deciding = {_holder(role) for role in lasting.values() if role.role in DECIDING} - {""}
    torn = tuple(
        to_mend(CODE, "also-decides", WayOut(kind=Role.kind, slug=slug), Evidence.DECLARED, role=slug)
        for slug, role in officers.items()
        if _holder(role) in deciding
    )
    return torn or (kept(CODE, Evidence.DECLARED, count=len(officers)),)


def _holder(role: Role) -> str:
    return role.holder.strip().casefold()


PROMISE = Promise(
    code=CODE,
    number="GDPR 37",
    title=_("A data protection officer watches, and decides nothing of it"),
    text=_(
        "A public body has a data protection officer; several may share one. The officer may have other tasks, as long "
        "as they give no conflict of interest: here, whoever says why data are collected, where they lie, or signs for "
        "it, is not the officer."
    ),
    why=_(
        "Somebody whose only task is to watch sees what those who decide do not. Whoever decides and watches "
        "at the same time watches over nobody."
    ),
    unseen=_("Software cannot see whether the officer is told of things in time, nor what else they do."),
    basis=Basis.LAW,
    references=(gdpr("37(1)(a)"), gdpr("37(3)"), gdpr("38(6)")),
    effect=date(2018, 5, 25),
    codes=("vacant", "also-decides", "kept"),
    standing=always(required("public-body")),
    duties=(
        Duty(
            name=_("A data protection officer who is missing, or who also decides"),
            examine=examine,
            reads=(Role,),
        ),
    ),
    liftable=False,
)
