"""What passes the gate, what does not, and why."""

from datetime import UTC, date, datetime

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from tests.ingest.given import NOW, PLACE, Clock, Declared, at, levels

from bocage.domain.contract import Contract, Scheme
from bocage.domain.errors import Missing
from bocage.domain.exception import ExceptionNature, ReasonedException
from bocage.domain.nature import Origin, ResultKind
from bocage.domain.reading import ReadingBatch
from bocage.domain.source import Source
from bocage.domain.text import Text
from bocage.ingest.gate import Admitted, Gate
from bocage.ingest.screening import Declined
from bocage.store.memory import MemoryStore


def _gate(declared: Declared | None = None, clock: Clock | None = None) -> Gate:
    return Gate(MemoryStore(), (declared or Declared()).declarations(), clock or Clock())


def _admit(gate: Gate, readings: ReadingBatch, source: str = "capteurs") -> Admitted:
    return gate.admit(gate.compiled(PLACE, source), readings)


def _codes(declined: tuple[Declined, ...]) -> list[tuple[str, list[int], list[str]]]:
    return [(one.key, one.rows.tolist(), [reason.code for reason in one.reasons]) for one in declined]


def _texts(words: list[str], key: str = "hall-door") -> ReadingBatch:
    times = np.array([at("2026-11-23T07:00:00Z") + place for place in range(len(words))])
    return ReadingBatch(
        keys=(key,),
        key=np.zeros(len(words), dtype=np.int32),
        start=times,
        end=times,
        kind=np.full(len(words), ResultKind.TEXT, dtype=np.uint8),
        number=np.full(len(words), np.nan),
        text=np.array(words, dtype=np.object_),
    )


def test_what_every_promise_permits_becomes_observations() -> None:
    admitted = _admit(_gate(), levels(["2026-11-23T07:00:00Z", "2026-11-23T07:15:00Z"]))
    assert admitted.batch is not None
    assert admitted.batch.datastream.tolist() == [1, 1]
    assert admitted.batch.number.tolist() == [400.0, 401.0]
    assert set(admitted.batch.origin.tolist()) == {Origin.MEASURED}
    assert admitted.declined == ()


def test_a_series_nobody_declared_is_refused_and_the_others_pass() -> None:
    readings = levels(["2026-11-23T07:00:00Z", "2026-11-23T07:15:00Z"])
    readings = msgspec.structs.replace(readings, keys=("hall-co2", "unknown"), key=np.array([1, 0], dtype=np.int32))
    admitted = _admit(_gate(), readings)
    assert admitted.rows.tolist() == [1]
    assert _codes(admitted.declined) == [("unknown", [0], ["series-undeclared"])]


@given(some.text(min_size=1).filter(lambda key: key not in ("hall-co2", "hall-door")))
def test_whatever_no_purpose_names_is_refused(key: str) -> None:
    admitted = _admit(_gate(), levels(["2026-11-23T07:00:00Z"], key=key))
    assert admitted.batch is None
    assert [one.key for one in admitted.declined] == [key]


def test_a_source_without_a_purpose_keeps_nothing() -> None:
    declared = Declared()
    declared.change("source", "capteurs", purpose="")
    admitted = _admit(_gate(declared), levels(["2026-11-23T07:00:00Z"]))
    assert admitted.batch is None
    assert [reason.promise for reason in admitted.declined[0].reasons][:1] == ["gdpr_05_purpose"]


def test_declared_meanwhile_it_flows_at_the_next_reading() -> None:
    declared = Declared()
    declared.change("source", "capteurs", purpose="")
    gate = _gate(declared)
    assert _admit(gate, levels(["2026-11-23T07:00:00Z"])).batch is None
    declared.change("source", "capteurs", purpose="mesure")
    assert gate.ready(PLACE, "capteurs") is None
    assert _admit(gate, levels(["2026-11-23T07:00:00Z"])).batch is not None


def test_decisions_are_worked_out_once_while_nothing_changes() -> None:
    declared = Declared()
    gate = _gate(declared)
    for _ in range(5):
        _admit(gate, levels(["2026-11-23T07:00:00Z"]))
    assert declared.gathered == 1


def test_decisions_are_worked_out_again_when_the_day_changes_in_the_territory() -> None:
    declared, clock = Declared(), Clock(datetime(2026, 11, 23, 22, 59, tzinfo=UTC))
    gate = _gate(declared, clock)
    _admit(gate, levels(["2026-11-23T07:00:00Z"]))
    clock.at = datetime(2026, 11, 23, 23, 1, tzinfo=UTC)
    assert gate.ready(PLACE, "capteurs") is None


def test_a_territory_that_declares_nothing_is_missing() -> None:
    with pytest.raises(Missing):
        _gate().compiled("ailleurs", "capteurs")


@pytest.mark.parametrize(
    ("time", "code"),
    [
        ("1899-12-31T23:59:59Z", "time-out-of-range"),
        ("2100-01-01T00:00:01Z", "time-out-of-range"),
        ("2026-11-24T08:00:01Z", "future"),
    ],
)
def test_times_out_of_reason_are_refused(time: str, code: str) -> None:
    admitted = _admit(_gate(), levels([time]))
    assert admitted.batch is None
    assert _codes(admitted.declined) == [("hall-co2", [0], [code])]


def test_a_clock_up_to_a_day_ahead_is_borne() -> None:
    assert _admit(_gate(), levels(["2026-11-24T07:59:00Z"])).batch is not None


def test_a_level_holds_no_text() -> None:
    admitted = _admit(_gate(), _texts(["ouvert"], key="hall-co2"))
    assert _codes(admitted.declined) == [("hall-co2", [0], ["kind"])]


def test_an_implausible_value_is_flagged_and_kept() -> None:
    admitted = _admit(_gate(), levels(["2026-11-23T07:00:00Z"], first=9000.0))
    assert admitted.batch is not None
    assert [(one.kept, one.reasons[0].code) for one in admitted.declined] == [(True, "implausible")]


def test_readings_finer_than_the_purpose_needs_are_refused() -> None:
    declared = Declared()
    declared.change("purpose", "mesure", cadence_seconds=900)
    admitted = _admit(_gate(declared), levels(["2026-11-23T07:00:00Z", "2026-11-23T07:01:00Z", "2026-11-23T07:15:00Z"]))
    assert admitted.rows.tolist() == [0, 2]
    assert _codes(admitted.declined) == [("hall-co2", [1], ["finer-than-needed"])]


def test_a_text_that_shows_a_person_is_refused_from_that_very_reading_on() -> None:
    declared = Declared()
    gate = _gate(declared)
    assert _admit(gate, _texts(["ouvert", "fermé"])).batch is not None
    admitted = _admit(gate, _texts(["ouvert", "jean.dupont@example.org"]))
    assert admitted.batch is None
    assert "hall-door" in [one.key for one in admitted.declined]
    assert _admit(gate, _texts(["ouvert"])).batch is None


def test_measurements_of_elsewhere_pass_in_an_invented_territory_only() -> None:
    declared = Declared()
    source = declared.bodies["source", "capteurs"]
    assert isinstance(source, Source)
    declared.put("capteurs", msgspec.structs.replace(source, replayed=True))
    gate = _gate(declared)
    assert _admit(gate, levels(["2026-11-23T07:00:00Z"])).batch is None
    declared.change("territory", PLACE, demonstration=True)
    readings = levels(["2026-11-23T07:00:00Z"])
    admitted = gate.admit(gate.compiled(PLACE, "capteurs"), readings, np.array([at("2022-01-01T00:00:00Z")]))
    assert admitted.batch is not None
    assert admitted.batch.origin.tolist() == [Origin.REPLAYED]
    assert admitted.batch.original is not None
    assert admitted.batch.original.tolist() == [at("2022-01-01T00:00:00Z")]


def test_an_exception_that_runs_lets_pass_until_it_ends() -> None:
    declared = Declared()
    declared.change("purpose", "mesure", retention_months=None, fate=None)
    assert _admit(_gate(declared), levels(["2026-11-23T07:00:00Z"])).batch is None
    exception = ReasonedException(
        title=Text(fr="Le temps de déclarer"),
        promise="gdpr_05_retention",
        source="capteurs",
        nature=ExceptionNature.REGULARISATION,
        starts=date(2026, 11, 1),
        ends=date(2026, 11, 24),
        reason=Text(fr="Le flux existait"),
    )
    declared.put("delai", exception)
    clock = Clock(NOW)
    gate = _gate(declared, clock)
    assert _admit(gate, levels(["2026-11-23T07:00:00Z"])).batch is not None
    clock.at = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
    assert _admit(gate, levels(["2026-11-25T07:00:00Z"])).batch is None


def test_what_a_concession_owes_by_law_is_taken_without_its_clause_and_marked() -> None:
    declared = Declared()
    owed = Contract(title=Text(fr="Délégation"), number="1", scheme=Scheme.DELEGATION, sources=("capteurs",))
    declared.put("delegation", owed)
    admitted = _admit(_gate(declared), levels(["2026-11-23T07:00:00Z", "2026-11-23T07:15:00Z"]))
    assert admitted.batch is not None
    assert _codes(admitted.declined) == [("hall-co2", [0, 1], ["due-by-law"])]
    assert [one.kept for one in admitted.declined] == [True]


def test_a_contract_without_a_data_clause_keeps_nothing() -> None:
    declared = Declared()
    bare = Contract(title=Text(fr="Marché"), number="1", scheme=Scheme.CONTRACT, sources=("capteurs",))
    declared.put("marche", bare)
    admitted = _admit(_gate(declared), levels(["2026-11-23T07:00:00Z"]))
    assert admitted.batch is None
    assert [reason.code for reason in admitted.declined[0].reasons] == ["clause-missing"]
