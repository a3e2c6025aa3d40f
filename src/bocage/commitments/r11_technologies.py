"""Recommendation 11 of the study of October 2021: a mix of technologies fit for use, time and importance."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from bocage.commitments.answers import kept, to_mend
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Basis, Duty, Promise
from bocage.commitments.standings import where_declared
from bocage.commitments.texts import study
from bocage.domain.decision import Evidence, Finding, WayOut
from bocage.domain.sensing import Datastream
from bocage.domain.technology import Technology, TechnologyFamily
from bocage.domain.territory import Territory
from bocage.domain.text import message as _

CODE = "r11_technologies"
# The model's choice, where no ceiling was decided: one of two equal suppliers weighs as much (index 0.5).
CEILING = 0.5
LEAST = 2  # technologies of a family, below which a weight says nothing
WARNING_DAYS = 366


def herfindahl(weights: Iterable[float]) -> float:
    """The sum of the squares of the shares: 1 when one has all, 1/n when n share alike; 0 of nothing."""
    known = list(weights)
    whole = sum(known)
    return sum((weight / whole) ** 2 for weight in known) if whole else 0.0


def ceiling_of(facts: TerritoryFacts) -> float:
    """The ceiling that the territory declares, the model's where it declares none."""
    declared = facts.territory.vendor_ceiling if facts.territory else None
    return CEILING if declared is None else declared


def examine_weight(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Each part of the chain where one supplier weighs more than the ceiling, by the series its technologies carry."""
    ceiling = ceiling_of(facts)
    series = Counter(stream.source for stream in facts.all(Datastream).values())
    found, technologies = [], sorted(facts.all(Technology).items())
    for family in TechnologyFamily:
        used = [one for _slug, one in technologies if one.family is family and one.supplier]
        if len(used) < LEAST:
            continue
        weights: Counter[str] = Counter()
        for one in used:
            weights[one.supplier] += 1 + sum(series[source] for source in one.sources)
        index = herfindahl(weights.values())
        first, values = weights.most_common(1)[0][0], {"index": round(index, 2), "ceiling": ceiling}
        if index > ceiling:
            way_out, code = WayOut(kind=Technology.kind), f"concentrated-{family.value}"
            found.append(to_mend(CODE, code, way_out, Evidence.DECLARED, supplier=first, **values))
        else:
            found.append(kept(CODE, Evidence.DECLARED, code=f"mixed-{family.value}", **values))
    return tuple(found)


def examine_support(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Technologies that nobody mends any more, or soon."""
    found = []
    for slug, one in sorted(facts.all(Technology).items()):
        if one.support_ends and one.support_ends <= facts.today + timedelta(days=WARNING_DAYS):
            code = "support-ended" if one.support_ends <= facts.today else "support-ending"
            way_out = WayOut(kind=Technology.kind, slug=slug, field="support_ends")
            day = one.support_ends.isoformat()
            found.append(to_mend(CODE, code, way_out, Evidence.DECLARED, technology=slug, end_day=day))
    return tuple(found)


PROMISE = Promise(
    code=CODE,
    number="R11",
    title=_("No technology and no vendor holds the territory alone"),
    text=_(
        "Each technology is declared with its use, its vendor, its network and the end of its support. In each part "
        "of the chain the weight of vendors (Herfindahl index) stays below the ceiling that the territory declares, "
        "one half where it declares none."
    ),
    why=_(
        "Whoever depends on one supplier pays the price that supplier sets, and stops when it stops. A mix chosen "
        "for each use keeps the choice open."
    ),
    unseen=_("Software cannot see who stands behind a vendor, nor the parts that several products share."),
    basis=Basis.MODEL,
    references=(study("R11"),),
    effect=date(2021, 10, 1),
    codes=(
        *(f"concentrated-{family.value}" for family in TechnologyFamily),
        *(f"mixed-{family.value}" for family in TechnologyFamily),
        *("support-ended", "support-ending"),
    ),
    standing=where_declared(Technology),
    duties=(
        Duty(
            name=_("Weight of one supplier in each part of the chain"),
            examine=examine_weight,
            reads=(Territory, Technology, Datastream),
            codes=tuple(f"{said}-{family.value}" for said in ("concentrated", "mixed") for family in TechnologyFamily),
        ),
        Duty(
            name=_("Technologies whose support ends"),
            examine=examine_support,
            reads=(Technology,),
            codes=("support-ended", "support-ending"),
        ),
    ),
    liftable=False,
)
