"""A duty that fails takes nothing away from the change that was written, nor from the other promises."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from bocage import evidence, registers, words
from bocage.accounts import OPERATOR
from bocage.commitments import r17_data_clause, r30_data_function, roll
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Promise
from bocage.domain.contract import Contract, Delivery, Rhythm
from bocage.domain.decision import Finding, Standing
from bocage.domain.declaration import Key
from bocage.domain.role import Role, RoleName
from bocage.domain.text import Text
from bocage.evidence.looking import LOOKING
from bocage.registers import Put
from bocage.store.memory import MemoryStore

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ROLE = r30_data_function.CODE


def _fails(facts: TerritoryFacts) -> tuple[Finding, ...]:
    raise ZeroDivisionError


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The duties of one promise fail, and so does what it is for the territory."""

    def broken(promise: Promise) -> Promise:
        if promise.code != ROLE:
            return promise
        duties = tuple(msgspec.structs.replace(duty, examine=_fails) for duty in promise.duties)
        return msgspec.structs.replace(promise, duties=duties, standing=_fails)

    with monkeypatch.context() as held:
        held.setattr(roll, "_ALL", tuple(broken(promise) for promise in roll.all_promises()))
        yield


def _role(number: int) -> Put:
    body = Role(title=Text(fr=f"Agent {number}"), role=RoleName.AGENT)
    return Put(key=Key(territory="marais", kind="role", slug="agent"), body=body, expected=registers.ANY)


def _of(code: str, at: datetime = AT) -> evidence.Kept:
    return next(one for one in evidence.commitments("marais", at) if one.promise.code == code)


def test_a_change_is_answered_though_a_duty_fails_and_its_promise_is_not_kept(
    marais: str, request: pytest.FixtureRequest
) -> None:
    sound = {one.promise.code: one.findings for one in evidence.commitments(marais, AT)}
    request.getfixturevalue("failing")
    before = LOOKING.failures
    changed = evidence.change(marais, OPERATOR, [_role(1)], AT)
    assert registers.find(changed.entries[0].key) == changed.entries[0]
    kept = _of(ROLE)
    read = sum(Role in duty.reads for duty in kept.promise.duties)  # the others were not asked again
    assert [finding.code for finding in kept.findings] == ["unexamined"] * read
    assert kept.to_mend
    assert kept.standing is Standing.UNCHECKED
    assert LOOKING.failures == evidence.failures() > before
    assert _of("r38_notice").findings == sound["r38_notice"]
    for lang in ("fr", "en"):
        said = words.sentence(kept.findings[0], lang)
        assert said.what
        assert said.why
        assert said.rule
        assert said.way_out
    assert evidence.examine_all(AT)[1].values["count"] == read


def test_the_next_hour_finds_it_again_once_it_works(marais: str) -> None:
    with pytest.MonkeyPatch.context() as held:
        held.setattr("bocage.evidence.looking.duties", _broken)
        evidence.change(marais, OPERATOR, [_role(2)], AT)
        assert {one.code for one in _of(ROLE).findings} == {"unexamined"}
    evidence.examine_all(AT + timedelta(hours=1))
    assert "unexamined" not in {one.code for one in _of(ROLE, AT + timedelta(hours=1)).findings}


def _broken(today: Any) -> Any:
    return tuple(
        (promise, msgspec.structs.replace(duty, examine=_fails) if promise.code == ROLE else duty)
        for promise, duty in roll.duties(today)
    )


class Asked(MemoryStore):
    """A log that tells how often it was asked how much it holds of what."""

    asked = 0
    away = False

    def extent(self, *given: Any) -> Any:
        self.asked += 1
        if self.away:
            raise OSError("the log does not answer")
        return super().extent(*given)


def test_deliveries_are_measured_when_promises_are_read_and_not_while_a_change_is_written(marais: str) -> None:
    store = Asked()
    evidence.connect(store)
    source = next(iter(evidence.facts.present(marais, AT).declared["source"]))
    body = Contract(
        title=Text(fr="Relevés"),
        number="2026-1",
        starts=AT.date() - timedelta(days=60),
        months=48,
        deliveries=(Delivery(title=Text(fr="Niveaux"), source=source, every=Rhythm.DAY),),
    )
    put = Put(key=Key(territory=marais, kind="contract", slug="releves"), body=body, expected=registers.ANY)
    evidence.change(marais, OPERATOR, [put], AT)
    assert store.asked == 0
    assert "nothing-delivered" in {one.code for one in _of(r17_data_clause.CODE).findings}
    once = store.asked
    assert once > 0
    evidence.findings(marais, AT)
    assert store.asked == once
    store.away = True
    evidence.examine_all(AT)
    assert {"nothing-delivered", "unexamined"} <= {one.code for one in _of(r17_data_clause.CODE).findings}
