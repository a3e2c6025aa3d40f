"""Since when a promise stands as it does: kept from one examination to the next, true after it moved."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bocage.domain.decision import Evidence, Finding, Standing, WayOut
from bocage.evidence import since

AT = datetime(2026, 11, 12, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
STANDINGS: Mapping[str, Standing] = {
    "r38_notice": Standing.CHOSEN,
    "openness": Standing.NOT_CONCERNED,
    "publication": Standing.UNCHECKED,
}


def lacking(thing: str, **values: str | int) -> Finding:
    return Finding(
        promise="r38_notice", code="lacking", kept=False, evidence=Evidence.MEASURED,
        way_out=WayOut(kind="sensor-notice", slug=thing), values={"thing": thing, **values},
    )  # fmt: skip


def seen(at: datetime, *findings: Finding) -> None:
    since.keep("ici", since.outcomes(findings, STANDINGS), at, None)


def when(key: str = "") -> datetime | None:
    return since.since("ici").get(("r38_notice", key))


@pytest.fixture(autouse=True)
def _kept(db: Path) -> None:
    return None


def test_what_stands_as_before_keeps_its_day() -> None:
    seen(AT)
    seen(AT + HOUR)
    assert when() == AT


def test_a_promise_to_mend_counts_from_the_day_it_began_and_again_once_it_was_mended() -> None:
    seen(AT)
    seen(AT + HOUR, lacking("ecole"))
    seen(AT + 2 * HOUR, lacking("ecole"))
    assert when() == AT + HOUR
    seen(AT + 3 * HOUR)
    assert when() == AT + 3 * HOUR
    seen(AT + 4 * HOUR, lacking("ecole"))
    assert when() == AT + 4 * HOUR


def test_each_thing_found_has_its_own_day_while_the_promise_has_the_first() -> None:
    seen(AT, lacking("ecole"))
    seen(AT + HOUR, lacking("ecole"), lacking("mairie"))
    seen(AT + 2 * HOUR, lacking("mairie"))
    assert when() == AT
    assert when(since.key(lacking("mairie"))) == AT + HOUR
    assert when(since.key(lacking("ecole"))) is None


def test_figures_and_days_that_move_do_not_make_it_another_finding() -> None:
    assert since.key(lacking("ecole", days=3, end_day="2026-11-20")) == since.key(
        lacking("ecole", days=4, end_day="2026-11-21")
    )
    assert since.key(lacking("ecole")) != since.key(lacking("mairie"))


def test_not_concerned_and_not_to_be_checked_are_outcomes_of_their_own() -> None:
    found = since.outcomes((), STANDINGS)
    assert found == {
        ("r38_notice", ""): "kept",
        ("openness", ""): "not-concerned",
        ("publication", ""): "cannot-be-checked-yet",
    }


def test_a_territory_seen_before_days_were_kept_begins_with_what_was_seen_then() -> None:
    before = since.outcomes([lacking("ecole")], STANDINGS)
    now = since.outcomes([lacking("ecole"), lacking("mairie")], STANDINGS)
    since.keep("ici", now, AT, lambda: (before, AT - HOUR))
    assert when() == AT - HOUR
    assert when(since.key(lacking("ecole"))) == AT - HOUR
    assert when(since.key(lacking("mairie"))) == AT


def test_another_territory_has_its_own_days() -> None:
    seen(AT, lacking("ecole"))
    since.keep("ailleurs", since.outcomes((), STANDINGS), AT + HOUR, None)
    assert when() == AT
    assert since.since("ailleurs")["r38_notice", ""] == AT + HOUR
