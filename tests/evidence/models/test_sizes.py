"""The starting sets: each can be filled, none speaks of a person, each territory has one."""

import pytest

from bocage.domain.territory import Level, Territory
from bocage.domain.text import Text


def place(level: Level, population: int) -> Territory:
    return Territory(title=Text(fr="Bourg"), level=level, code="44000", population=population)


@pytest.mark.parametrize(
    ("level", "population", "size"),
    [
        (Level.COMMUNE, 3_499, "village"),
        (Level.COMMUNE, 3_500, "small-town"),
        (Level.COMMUNE, 60_000, "town"),
        (Level.COMMUNE, 500_000, "metropolis"),
        (Level.EPCI, 2_000, "small-town"),
        (Level.SYNDICATE, 0, "syndicate"),
        (Level.DEPARTMENT, 1_400_000, "department"),
        (Level.REGION, 4_000_000, "department"),
    ],
)
def test_each_territory_has_the_set_of_its_size(level: Level, population: int, size: str) -> None:
    from bocage.evidence.models import sizes

    assert sizes.fitting(place(level, population)).code == size


def test_every_set_can_be_filled_whatever_the_state_knows_and_what_states_a_fact_is_asked() -> None:
    from bocage.evidence.models import sizes
    from bocage.evidence.models.draft import KEPT_OUT, filled, values

    for size in sizes.sizes():
        model = sizes.model(size)
        known = values(place(Level.COMMUNE, 0), "bourg", {})
        bodies = [filled(draft, known) for draft in model.drafts]
        assert len({(body.kind, slug) for slug, body in bodies}) == len(size.states) + len(size.asks)
        assert not {draft.kind for draft in model.drafts} & KEPT_OUT
        assert {draft.kind for draft in model.drafts if not draft.asks} == {"data-schema", "clause"}
        assert model.lacking == ()
