"""What a promise was over time is kept: each turn, at the change that made it."""

from datetime import UTC, datetime, timedelta

import msgspec

from bocage import evidence
from bocage.domain.declaration import Key
from bocage.domain.role import Role
from bocage.evidence import turning
from bocage.registers import ANY, Put, Withdraw

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
KEY = Key(territory="marais", kind="role", slug="securite-nouvelle")


def outcomes(promise: str) -> list[str]:
    return [turn.outcome for turn in reversed(evidence.turns("marais", promise))]


def test_each_turn_of_a_promise_is_kept_at_the_change_that_made_it(marais: str) -> None:
    from bocage.accounts import OPERATOR

    assert outcomes("gdpr_37_officer") == ["kept"]
    present = evidence.facts.present(marais, AT)
    officers = {slug: one for slug, one in present.all(Role).items() if one.role == "dpo"}
    gone = [Withdraw(key=msgspec.structs.replace(KEY, slug=slug)) for slug in officers]
    evidence.change(marais, OPERATOR, gone, AT + timedelta(hours=2))
    back = [Put(key=msgspec.structs.replace(KEY, slug=slug), body=one, expected=ANY) for slug, one in officers.items()]
    evidence.change(marais, OPERATOR, back, AT + timedelta(hours=5))
    assert outcomes("gdpr_37_officer") == ["kept", "mend", "kept"]
    assert [turn.at for turn in evidence.turns(marais, "gdpr_37_officer")] == [
        AT + timedelta(hours=5),
        AT + timedelta(hours=2),
        AT,
    ]


def test_what_stands_as_before_makes_no_turn(marais: str) -> None:
    before = len(evidence.turns(marais))
    evidence.examine_all(AT + timedelta(hours=3))
    assert len(evidence.turns(marais)) == before


def test_of_each_promise_its_last_turns_are_read_and_the_first_day_of_all(marais: str) -> None:
    turned = ("kept", "mend", "kept")
    for hours, outcome in enumerate(turned, start=1):
        turning.keep(marais, {"gdpr_37_officer": (outcome, AT + timedelta(hours=hours))})
    found = turning.lately(marais, 2)
    assert [turn.at for turn in found["gdpr_37_officer"]] == [AT + timedelta(hours=3), AT + timedelta(hours=2)]
    assert found["openness"] == evidence.turns(marais, "openness")
    assert turning.first(marais) == AT
    assert turning.first("ailleurs") is None
