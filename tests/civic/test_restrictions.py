"""Restriction of processing (GDPR 18): granted, kept over a restored copy, lifted once the person was told."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from tests.civic.test_requests import AT, BY, entered

from bocage import civic
from bocage.domain.errors import Conflict, Invalid
from bocage.domain.person_right import PersonRight, RestrictionCase

CASE = RestrictionCase.ACCURACY


def granted(outcome: civic.Outcome = civic.Outcome.FOLLOWED, right: PersonRight = PersonRight.RESTRICTION) -> int:
    asked = civic.enter("bourg", msgspec.structs.replace(entered(date(2026, 11, 1)), right=right), BY)
    given = civic.Answered(outcome=outcome, day=date(2026, 11, 20))
    civic.answer("bourg", asked.number, given, None, BY)
    return asked.number


@pytest.mark.usefixtures("db")
def test_only_a_request_of_restriction_that_was_followed_restricts_and_only_what_it_names(tmp_path: Path) -> None:
    for number in (granted(civic.Outcome.NOTHING), granted(right=PersonRight.ACCESS)):
        with pytest.raises(Conflict):
            civic.restrict(tmp_path, ("bourg", number), CASE, {"compteur": 7}, BY)
    number = granted()
    with pytest.raises(Invalid):
        civic.restrict(tmp_path, ("bourg", number), CASE, {}, BY)
    civic.restrict(tmp_path, ("bourg", number), CASE, {"compteur": 7}, BY)
    with pytest.raises(Conflict):
        civic.restrict(tmp_path, ("bourg", number), CASE, {"autre": 8}, BY)
    assert civic.withheld() == {7}
    assert [one.series for one in civic.running("bourg")] == ["compteur"]
    assert civic.running("ville") == []


@pytest.mark.usefixtures("db")
def test_it_is_lifted_once_the_person_was_told_and_until_then_they_can_be(tmp_path: Path) -> None:
    number = granted()
    about = ("bourg", number)
    civic.restrict(tmp_path, about, CASE, {"compteur": 7}, BY)
    with pytest.raises(Conflict):
        civic.reopen("bourg", number, BY)
    with pytest.raises(Conflict):
        civic.forget(tmp_path, "bourg", number, "p1", AT)
    assert civic.forget_old(tmp_path, AT + timedelta(days=400)) == 0
    for wrong in (None, BY.today + timedelta(days=1), BY.today - timedelta(days=1)):
        with pytest.raises(Invalid):
            civic.lift(tmp_path, about, wrong, BY)
    [lifted] = civic.lift(tmp_path, about, BY.today, BY)
    assert (lifted.told, lifted.lifted, civic.withheld()) == (BY.today, BY.today, frozenset())
    assert [step.action.value for step in civic.find("bourg", number).steps][-2:] == ["restrict", "lift"]
    assert civic.forget_old(tmp_path, AT + timedelta(days=400)) == 1


@pytest.mark.usefixtures("db")
def test_a_restored_copy_withholds_what_was_withheld_and_gives_back_what_was_lifted(tmp_path: Path) -> None:
    from bocage.civic.tables import RestrictionRow

    about = ("bourg", granted())
    civic.restrict(tmp_path, about, CASE, {"compteur": 7}, BY)
    RestrictionRow.objects.all().delete()  # as a copy made before
    assert civic.restricted_again(tmp_path) == 1
    assert civic.withheld() == {7}
    civic.lift(tmp_path, about, BY.today, BY)
    RestrictionRow.objects.update(lifted=None, told=None)
    assert civic.restricted_again(tmp_path) == 1
    assert (civic.withheld(), civic.restricted_again(tmp_path)) == (frozenset(), 0)


@pytest.mark.usefixtures("db")
def test_the_list_of_what_was_erased_spares_another_request_that_took_the_same_number_the_same_day(
    tmp_path: Path,
) -> None:
    from bocage.civic.tables import RequestRow

    number = granted()
    civic.forget(tmp_path, "bourg", number, "p1", AT)
    RequestRow.objects.all().delete()  # a copy made before, in which the number is free again
    later = msgspec.structs.replace(BY, at=datetime(2026, 11, 25, 9, tzinfo=UTC))
    assert civic.enter("bourg", entered(date(2026, 11, 1)), later).number == number
    assert civic.again(tmp_path) == 0
    assert civic.find("bourg", number).name
