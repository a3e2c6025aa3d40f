"""The footprint: devices over their lives, what the machine took by its measurements, and spans that stay spans."""

from datetime import date
from typing import Any

import msgspec
import pytest

from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.footprint import Part, footprint
from bocage.commitments.measured import Usage
from bocage.commitments.r03_sobriety import examine_budgets
from bocage.domain.device_archetypes import ARCHETYPES, DeviceModel
from bocage.domain.device_fleet import DeviceFleet, DeviceSheet
from bocage.domain.footprint_budget import FootprintBudget
from bocage.domain.footprint_factors import FACTORS, GREEN_CLOUD, HOURS, TIDE, Unit
from bocage.domain.text import Text

from .territory_given import TODAY, changed, facts, in_order

USED = Usage(
    since=date(2026, 1, 1),
    cpu_seconds=3_600.0,
    stored=10**12,
    received=6 * 10**8,
    sent=4 * 10**8,
    held={"air": 300, "eau": 100},
    lately={"air": 30, "eau": 10},
)


def fleet(**more: Any) -> DeviceFleet:
    told: dict[str, Any] = {"model": DeviceModel.GATEWAY, "count": 10, "life_years": 5.0, **more}
    return DeviceFleet(title=Text(fr="Parc"), **told)


def found(*fleets: DeviceFleet, usage: Usage | None = None, own: Any = None) -> Any:
    tables = changed(in_order(), own or {})
    declared = facts(tables).declared
    kinds = {DeviceFleet.kind: {f"parc-{place}": one for place, one in enumerate(fleets)}}
    return footprint(TerritoryFacts(slug="bourg", today=TODAY, declared={**declared, **kinds}, usage=usage))


def test_every_factor_says_where_it_comes_from_and_lies_within_its_span() -> None:
    origins = [factor.origin for factor in FACTORS.values()] + [TIDE, GREEN_CLOUD]
    assert set(FACTORS) == set(Unit)
    assert all(one.name and one.page.startswith("https://") and one.year >= 2021 and one.uncertainty for one in origins)
    spans = [factor.span for factor in FACTORS.values()]
    spans += [span for one in ARCHETYPES.values() for span in (one.made, one.ended, one.powered)]
    assert all(0 <= one.low <= one.value <= one.high for one in spans)


def test_what_is_made_is_spread_over_every_year_of_both_lives() -> None:
    once, twice = found(fleet()), found(fleet(other_life_years=5.0))
    made = ARCHETYPES[DeviceModel.GATEWAY].made.value
    assert once.whole.parts[Part.MADE].kilograms.value == pytest.approx(10 * made / 5)
    assert twice.whole.total.kilograms.value == pytest.approx(once.whole.total.kilograms.value / 2)


def test_electricity_is_known_in_kilowatt_hours_and_costs_what_the_mix_costs() -> None:
    used = found(fleet(watts=6.0)).whole.parts[Part.USED]
    assert used.kilowatt_hours.value == pytest.approx(10 * 6 * HOURS / 1000)
    assert used.kilograms.value == pytest.approx(used.kilowatt_hours.value * 0.052)
    assert used.kilograms.low < used.kilograms.value < used.kilograms.high


def test_repairs_replace_power_blocks_over_the_whole_life() -> None:
    parts = found(fleet(repairs=2.0)).whole.parts
    powered = ARCHETYPES[DeviceModel.GATEWAY].powered.value
    assert parts[Part.REPAIRED].kilograms.value == pytest.approx(2 * 10 * powered / 5)


def test_a_published_sheet_takes_the_place_of_the_archetype() -> None:
    sheet = DeviceSheet(kilograms=50.0, least=40.0, most=60.0, source="Fiche du fabricant", year=2025)
    whole = found(fleet(sheet=sheet)).whole
    assert whole.parts[Part.MADE].kilograms == msgspec.structs.replace(
        whole.parts[Part.MADE].kilograms, low=80.0, value=100.0, high=120.0
    )
    assert whole.parts[Part.ENDED].kilograms.high == 0


def test_what_is_not_known_is_named_and_not_guessed() -> None:
    told = found(fleet(model=DeviceModel.OTHER))
    assert told.without_power == told.without_sheet == ("parc-0",)
    assert told.whole.total.kilograms.high == 0
    assert told.whole.dominant is None


def test_the_machine_is_shared_among_datasets_by_their_measurements() -> None:
    told = found(usage=USED)
    by = {one.slug: one for one in told.datasets}
    assert by["air"].total.kilograms.value == pytest.approx(3 * by["eau"].total.kilograms.value)
    assert by["air"].parts[Part.COMPUTING].kilowatt_hours.value == pytest.approx(0.0035 * 0.75)
    whole = told.whole
    assert whole.parts[Part.NETWORK].kilowatt_hours.value == pytest.approx(0.059)
    assert whole.parts[Part.STORAGE].kilograms.value == pytest.approx(11.0 + 1.2 * HOURS / 1000 * 0.052)
    assert whole.dominant is Part.STORAGE
    assert whole.per_million.value == pytest.approx(whole.total.kilograms.value * 1e6 / 40)


def test_parts_services_and_datasets_add_up_to_the_whole() -> None:
    told = found(fleet(datasets=("air", "eau"), watts=1.0), usage=USED)
    value = told.whole.total.kilograms.value
    assert sum(one.total.kilograms.value for one in told.services) == pytest.approx(value)
    assert sum(one.total.kilograms.value for one in told.datasets) == pytest.approx(value)


def test_what_names_no_dataset_and_what_nobody_measured_still_stand_in_the_sums() -> None:
    empty = msgspec.structs.replace(USED, held={}, lately={})
    told = found(fleet(), usage=empty)
    value = told.whole.total.kilograms.value
    assert value > 0
    for portions in (told.services, told.datasets):
        assert [one.slug for one in portions] == [""]
        assert sum(one.total.kilograms.value for one in portions) == pytest.approx(value)


def test_a_factor_of_the_territory_takes_the_place_of_the_published_one() -> None:
    own = {
        "footprint-factor/solaire": {
            "title": {"fr": "Toit solaire"}, "unit": "electricity", "least": 0.02, "value": 0.03, "most": 0.04,
            "source": "Contrat 2026", "year": 2026,
        }
    }  # fmt: skip
    used = found(fleet(watts=6.0), own=own).whole.parts[Part.USED]
    assert used.kilograms.value == pytest.approx(used.kilowatt_hours.value * 0.03)


def test_a_device_that_may_have_cost_nothing_keeps_its_nought() -> None:
    sheet = DeviceSheet(kilograms=50.0, least=0.0, source="Fiche du fabricant", year=2025)
    made = found(fleet(sheet=sheet)).whole.parts[Part.MADE].kilograms
    assert (made.low, made.value, made.high) == (0.0, 100.0, 100.0)


def test_a_slip_of_the_hand_is_refused_before_a_sum_overflows() -> None:
    told = {"title": {"fr": "Parc"}, "model": "gateway", "count": 1}
    for wrong in ({"life_years": 1e-300}, {"sheet": {"kilograms": 1e300, "source": "Fiche", "year": 2025}}):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({**told, **wrong}, DeviceFleet)


def test_a_sheet_whose_value_lies_outside_its_span_is_refused() -> None:
    with pytest.raises(ValueError, match="lies between"):
        DeviceSheet(kilograms=50.0, least=60.0, source="Fiche", year=2025)


def test_a_small_budget_that_is_passed_is_told_with_figures_that_differ() -> None:
    small = FootprintBudget(title=Text(fr="Budget"), kilograms=0.4)
    sheet = DeviceSheet(kilograms=2.2, source="Fiche du fabricant", year=2025)
    kinds = {"device-fleet": {"parc": fleet(count=1, sheet=sheet)}, "footprint-budget": {"petit": small}}
    (one,) = examine_budgets(TerritoryFacts(slug="bourg", today=TODAY, declared=kinds))
    assert (one.values["found"], one.values["held"]) == (0.44, 0.4)
