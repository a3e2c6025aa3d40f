"""Recommendation 47 of the study of October 2021: data follow standards: schemas, semantics."""

from datetime import date

from bocage.commitments.answers import kept, to_mend
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Basis, Duty, Promise
from bocage.commitments.standings import where_declared
from bocage.commitments.texts import study
from bocage.domain.dataset import Dataset, Openness
from bocage.domain.decision import Evidence, Finding, WayOut
from bocage.domain.nature import Nature
from bocage.domain.sensing import Datastream, ObservedProperty
from bocage.domain.text import message as _

CODE = "r47_data_standards"

UNITLESS = frozenset({Nature.STATE})
"""Natures whose values have no unit."""


def examine_units(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Series whose unit has no UCUM code, counted by what they observe, with the first to complete."""
    streams = facts.all(Datastream)
    lacking: dict[str, list[str]] = {}
    for slug, body in streams.items():
        if not body.unit.ucum and body.nature not in UNITLESS:
            lacking.setdefault(body.observed_property, []).append(slug)
    if streams and not lacking:
        return (kept(CODE, Evidence.MEASURED, code="units-told", count=len(streams)),)
    return tuple(
        to_mend(
            CODE,
            "unit-missing",
            WayOut(kind=Datastream.kind, slug=min(slugs), field="unit.ucum"),
            Evidence.MEASURED,
            observed=observed,
            count=len(slugs),
        )
        for observed, slugs in sorted(lacking.items())
    )


def examine_definitions(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """What is observed without the address of its definition."""
    observed = facts.all(ObservedProperty)
    lacking = [slug for slug, body in sorted(observed.items()) if not body.definition]
    if observed and not lacking:
        return (kept(CODE, Evidence.MEASURED, code="defined", count=len(observed)),)
    return tuple(
        to_mend(
            CODE,
            "definition-missing",
            WayOut(kind=ObservedProperty.kind, slug=slug, field="definition"),
            Evidence.MEASURED,
            observed=slug,
        )
        for slug in lacking
    )


def examine_schemas(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Open datasets that do not name the schema they follow."""
    datasets = {slug: one for slug, one in sorted(facts.all(Dataset).items()) if one.openness is Openness.OPEN}
    lacking = [slug for slug, one in datasets.items() if not one.data_schema]
    if datasets and not lacking:
        return (kept(CODE, Evidence.DECLARED, code="schemas-named", count=len(datasets)),)
    return tuple(
        to_mend(
            CODE,
            "schema-missing",
            WayOut(kind=Dataset.kind, slug=slug, field="data_schema"),
            Evidence.MEASURED,
            dataset=slug,
        )
        for slug in lacking
    )


PROMISE = Promise(
    code=CODE,
    number="R47",
    title=_("Data follow standards that everyone can read"),
    text=_(
        "Each open dataset names its schema. Each series has its unit (UCUM), and what it observes has a definition "
        "with an address. A report on the data is published beside them."
    ),
    why=_(
        "Two towns that write the same thing differently cannot be compared. With a shared form, a tool made for "
        "one serves all."
    ),
    unseen=_("Software cannot see whether a value means what its definition says."),
    basis=Basis.MODEL,
    references=(study("R47"),),
    effect=date(2021, 10, 1),
    codes=("unit-missing", "units-told", "schema-missing", "schemas-named", "definition-missing", "defined"),
    standing=where_declared(Datastream, Dataset),
    duties=(
        Duty(
            name=_("Series without a standard unit"),
            examine=examine_units,
            reads=(Datastream,),
            codes=("unit-missing", "units-told"),
        ),
        Duty(
            name=_("Open datasets without a schema"),
            examine=examine_schemas,
            reads=(Dataset,),
            codes=("schema-missing", "schemas-named"),
        ),
        Duty(
            name=_("What is observed without a definition"),
            examine=examine_definitions,
            reads=(ObservedProperty,),
            codes=("definition-missing", "defined"),
        ),
    ),
    liftable=False,
)
