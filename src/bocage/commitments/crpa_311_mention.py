"""CRPA L311-3-1 and L312-1-3, law no. 78-17 article 47: what founds decisions about persons says so."""

from collections.abc import Iterator
from datetime import date

from bocage.commitments.answers import faulty, kept, or_kept, to_mend
from bocage.commitments.change import Change
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Basis, Duty, Moment, Promise
from bocage.commitments.standings import not_concerned, required
from bocage.commitments.texts import ai_act, crpa, data_law
from bocage.domain.algorithm import Algorithm, Automation, Reach
from bocage.domain.algorithm_inventory import AiCategory
from bocage.domain.assessment import Assessment
from bocage.domain.decision import Evidence, Finding, Refusal, Stands, WayOut
from bocage.domain.territory import Territory
from bocage.domain.text import message as _

CODE = "crpa_311_mention"
AGENTS = 50
"""Full-time agents from which the inventory is asked for, as the guide of Etalab states it for L312-1-3."""

Fault = tuple[str, str]
"""Code, and the field that mends it."""


def founding(facts: TerritoryFacts) -> dict[str, Algorithm]:
    """The entries in force that found individual decisions: the legal inventory."""
    return {
        slug: entry
        for slug, entry in sorted(facts.all(Algorithm).items())
        if entry.in_force and entry.reach is Reach.INDIVIDUAL
    }


def faults(entry: Algorithm) -> Iterator[Fault]:
    """What keeps an entry that founds individual decisions from being in force."""
    category = entry.law.ai_category
    if entry.inventory.aim is None:
        yield "without-aim", "inventory.aim"
    if entry.contact is None:
        yield "without-contact", "contact"
    if category is None:
        yield "category-unsaid", "law.ai_category"
    elif category is AiCategory.PROHIBITED:
        yield "prohibited", "law.ai_category"
    if entry.automation is Automation.DECIDES:
        yield from _alone(entry)


def _alone(entry: Algorithm) -> Iterator[Fault]:
    """What lacks where no person takes part in the decision."""
    law = entry.law
    if law.special_data is not False:
        yield ("decides-on-sensitive-data" if law.special_data else "sensitive-data-unsaid"), "law.special_data"
    if law.explained is None:
        yield "decides-unexplained", "law.explained"
    if entry.human_way is None:
        yield "decides-without-a-person", "human_way"


def asked_before_declaring(change: Change) -> tuple[Refusal, ...]:
    """Nothing founds a decision about a person before its mention can be made."""
    entry = change.after
    if not isinstance(entry, Algorithm) or not entry.in_force or entry.reach is not Reach.INDIVIDUAL:
        return ()
    return tuple(
        refusal for code, field in faults(entry) for refusal in faulty(CODE, change, (code,), field, overridable=False)
    )


def examine(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Entries in force whose mention cannot be made; otherwise how many can say theirs."""
    entries = founding(facts)
    found = tuple(
        to_mend(
            CODE,
            "mention-impossible",
            WayOut(kind=Algorithm.kind, slug=slug, field=lacking[0][1]),
            Evidence.DECLARED,
            algorithm=slug,
            count=len(lacking),
        )
        for slug, entry in entries.items()
        if (lacking := tuple(faults(entry)))
    )
    return or_kept(found, kept(CODE, Evidence.DECLARED, count=len(entries)))


def examine_inventory(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Entries whose inventory sheet has empty lines, where the law asks for the inventory."""
    territory = facts.territory
    if territory is None or (territory.agents is not None and territory.agents < AGENTS):
        return ()
    return tuple(
        to_mend(
            CODE,
            "inventory-incomplete",
            WayOut(kind=Algorithm.kind, slug=slug, field=f"inventory.{entry.inventory.lacking[0]}"),
            Evidence.DECLARED,
            algorithm=slug,
            count=len(entry.inventory.lacking),
        )
        for slug, entry in founding(facts).items()
        if entry.inventory.lacking
    )


def examine_high_risk(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """High-risk systems that nobody has assessed: the model asks for it of every one of them."""
    assessed = {one.algorithm for one in facts.all(Assessment).values() if one.done is not None}
    return tuple(
        to_mend(
            CODE,
            "high-risk-unassessed",
            WayOut(kind=Assessment.kind),
            Evidence.DECLARED,
            algorithm=slug,
        )
        for slug, entry in founding(facts).items()
        if entry.law.ai_category is AiCategory.HIGH_RISK and slug not in assessed
    )


def stands(facts: TerritoryFacts) -> Stands:
    """Required as soon as anything founds individual decisions."""
    entries = founding(facts)
    return required("individual-decisions", count=len(entries)) if entries else not_concerned("no-individual-decision")


PROMISE = Promise(
    code=CODE,
    number="CRPA L311-3-1",
    title=_("Whoever is decided upon with an algorithm is told so"),
    text=_(
        "What founds decisions about a person or an organisation stands in a legal inventory of its own, with what it "
        "serves to do and its category in the Artificial Intelligence Act. The mention that decisions carry is made "
        "from it; nothing decides by itself on sensitive data, nor without somebody who can explain it."
    ),
    why=_(
        "A decision that hides how it was made cannot be contested. The mention tells people that they may ask for "
        "the rules, and whom."
    ),
    unseen=_("Software cannot see whether the letters that go out carry the mention, nor calculations made elsewhere."),
    basis=Basis.LAW,
    references=(
        crpa("L311-3-1"),
        crpa("R311-3-1-1"),
        crpa("R311-3-1-2"),
        crpa("L312-1-3"),
        data_law("47"),
        ai_act("5"),
    ),
    effect=date(2017, 9, 1),
    codes=(
        *("without-aim", "without-contact", "category-unsaid", "prohibited", "sensitive-data-unsaid"),
        *("decides-on-sensitive-data", "decides-unexplained", "decides-without-a-person"),
        *("mention-impossible", "inventory-incomplete", "high-risk-unassessed", "kept"),
    ),
    standing=stands,
    gates={Moment.DECLARE: asked_before_declaring},
    duties=(
        Duty(
            name=_("Individual decisions whose mention cannot be made"),
            examine=examine,
            reads=(Algorithm,),
            codes=("mention-impossible", "kept"),
        ),
        Duty(
            name=_("Legal inventory with empty lines"),
            examine=examine_inventory,
            reads=(Algorithm, Territory),
            codes=("inventory-incomplete",),
        ),
        Duty(
            name=_("High-risk artificial intelligence without an assessment"),
            examine=examine_high_risk,
            reads=(Algorithm, Assessment),
            codes=("high-risk-unassessed",),
        ),
    ),
    liftable=False,
)
