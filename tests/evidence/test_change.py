"""The single door: everything asked for is written, or nothing is."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np
import pytest

from bocage import evidence, registers, sensing
from bocage.accounts import OPERATOR
from bocage.accounts.grants import grants_of
from bocage.commitments import all_promises
from bocage.commitments.promise import Moment
from bocage.domain.decision import Evidence, Standing
from bocage.domain.declaration import Key
from bocage.domain.disposal_rule import DisposalRule
from bocage.domain.errors import Conflict, Refused
from bocage.domain.instant import months_before
from bocage.domain.nature import Nature
from bocage.domain.observation import ObservationBatch
from bocage.domain.purpose import ClosedQuestions, Fate, Purpose
from bocage.domain.role import Role, RoleName
from bocage.domain.sensing import Datastream, Thing
from bocage.domain.text import Text
from bocage.evidence import Put, PutEntity, RemoveEntity, Withdraw, retention
from bocage.store.memory import MemoryStore

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = 86_400_000


def key(kind: str, slug: str) -> Key:
    return Key(territory="marais", kind=kind, slug=slug)


def a_series() -> sensing.Placed:
    return sensing.all("marais", "datastream")[0]


def kept_days(number: int, days: int) -> ObservationBatch:
    """One observation a day, the newest at AT."""
    start = np.array([1_795_424_400_000 - day * DAY for day in range(days)], np.int64)
    return ObservationBatch(
        datastream=np.full(days, number, np.int32),
        start=start,
        end=start,
        kind=np.zeros(days, np.uint8),
        number=np.arange(days, dtype=np.float64),
        origin=np.zeros(days, np.uint8),
    )


def test_a_declaration_and_what_it_names_are_written_together(marais: str) -> None:
    purpose = Purpose(title=Text(fr="Arroser quand il le faut"))
    thing = Thing(title=Text(fr="Bac à fleurs"))
    changed = evidence.change(
        marais,
        OPERATOR,
        [Put(key=key("purpose", "arrosage"), body=purpose), PutEntity(slug="bac", entity=thing, expected=0)],
        AT,
    )
    assert [entry.key.slug for entry in changed.entries] == ["arrosage"]
    assert changed.placed[0].id > 0
    assert registers.find(key("purpose", "arrosage")) is not None


def test_nothing_is_written_when_one_of_the_changes_is_refused(marais: str) -> None:
    forbidden = Purpose(title=Text(fr="Suivre"), questions=ClosedQuestions(tracking=True))
    with pytest.raises(Refused) as refused:
        evidence.change(
            marais,
            OPERATOR,
            [
                PutEntity(slug="bac", entity=Thing(title=Text(fr="Bac"))),
                Put(key=key("purpose", "suivi"), body=forbidden),
            ],
            AT,
        )
    assert [refusal.code for refusal in refused.value.refusals] == ["tracking"]
    assert sensing.find(marais, "thing", "bac") is None


def test_a_change_of_what_somebody_else_changed_meanwhile_is_a_conflict(marais: str) -> None:
    entry = registers.current(marais, "purpose")[0]
    assert isinstance(entry.body, Purpose)
    body = msgspec.structs.replace(entry.body, title=Text(fr="Autre titre"))
    evidence.change(marais, OPERATOR, [Put(key=entry.key, body=body, expected=entry.version)], AT)
    with pytest.raises(Conflict):
        evidence.change(marais, OPERATOR, [Put(key=entry.key, body=entry.body, expected=entry.version)], AT)
    with pytest.raises(Conflict):
        evidence.change(marais, OPERATOR, [PutEntity(slug=a_series().slug, entity=a_series().entity, expected=7)], AT)


def test_what_others_name_cannot_be_taken_away(marais: str) -> None:
    named = registers.current(marais, "purpose")[0]
    with pytest.raises(Refused) as refused:
        evidence.change(marais, OPERATOR, [Withdraw(key=named.key)], AT)
    assert {refusal.code for refusal in refused.value.refusals} == {"still-named"}


def test_a_series_that_holds_measurements_keeps_its_nature_and_its_place(marais: str) -> None:
    store = MemoryStore()
    evidence.connect(store)
    placed = a_series()
    assert isinstance(placed.entity, Datastream)
    store.append(kept_days(placed.id, 3)).result()
    other = msgspec.structs.replace(placed.entity, nature=Nature.STATE)
    with pytest.raises(Refused) as refused:
        evidence.change(marais, OPERATOR, [PutEntity(slug=placed.slug, entity=other)], AT)
    assert refused.value.refusals[0].code == "nature-fixed"
    with pytest.raises(Refused) as kept:
        evidence.change(marais, OPERATOR, [RemoveEntity(kind="datastream", slug=placed.slug)], AT)
    assert "holds-data" in {refusal.code for refusal in kept.value.refusals}


def test_a_role_gives_its_holder_rights_at_once(marais: str) -> None:
    role = Role(title=Text(fr="Référente"), role=RoleName.DPO, holder="dpo@marais.example")
    evidence.change(marais, OPERATOR, [Put(key=key("role", "dpo-2"), body=role)], AT)
    assert RoleName.DPO in {grant.role for grant in grants_of("dpo@marais.example", AT)[marais]}


def test_a_holder_who_is_erased_loses_the_rights_of_the_role(marais: str, tmp_path: Path) -> None:
    role = Role(title=Text(fr="Référente"), role=RoleName.DPO, holder="someone@marais.example")
    evidence.change(marais, OPERATOR, [Put(key=key("role", "dpo-2"), body=role)], AT)
    assert evidence.erase_personal(tmp_path, key("role", "dpo-2"), "holder", AT) == 1
    assert grants_of("someone@marais.example", AT) == {}


def test_a_new_series_may_bear_the_name_of_one_that_goes_in_the_same_change(marais: str) -> None:
    gone = a_series()
    evidence.change(
        marais,
        OPERATOR,
        [
            PutEntity(slug="nouvelle", entity=msgspec.structs.replace(gone.entity, id=0)),
            RemoveEntity(kind="datastream", slug=gone.slug),
        ],
        AT,
    )
    assert sensing.find(marais, "datastream", gone.slug) is None
    assert sensing.find(marais, "datastream", "nouvelle") is not None


def test_the_question_can_be_asked_without_writing(marais: str) -> None:
    facts = evidence.facts.present(marais, AT)
    forbidden = Purpose(title=Text(fr="Suivre"), questions=ClosedQuestions(tracking=True))
    assert [one.code for one in evidence.asked(facts, [Put(key=key("purpose", "suivi"), body=forbidden)])] == [
        "tracking"
    ]
    assert registers.find(key("purpose", "suivi")) is None


def test_findings_follow_the_next_change(marais: str) -> None:
    before = evidence.findings(marais, AT)
    purpose = Purpose(title=Text(fr="Sans réponse"))
    evidence.change(marais, OPERATOR, [Put(key=key("purpose", "neuve"), body=purpose)], AT)
    after = evidence.findings(marais, AT)
    new = {finding.code for finding in after if finding.values.get("purpose") == "neuve"}
    assert "questions-waiting" in new
    assert not any(finding.values.get("purpose") == "neuve" for finding in before)


def test_findings_follow_the_calendar_too(marais: str) -> None:
    exception = registers.current(marais, "exception")[0]
    assert isinstance(exception.body.ends, date)  # type: ignore[attr-defined]
    last = datetime.combine(exception.body.ends, AT.timetz())  # type: ignore[attr-defined]
    codes = {finding.code for finding in evidence.findings(marais, AT) if finding.promise == "regularisation"}
    ending = {finding.code for finding in evidence.findings(marais, last) if finding.promise == "regularisation"}
    over = evidence.findings(marais, last + timedelta(days=2))
    assert (codes, ending) == ({"running"}, {"ending"})
    assert {finding.code for finding in over if finding.promise == "regularisation"} == {"kept"}


def test_commitments_say_standing_level_and_what_to_mend(marais: str) -> None:
    kept = {one.promise.code: one for one in evidence.commitments(marais, AT)}
    assert len(kept) == len(all_promises())
    assert kept["prohibited_practices"].standing is Standing.REQUIRED
    assert kept["prohibited_practices"].level is Evidence.DECLARED
    assert kept["regularisation"].findings[0].values["days"] == 70
    assert evidence.examine_all(AT)[0].values["territories"] == 1


def test_an_exception_lets_a_flow_in_until_its_last_day(marais: str) -> None:
    exception = registers.current(marais, "exception")[0].body
    source = exception.source  # type: ignore[attr-defined]
    flows = [flow for flow in evidence.facts.present(marais, AT).flows() if flow.course.source_slug == source]
    from bocage import commitments

    assert flows
    for flow in flows:
        permit = commitments.decide(Moment.INGEST, flow)[0]
        assert permit.under  # type: ignore[union-attr]


def test_what_is_older_than_its_purpose_allows_is_erased_and_the_proof_is_kept(marais: str) -> None:
    store = MemoryStore()
    evidence.connect(store)
    placed = a_series()
    source = registers.find(key("source", placed.entity.source))  # type: ignore[attr-defined]
    assert source is not None
    purpose = registers.find(key("purpose", source.body.purpose))  # type: ignore[attr-defined]
    assert purpose is not None
    short = msgspec.structs.replace(purpose.body, retention_months=1, fate=Fate.ELIMINATE)  # type: ignore[type-var]
    evidence.change(marais, OPERATOR, [Put(key=purpose.key, body=short, expected=purpose.version)], AT)
    store.append(kept_days(placed.id, 200)).result()
    assert retention.run(store, AT)[0].values == {"count": 0}  # the archives have not been asked
    assert "retention-due" in {one.code for one in evidence.findings(marais, AT)}
    organisation = registers.current(marais, "organisation")[0].key.slug
    rule = DisposalRule(title=Text(fr="Relevés"), purposes=(purpose.key.slug,), archives=organisation, agreed=AT.date())
    evidence.change(marais, OPERATOR, [Put(key=key("disposal-rule", "releves"), body=rule)], AT)
    retention.run(store, AT)
    left = store.extent([placed.id])[0]
    assert left.count == 32  # since 23 October, midnight in Paris
    proof = retention.proofs(marais)[0]
    assert (proof.purpose, proof.count, proof.under) == (purpose.key.slug, 168, "disposal-rule/releves")
    assert proof.outside == ("downloads", "copies")
    assert retention.run(store, AT)[0].values == {"count": 0}


def test_the_same_day_some_months_earlier_is_the_last_day_where_there_is_none() -> None:
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert months_before(date(2024, 3, 31), 1) == date(2024, 2, 29)
    assert months_before(date(2026, 1, 15), 13) == date(2024, 12, 15)
