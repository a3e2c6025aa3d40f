"""Recommendation 3 of the study of October 2021: the digital scheme itself is sober."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

import msgspec

from bocage.commitments.answers import kept, to_mend
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.footprint import Cost, Footprint, footprint
from bocage.commitments.measures import within
from bocage.commitments.promise import Basis, Duty, Promise
from bocage.commitments.standings import where_declared
from bocage.commitments.texts import study
from bocage.domain.dataset import Dataset, Openness
from bocage.domain.decision import Evidence, Finding, WayOut
from bocage.domain.device_fleet import DeviceFleet
from bocage.domain.footprint_budget import FootprintBudget
from bocage.domain.indicator import Indicator
from bocage.domain.measure import Period
from bocage.domain.own_factor import OwnFactor
from bocage.domain.rule import Rule
from bocage.domain.sensing import Datastream
from bocage.domain.text import message as _

CODE = "r03_sobriety"

SECONDS = {Period.HOUR: 3_600, Period.DAY: 86_400, Period.WEEK: 604_800, Period.MONTH: 2_592_000}
MOST_VALUES = 96
"""The model's choice: more values than a quarter of an hour gives in a day tell a figure of that day nothing more."""
WHOLE = 10


def uses(facts: TerritoryFacts) -> Mapping[str, tuple[Period, ...]]:
    """The periods for which rules in force and indicators ask for each series."""
    rules = (rule for rule in facts.all(Rule).values() if rule.active)
    found: dict[str, tuple[Period, ...]] = {}
    holders: tuple[msgspec.Struct, ...] = (*rules, *facts.all(Indicator).values())
    for holder in holders:
        for _path, measure in within(holder):
            for slug in measure.datastreams:
                found[slug] = (*found.get(slug, ()), measure.period)
    return found


def examine_use(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Series that nothing uses, counted by dataset: closed to all, in no rule and no indicator."""
    used, streams, opened = uses(facts), facts.all(Datastream), _opened(facts)
    unused = {slug: body.dataset for slug, body in streams.items() if slug not in used and body.dataset not in opened}
    first, counts = {dataset: slug for slug, dataset in sorted(unused.items(), reverse=True)}, Counter(unused.values())
    if streams and not unused:
        return (kept(CODE, Evidence.MEASURED, code="all-used", count=len(streams)),)
    return tuple(
        to_mend(
            CODE,
            "never-used",
            WayOut(kind=Datastream.kind, slug=first[dataset]),
            Evidence.MEASURED,
            dataset=dataset or "-",
            count=count,
        )
        for dataset, count in sorted(counts.items())
    )


def examine_cadence(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Series that nobody outside reads and that measure far more often than any rule or indicator asks."""
    used, streams = uses(facts), facts.all(Datastream)
    finer = (slug for slug, periods in used.items() if slug in streams and _far_finer(streams[slug], periods))
    opened = _opened(facts)
    return tuple(
        to_mend(
            CODE,
            "finer-than-uses",
            WayOut(kind=Datastream.kind, slug=slug, field="cadence_seconds"),
            Evidence.DECLARED,
            series=slug,
            usual_seconds=streams[slug].cadence_seconds or 0,
            period_seconds=min(SECONDS[period] for period in used[slug]),
        )
        for slug in sorted(finer)
        if streams[slug].dataset not in opened
    )


def examine_budgets(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Budgets that are passed, by what is most likely; fleets that no budget holds, budgets without any device."""
    fleets = facts.all(DeviceFleet)
    budgets = {slug: one for slug, one in sorted(facts.all(FootprintBudget).items()) if one.runs(facts.today)}
    if budgets and not fleets:
        return (
            to_mend(CODE, "devices-undeclared", WayOut(kind=DeviceFleet.kind), Evidence.DECLARED, count=len(budgets)),
        )
    if fleets and not budgets:
        return (to_mend(CODE, "no-budget", WayOut(kind=FootprintBudget.kind), Evidence.DECLARED, count=len(fleets)),)
    if not budgets:
        return ()
    whole = footprint(facts)
    over = tuple(
        finding for slug, one in budgets.items() for finding in _passed(slug, one, whole.service(one.service).total)
    )
    held = {one.service for one in budgets.values()}
    return (
        over
        or _uncounted(facts, whole, held)
        or (kept(CODE, Evidence.DECLARED, code="within-budget", count=len(budgets)),)
    )


def _uncounted(facts: TerritoryFacts, whole: Footprint, held: set[str]) -> tuple[Finding, ...]:
    """Fleets under a budget (`held`: the services of those that run) that are not wholly counted: nobody knows whether
    it is held."""
    lacking = {**dict.fromkeys(whole.without_power, "watts"), **dict.fromkeys(whole.without_sheet, "sheet")}
    return tuple(
        to_mend(
            CODE,
            "device-uncounted",
            WayOut(kind=DeviceFleet.kind, slug=slug, field=field),
            Evidence.DECLARED,
            device_fleet=slug,
        )
        for slug, field in sorted(lacking.items())
        if {"", facts.all(DeviceFleet)[slug].service} & held
    )


def _passed(slug: str, budget: FootprintBudget, cost: Cost) -> Iterator[Finding]:
    """What is passed of one budget: carbon, electricity."""
    for code, found, held in (
        ("over-budget", cost.kilograms.value, budget.kilograms),
        ("over-energy-budget", cost.kilowatt_hours.value, budget.kilowatt_hours),
    ):
        if held is not None and found > held:
            way_out = WayOut(kind=FootprintBudget.kind, slug=slug)
            told = {"found": _told(found), "held": _told(held)}
            yield to_mend(CODE, code, way_out, Evidence.DECLARED, footprint_budget=slug, **told)


def _told(value: float) -> float:
    """As a sentence says it: whole from ten on, below it with the two figures that count."""
    return round(value) if value >= WHOLE else float(f"{value:.2g}")


def _far_finer(stream: Datastream, periods: tuple[Period, ...]) -> bool:
    if not stream.cadence_seconds or Period.VALUE in periods:
        return False
    return stream.cadence_seconds * MOST_VALUES < min(SECONDS[period] for period in periods)


def _opened(facts: TerritoryFacts) -> frozenset[str]:
    """The datasets that everyone may read."""
    return frozenset(slug for slug, body in facts.all(Dataset).items() if body.openness is Openness.OPEN)


PROMISE = Promise(
    code=CODE,
    number="R3",
    title=_("Digital tools cost the planet no more than they must"),
    text=_(
        "Data that nothing uses are not collected, and no series is finer than any use of it. The footprint of each "
        "service is worked out, devices first, and held to a budget."
    ),
    why=_(
        "A sensor that is made, powered and replaced for nothing harms what it was meant to protect. Finding what "
        "is never used is the first saving."
    ),
    unseen=_(
        "Software cannot see how devices were made, nor a vendor's machines: what it knows of them is declared. Nor "
        "does it see what people do with a file once they have it."
    ),
    basis=Basis.MODEL,
    references=(study("R3"),),
    effect=date(2021, 10, 1),
    codes=(
        *("never-used", "all-used", "finer-than-uses", "over-budget", "over-energy-budget"),
        *("no-budget", "devices-undeclared", "device-uncounted", "within-budget"),
    ),
    standing=where_declared(Datastream, DeviceFleet, FootprintBudget),
    duties=(
        Duty(
            name=_("Data collected and never used"),
            examine=examine_use,
            reads=(Datastream, Dataset, Rule, Indicator),
            codes=("never-used", "all-used"),
        ),
        Duty(
            name=_("Cadence finer than any use"),
            examine=examine_cadence,
            reads=(Datastream, Dataset, Rule, Indicator),
            codes=("finer-than-uses",),
        ),
        Duty(
            name=_("Footprint over budget"),
            examine=examine_budgets,
            reads=(DeviceFleet, FootprintBudget, OwnFactor, Dataset),
            measured=True,
            codes=(
                *("over-budget", "over-energy-budget", "no-budget"),
                *("devices-undeclared", "device-uncounted", "within-budget"),
            ),
        ),
    ),
    liftable=False,
)
