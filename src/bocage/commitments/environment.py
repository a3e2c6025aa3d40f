"""Environmental information (Code de l'environnement, L124-1 to L124-8): what closing it asks."""

from collections.abc import Iterator
from typing import Final

from bocage.commitments.answers import refusal, to_mend
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.flow import Strand
from bocage.commitments.persons import words_of
from bocage.domain.dataset import Dataset, Environmental, Ground, Openness
from bocage.domain.decision import Evidence, Finding, Refusal, WayOut

# Words, without accents, of properties that L124-2 may mean. They ask a question and settle nothing.
ENVIRONMENT_WORDS: Final = frozenset(
    [
        *("air", "atmosphere", "atmospherique", "atmospheric", "ozone", "o3", "no2", "so2", "pm10", "pm25"),
        *("particules", "particles", "pollen", "pollens", "pollution", "polluant", "polluants", "pollutant"),
        *("eau", "eaux", "water", "pluie", "rain", "rainfall", "nappe", "groundwater", "crue", "flood"),
        *("sol", "sols", "soil", "bruit", "bruits", "noise", "sonore", "rayonnement", "radiation"),
        *("emission", "emissions", "rejet", "rejets", "discharge", "dechet", "dechets", "waste"),
    ]
)
NEVER_FOR_EMISSIONS: Final = frozenset({Ground.PRIVACY, Ground.BUSINESS_SECRET})
"""Grounds that L124-5, II does not know for emissions of substances."""


def asked_of_closed(code: str, slug: str, body: Dataset) -> Iterator[Refusal]:
    """What lacks of a closed dataset that says it holds environmental information; nothing of one that does not."""
    if body.environmental not in (Environmental.INFORMATION, Environmental.EMISSIONS):
        return
    if body.weighing is None:
        way_out = WayOut(kind=Dataset.kind, slug=slug, field="weighing")
        yield refusal(code, "weighing-missing", way_out, overridable=False, dataset=slug)
    if body.environmental is Environmental.EMISSIONS and body.ground in NEVER_FOR_EMISSIONS:
        way_out = WayOut(kind=Dataset.kind, slug=slug, field="ground")
        yield refusal(code, "emissions-ground", way_out, overridable=False, dataset=slug)


def unanswered(code: str, facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Closed datasets that do not say whether they hold environmental information, where a property suggests it."""
    if facts.territory is None:
        return ()
    silent = (
        slug
        for slug, body in sorted(facts.all(Dataset).items())
        if body.openness is Openness.CLOSED and body.environmental is None
    )
    return tuple(
        to_mend(
            code,
            "environment-unanswered",
            WayOut(kind=Dataset.kind, slug=slug, field="environmental"),
            Evidence.MEASURED,
            dataset=slug,
        )
        for slug in silent
        if any(strands.those(suspected) for _course, strands in facts.release(slug).courses)
    )


def suspected(strand: Strand) -> bool:
    """Whether the name of the measured property speaks of air, water, soil, noise, waste or emissions."""
    measured = strand.observed_property
    return measured is not None and not ENVIRONMENT_WORDS.isdisjoint(
        words_of(f"{measured.title.fr} {measured.title.en}")
    )
