"""The order of what comes next: law, what is refused, what is overdue, what mends most, what has stood longest."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bocage.commitments import find
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.decision import Evidence, Finding, Standing, Stands, WayOut
from bocage.domain.errors import Invalid
from bocage.domain.project import Project
from bocage.domain.role import Role, RoleName
from bocage.domain.text import Text

TODAY = date(2026, 11, 26)


def facts(**declared: dict[str, object]) -> TerritoryFacts:
    return TerritoryFacts(slug="bourg", today=TODAY, declared=declared)  # type: ignore[arg-type]


def finding(promise: str, code: str, way_out: WayOut, **values: str) -> Finding:
    return Finding(
        promise=promise, code=code, kept=False, evidence=Evidence.DECLARED, way_out=way_out, values=dict(values)
    )


def kept(code: str, *found: Finding, standing: Standing = Standing.CHOSEN, refused: int = 0, day: int = 1) -> Any:
    from bocage.evidence import Kept

    promise = find(code)
    assert promise is not None
    return Kept(
        promise=promise,
        stands=Stands(standing=standing, reason="by-model"),
        findings=found,
        refused=refused,
        sinces=tuple(datetime(2026, 11, day, tzinfo=UTC) for _one in found),
    )


def to(kind: str, slug: str = "", field: str = "") -> WayOut:
    return WayOut(kind=kind, slug=slug, field=field)


def test_what_the_law_asks_comes_first_then_what_is_refused_then_what_is_overdue_then_the_oldest() -> None:
    from bocage.evidence.coming import coming

    items: list[Any] = [
        kept("r47_data_standards", finding("r47_data_standards", "schema-missing", to("dataset", "air")), day=2),
        kept("r02_ecosystem", finding("r02_ecosystem", "x", to("actor"), project="rives"), day=1),
        kept("r48_labels", finding("r48_labels", "label-ended", to("label-award", "a"), end_day="2026-01-01"), day=20),
        kept("r19_hosting", finding("r19_hosting", "y", to("hosting-site", "mairie")), refused=3, day=20),
        kept(
            "gdpr_05_retention",
            finding("gdpr_05_retention", "unstated", to("purpose", "air")),
            standing=Standing.REQUIRED,
            day=20,
        ),
    ]
    order = [one.kind for one in coming(items, facts())]
    assert order == ["purpose", "hosting-site", "label-award", "actor", "dataset"]


def test_two_findings_that_one_new_role_mends_are_one_thing_and_two_roles_are_two() -> None:
    from bocage.evidence.coming import coming

    items = [
        kept("gdpr_37_officer", finding("gdpr_37_officer", "vacant", to("role")), standing=Standing.REQUIRED),
        kept(
            "r30_data_function",
            finding("r30_data_function", "dpo-vacant", to("role")),
            finding("r30_data_function", "decider-vacant", to("role")),
        ),
    ]
    found = coming(items, facts())
    assert [(len(one.findings), one.begun["role"]) for one in found] == [(2, "dpo"), (1, "decider")]


def test_a_new_declaration_opens_with_what_the_finding_names_and_a_field_with_the_only_thing_it_can_name() -> None:
    from bocage.evidence.coming import coming

    known = facts(
        project={"rives": Project(title=Text(fr="Rives à vélo"))},
        role={"r": Role(title=Text(fr="Référente"), role=RoleName.STEWARD)},
    )
    items = [
        kept("r36_evaluation", finding("r36_evaluation", "never-evaluated", to("evaluation"), project="rives")),
        kept("r30_data_function", finding("r30_data_function", "steward-missing", to("dataset", "air", "steward"))),
    ]
    begun = {one.kind: one.begun for one in coming(items, known)}
    assert begun["evaluation"] == {"project": "rives", "title": {"fr": "Évaluation : Rives à vélo", "en": ""}}
    assert begun["dataset"] == {"steward": "r"}


def test_days_of_what_is_put_off_are_those_of_the_territory(db: Path) -> None:
    from bocage.evidence import putting_off

    night = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)  # the 27th in Paris
    putting_off.put_off("bourg", "p1", "k", date(2027, 11, 28), night)
    assert putting_off.waiting("bourg", "p1", date(2026, 11, 27)) == {"k": date(2027, 11, 28)}
    with pytest.raises(Invalid):
        putting_off.put_off("bourg", "p1", "k", date(2026, 11, 27), night)
