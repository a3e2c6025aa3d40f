"""Requests of persons: which grounds stand on which basis, until when they are answered, and what is forgotten."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bocage import civic
from bocage.domain.errors import Conflict, Invalid
from bocage.domain.person_right import Extent, Ground, PersonRight, due, extent, grounds
from bocage.domain.purpose import LegalBasis

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
BY = civic.Doing(account="p1", at=AT, today=AT.date())


def entered(received: date) -> civic.Entered:
    return civic.Entered(
        right=PersonRight.ERASURE,
        channel=civic.Channel.COUNTER,
        identity=civic.Identity.CERTAIN,
        received=received,
        name="Dominique Martin",
        reach="Guichet",
    )


@pytest.mark.parametrize(
    ("received", "month", "three"),
    [
        (date(2026, 1, 31), date(2026, 2, 28), date(2026, 4, 30)),
        (date(2024, 1, 31), date(2024, 2, 29), date(2024, 4, 30)),
        (date(2026, 10, 15), date(2026, 11, 15), date(2027, 1, 15)),
        (date(2026, 12, 1), date(2027, 1, 1), date(2027, 3, 1)),
    ],
)
def test_a_month_ends_on_the_same_date_or_on_the_last_of_a_shorter_one(
    received: date, month: date, three: date
) -> None:
    assert due(received) == month
    assert due(received, extended=True) == three


def test_a_public_task_limits_erasure_and_objection_and_rules_portability_out() -> None:
    task = LegalBasis.PUBLIC_TASK
    assert extent(PersonRight.ERASURE, task) is Extent.LIMITED
    assert extent(PersonRight.OBJECTION, task) is Extent.LIMITED
    assert extent(PersonRight.PORTABILITY, task) is Extent.NONE
    assert extent(PersonRight.ACCESS, task) is Extent.WHOLE
    assert Ground.TASK in grounds(PersonRight.ERASURE, task)
    assert Ground.COMPELLING in grounds(PersonRight.OBJECTION, task)


def test_consent_leaves_erasure_whole_and_no_task_can_be_held_against_it() -> None:
    assert extent(PersonRight.ERASURE, LegalBasis.CONSENT) is Extent.WHOLE
    assert Ground.TASK not in grounds(PersonRight.ERASURE, LegalBasis.CONSENT)
    assert Ground.NO_OBJECTION in grounds(PersonRight.OBJECTION, LegalBasis.LEGAL_OBLIGATION)


def test_without_a_known_basis_only_what_stands_on_every_one_may_be_said() -> None:
    assert Ground.TASK not in grounds(PersonRight.ERASURE, None)
    assert Ground.COMPELLING not in grounds(PersonRight.OBJECTION, None)
    assert Ground.UNIDENTIFIED in grounds(PersonRight.OBJECTION, None)


@pytest.mark.usefixtures("db")
def test_what_names_the_person_is_erased_a_year_after_the_answer_and_again_from_a_restored_copy(tmp_path: Path) -> None:
    from bocage.civic.tables import RequestRow

    first = civic.enter("bourg", entered(date(2026, 11, 1)), BY)
    with pytest.raises(Conflict):
        civic.forget(tmp_path, "bourg", first.number, "p1", AT)  # it waits for its answer
    given = civic.Answered(outcome=civic.Outcome.NOTHING, day=date(2026, 11, 20))
    civic.answer("bourg", first.number, given, None, BY)
    assert civic.forget_old(tmp_path, AT + timedelta(days=360)) == 0
    assert civic.forget_old(tmp_path, AT + timedelta(days=400)) == 1
    assert civic.find("bourg", first.number).name == ""
    RequestRow.objects.update(name="Dominique Martin", erased=None)  # as a copy made before would bring back
    assert civic.again(tmp_path) == 1
    assert civic.find("bourg", first.number).name == ""
    assert "Martin" not in "".join(path.read_text() for path in tmp_path.iterdir())


@pytest.mark.usefixtures("db")
def test_a_line_of_the_list_that_a_crash_cut_short_spoils_none_after_it(tmp_path: Path) -> None:
    first = civic.enter("bourg", entered(date(2026, 11, 1)), BY)
    civic.answer("bourg", first.number, civic.Answered(outcome=civic.Outcome.NOTHING, day=date(2026, 11, 20)), None, BY)
    (tmp_path / "request-erasures.jsonl").write_bytes(b'{"territory":"bo')
    civic.forget(tmp_path, "bourg", first.number, "p1", AT)
    assert civic.again(tmp_path) == 1


@pytest.mark.usefixtures("db")
def test_two_territories_count_and_see_their_own_requests_only() -> None:
    assert civic.enter("bourg", entered(AT.date()), BY).number == 1
    assert civic.enter("ville", entered(AT.date()), BY).number == 1
    assert len(civic.listed("bourg")) == 1
    assert civic.naming("ailleurs", "Martin") == []


@pytest.mark.usefixtures("db")
def test_an_answer_before_the_request_is_none() -> None:
    civic.enter("bourg", entered(date(2026, 11, 10)), BY)
    early = civic.Answered(outcome=civic.Outcome.FOLLOWED, day=date(2026, 11, 9))
    with pytest.raises(Invalid):
        civic.answer("bourg", 1, early, None, BY)
