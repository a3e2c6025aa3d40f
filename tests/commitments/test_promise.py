"""Every promise against its file of given and expected, which an official can read; and what holds for all of them."""

import functools
import re
import tomllib
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bocage import commitments, words
from bocage.commitments import r48_labels
from bocage.commitments.acting import Acting
from bocage.commitments.change import Change
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.labelling import Found
from bocage.commitments.printing import Printing
from bocage.commitments.promise import Moment, Promise
from bocage.domain.decision import Finding, Permit, Refusal, Standing, Stands
from bocage.domain.sensor_notice import SensorNotice

from .territory_given import HERE, TODAY, body, changed, copied, facts, in_order

Case = dict[str, Any]
KEYS = {
    "sentence",
    "given",
    "before",
    "copies",
    "signs",
    "today",
    "ask",
    "dataset",
    "declare",
    "stored",
    "checked",
    "found",
    "stands",
    "suspended",
    "print",
    "arrived",
    "commons",
    "past",
    "requests",
    "moment",
    "usage",
    "order",
    "orders",
    "orders_given",
} | {
    "expected",
    "decided",
    "findings",
    "standing",
}


def cases() -> Iterator[Any]:
    for promise in commitments.all_promises():
        read = tomllib.loads((HERE / f"{promise.code}.toml").read_text(encoding="utf-8"))
        for case in read["case"]:
            assert set(case) <= KEYS, case
            yield pytest.param(promise, case, id=f"{promise.code}: {case['sentence']}")


def asked(case: Case) -> tuple[TerritoryFacts, Moment, Any]:
    """The facts of a case, and the question it asks."""
    before = changed(in_order(), case.get("before", {}))
    tables = copied(changed(before, case.get("given", {})), case.get("copies", {}))
    now = facts(tables, today=case.get("today", TODAY), signs=case.get("signs"), beside=case)
    if "declare" in case:
        name = case["declare"]
        kind, _, slug = name.partition("/")
        return (
            now,
            Moment.DECLARE,
            Change(
                kind=kind,
                slug=slug,
                facts=now,
                before=body(name, before[name]) if name in before else None,
                after=body(name, tables[name]) if name in tables else None,
                stored=case.get("stored", 0),
                checked=frozenset(case["checked"]) if "checked" in case else None,
                found=found(case),
                liftable=commitments.LIFTABLE,
            ),
        )
    if "print" in case:
        asking = case["print"]
        notice = now.one(SensorNotice, asking["notice"])
        assert notice is not None
        question = Printing(
            notice_slug=asking["notice"],
            notice=notice,
            today=now.today,
            languages=tuple(asking["languages"]),
            public_url=asking["public_url"],
        )
        return now, Moment.PRINT, question
    if "order" in case:
        return now, Moment.ACT, Acting(facts=now, **case["order"])
    if "dataset" in case:
        return now, Moment.PUBLISH, now.release(case["dataset"])
    ask = case.get("ask", {"source": "capteurs", "key": "classe-1"})
    return now, Moment.INGEST, now.flow(ask["source"], ask["key"])


def found(case: Case) -> Found | None:
    """What duties found, as a case tells it; a promise that is not named otherwise is chosen."""
    if "found" not in case:
        return None
    told = [msgspec.convert({"values": {}, **one}, Finding) for one in case["found"]]
    standings = {one.promise: "chosen" for one in told} | case.get("stands", {})
    stands = {code: Stands(standing=Standing(name), reason="by-model") for code, name in standings.items()}
    return Found(findings=tuple(told), stands=stands)


@pytest.mark.parametrize(("promise", "case"), list(cases()))
def test_a_promise_answers_what_its_file_expects(promise: Promise, case: Case) -> None:
    now, moment, question = asked(case)
    if "expected" in case:
        gate = promise.gates.get(moment)
        assert [refusal.code for refusal in (gate(question) if gate else ())] == case["expected"]
    if "decided" in case:
        assert [_said(answer) for answer in commitments.decide(moment, question)] == case["decided"]
    if "findings" in case:
        told = [(finding.code, duty) for duty in promise.duties for finding in duty.examine(now)]
        assert [code for code, _duty in told] == case["findings"]
        assert [code for code, duty in told if code not in (duty.codes or promise.codes)] == []
    looked = found(case)
    if looked is not None and "suspended" in case:
        assert [one.values["requirement"] for one in r48_labels.suspended(now, looked)] == case["suspended"]
    if "standing" in case:
        assert commitments.standing(promise, now).standing == case["standing"]


def _said(answer: Permit | Refusal) -> str:
    return answer.code if isinstance(answer, Refusal) else f"permit under {answer.under}"


def answers(case: Case) -> Iterator[Refusal | Finding]:
    """Everything any promise says about a case."""
    now, moment, question = asked(case)
    for promise in commitments.all_promises():
        if moment in promise.gates:
            yield from promise.gates[moment](question)
    if now.territory is not None:
        yield from commitments.examine(now)
        yield from r48_labels.suspended(now, found(case) or Found(findings=(), stands={}))


@functools.cache
def everything_said() -> tuple[Refusal | Finding, ...]:
    """What all promises say about all cases, each answer once."""
    said = (answer for param in cases() for answer in answers(param.values[1]))
    return tuple({repr(answer): answer for answer in said}.values())


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_everything_a_promise_says_has_its_sentence_with_all_its_values(lang: str) -> None:
    for answer in everything_said():
        said = words.sentence(answer, lang)
        assert said.what, answer
        assert said.rule, answer
        if isinstance(answer, Refusal) or not answer.kept:
            assert said.why, answer
            assert said.way_out, answer
        assert "{" not in said.what + said.why + said.way_out


@pytest.mark.parametrize("promise", commitments.all_promises(), ids=lambda promise: promise.code)
def test_every_code_of_a_promise_is_listed_and_expected_by_a_case(promise: Promise) -> None:
    seen = {answer.code for answer in everything_said() if answer.promise == promise.code}
    only_in_ingest = {"finer-than-needed"}
    assert seen | (only_in_ingest & set(promise.codes)) == set(promise.codes)


@pytest.mark.parametrize("promise", commitments.all_promises(), ids=lambda promise: promise.code)
def test_every_promise_of_several_duties_says_which_code_is_whose(promise: Promise) -> None:
    told = [code for duty in promise.duties for code in duty.codes]
    assert len(promise.duties) < 2 or all(duty.codes for duty in promise.duties)
    assert len(set(told)) == len(told)
    assert set(told) <= set(promise.codes)


@pytest.mark.parametrize("promise", commitments.all_promises(), ids=lambda promise: promise.code)
def test_every_promise_has_a_reference_a_date_of_effect_and_says_what_software_cannot_see(promise: Promise) -> None:
    assert promise.references
    assert promise.effect <= TODAY
    for text in (
        promise.title,
        promise.text,
        promise.why,
        promise.unseen,
        *(duty.name for duty in promise.duties),
        *(one.text for one in promise.references),
    ):
        assert words.translate(text, "fr") != text


def test_nothing_lifts_what_protects_persons() -> None:
    assert not commitments.LIFTABLE & {"prohibited_practices", "publication", "regularisation", "coherence"}


def test_a_territory_in_order_keeps_every_promise() -> None:
    now = facts(in_order())
    assert [finding for finding in commitments.examine(now) if not finding.kept] == []
    assert commitments.decide(Moment.INGEST, now.flow("capteurs", "classe-1")) == (Permit(cadence_seconds=600),)


@settings(max_examples=200, deadline=None)
@given(
    source=st.text(max_size=20),
    key=st.text(max_size=20),
    without=st.sampled_from([None, "source/capteurs", "purpose/air", "datastream/co2-ecole"]),
)
def test_what_no_purpose_names_is_refused(source: str, key: str, without: str | None) -> None:
    now = facts(changed(in_order(), {without: "sans"} if without else {}))
    decided = commitments.decide(Moment.INGEST, now.flow(source, key))
    named = (source, key) == ("capteurs", "classe-1") and without is None
    assert named or any(isinstance(answer, Refusal) for answer in decided)


def test_a_promise_refuses_nothing_before_its_date_of_effect() -> None:
    tables = changed(in_order(), {"purpose/air": {"questions": {"tracking": True}}})
    from datetime import date

    early = facts(tables, today=date(2025, 2, 1)).flow("capteurs", "classe-1")
    late = facts(tables, today=date(2025, 2, 2)).flow("capteurs", "classe-1")
    assert commitments.decide(Moment.INGEST, early) == (Permit(cadence_seconds=600),)
    assert {answer.code for answer in commitments.decide(Moment.INGEST, late) if isinstance(answer, Refusal)} == {
        "tracking",
        "unanswered",
    }


def test_an_exception_to_minimisation_lifts_the_cadence_while_it_runs() -> None:
    exception = {
        "title": {"fr": "Essai"},
        "promise": "gdpr_05_minimisation",
        "source": "capteurs",
        "starts": "2026-11-01",
        "ends": "2026-12-31",
        "reason": {"fr": "Régler les capteurs"},
        "act": "deliberation",
    }
    flow = facts(changed(in_order(), {"exception/essai": exception})).flow("capteurs", "classe-1")
    assert commitments.decide(Moment.INGEST, flow)[0].cadence_seconds == 0  # type: ignore[union-attr]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_reading_that_comes_too_soon_is_refused_in_words(lang: str) -> None:
    from bocage.commitments.gdpr_05_minimisation import too_fine

    said = words.sentence(too_fine(facts(in_order()).flow("capteurs", "classe-1")), lang)
    assert "10\u202fminutes" in said.why


def test_the_21_recommendations_are_there_once_each_and_the_others_are_said_to_be_absent() -> None:
    told = sorted(promise.recommendation for promise in commitments.all_promises() if promise.recommendation)
    assert told == [1, 2, 3, 4, 6, 11, 16, 17, 19, 20, 23, 30, 33, 36, 38, 39, 45, 46, 47, 48, 49]
    assert sorted((*told, *commitments.untold())) == list(range(1, 54))


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_promise_says_why_in_two_sentences_and_why_it_stands_as_it_does(lang: str) -> None:
    now = facts(in_order())
    for promise in commitments.all_promises():
        assert len(re.findall(r"[.?!](?:\s|$)", words.translate(promise.why, lang))) == 2, promise.code
        assert words.reason(commitments.standing(promise, now), lang), promise.code


class Watched(dict[str, Any]):
    """Declarations that remember which kinds were looked at."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.seen: set[str] = set()

    def get(self, kind: str, default: Any = None) -> Any:
        self.seen.add(kind)
        return super().get(kind, default)

    def __getitem__(self, kind: str) -> Any:
        self.seen.add(kind)
        return super().__getitem__(kind)


def test_a_duty_looks_at_no_other_kind_than_it_says() -> None:
    for case in (param.values[1] for param in cases()):
        now = asked(case)[0]
        for promise, duty in commitments.duties(TODAY) if now.territory else ():
            watched = Watched(now.declared)
            duty.examine(msgspec.structs.replace(now, declared=watched))
            assert watched.seen <= {kind.kind for kind in duty.reads} or not duty.reads, (promise.code, duty.name)
