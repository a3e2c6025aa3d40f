"""What a roadmap, a value chain and the maps of partners make of declarations."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.actor import Actor, ActorNature, Part, Share
from bocage.domain.application import Application, ApplicationState
from bocage.domain.contract import Contract
from bocage.domain.economics import CostShare, Economics, MoneyLine, MoneyNature
from bocage.domain.experiment import Experiment, Outcome, Protocol, Verdict
from bocage.domain.governance_body import College, GovernanceBody, Seats
from bocage.domain.organisation import Organisation
from bocage.domain.project import Milestone, Phase, Project, Scale, Trajectory
from bocage.domain.source import Source
from bocage.domain.text import Text
from bocage.publish.knowledge import Known
from bocage.publish.partners.contracts import Standing, contracts, uncovered
from bocage.publish.partners.stakeholders import Asked, Bond, partners
from bocage.publish.portfolio import sheet
from bocage.publish.portfolio.accounts import accounts
from bocage.publish.portfolio.prototypes import Fate, prototypes
from bocage.publish.portfolio.roadmap import Chosen, roadmap
from bocage.publish.portfolio.value_chain import Stage, value_chain

TODAY = date(2026, 11, 26)


def facts(**declared: dict[str, Any]) -> TerritoryFacts:
    return TerritoryFacts(
        slug="ici", today=TODAY, declared={name.replace("_", "-"): held for name, held in declared.items()}
    )


def everything(kind: str, slug: str) -> bool:
    return True


def named(title: str) -> Text:
    return Text(fr=title)


def closed_experiment(project: str, closed: date) -> Experiment:
    protocol = Protocol(starts=date(2025, 1, 1), ends=date(2025, 6, 1))
    return Experiment(
        title=named("Essai"),
        project=project,
        protocol=protocol,
        outcome=Outcome(closed=closed, verdict=Verdict.REACHED),
    )


@pytest.mark.parametrize(
    ("projects", "closed", "fate"),
    [
        ({"p": Project(title=named("P"), phase=Phase.ENDED)}, date(2025, 9, 1), Fate.LEFT),
        ({"p": Project(title=named("P"), phase=Phase.ENDED)}, date(2026, 10, 1), Fate.WAITING),
        ({"p": Project(title=named("P"), phase=Phase.OPERATION)}, date(2025, 9, 1), Fate.RUNS),
        ({"p": Project(title=named("P"), phase=Phase.ENDED, scale=Scale.PART)}, date(2025, 9, 1), Fate.RUNS),
        (
            {"p": Project(title=named("P"), phase=Phase.ENDED), "q": Project(title=named("Q"), follows="p")},
            date(2025, 9, 1),
            Fate.CARRIED,
        ),
    ],
)
def test_a_prototype_closed_long_ago_without_anything_that_follows_was_never_carried_on(
    projects: dict[str, Project], closed: date, fate: Fate
) -> None:
    found = prototypes(facts(project=projects, experiment={"e": closed_experiment("p", closed)}), everything)
    assert [(one.slug, one.fate) for one in found] == [("e", fate)]


def test_an_ended_trial_without_an_experiment_is_a_prototype_too_and_an_open_experiment_is_none() -> None:
    ended = Project(title=named("P"), phase=Phase.ENDED, ends=date(2025, 1, 1))
    going = Experiment(title=named("E"), project="q")
    found = prototypes(facts(project={"p": ended}, experiment={"e": going}), everything)
    assert [(one.kind, one.slug, one.fate) for one in found] == [("project", "p", Fate.LEFT)]


def test_both_trajectories_stand_and_what_carries_on_a_project_stands_below_it() -> None:
    late = Milestone(title=named("Bilan"), planned=date(2026, 11, 1))
    projects = {
        "b": Project(title=named("B"), starts=date(2024, 1, 1), milestones=(late,)),
        "z": Project(title=named("Z"), starts=date(2026, 1, 1), follows="b"),
        "c": Project(title=named("C"), starts=date(2025, 1, 1)),
        "g": Project(title=named("G"), trajectory=Trajectory.GLOBAL),
    }
    found = roadmap(facts(project=projects), everything, Chosen())
    assert [(one.slug, one.depth) for one in found.lanes[Trajectory.INCREMENTAL]] == [("b", 0), ("z", 1), ("c", 0)]
    assert found.lanes[Trajectory.GLOBAL] == ()
    assert [slug for slug, _project in found.undated] == ["g"]
    awaited = found.lanes[Trajectory.INCREMENTAL][0].upcoming(TODAY)
    assert awaited is not None
    assert awaited.late(TODAY)
    assert found.span == (date(2024, 1, 1), TODAY)
    chosen = roadmap(facts(project=projects), everything, Chosen(trajectory=Trajectory.GLOBAL))
    assert (chosen.all, chosen.whole) == ((), 4)


def test_projects_that_carry_each_other_on_in_a_circle_are_shown_once() -> None:
    starts = date(2025, 1, 1)
    projects = {
        "a": Project(title=named("A"), starts=starts, follows="b"),
        "b": Project(title=named("B"), starts=starts, follows="a"),
    }
    assert [one.slug for one in roadmap(facts(project=projects), everything, Chosen()).all] == ["a", "b"]


def test_a_long_chain_of_projects_is_drawn_in_its_order() -> None:
    chain = {
        f"p{place}": Project(title=named("P"), starts=TODAY, follows=f"p{place - 1}" if place else "")
        for place in range(1_500)
    }
    lanes = roadmap(facts(project=chain), everything, Chosen()).all
    assert [lane.slug for lane in lanes] == list(chain)


def test_sums_stand_by_nature_expected_beside_observed_and_are_never_netted() -> None:
    lines = (
        MoneyLine(title=named("Achat"), nature=MoneyNature.CAPITAL, expected=100.0, observed=120.0, payer="ville"),
        MoneyLine(title=named("Aide"), nature=MoneyNature.SUBSIDY, expected=40.0, gainer="ville"),
        MoneyLine(title=named("Pose"), nature=MoneyNature.CAPITAL, expected=50.0, scaling=True),
    )
    body = Economics(
        title=named("Compte"), project="p", lines=lines, shares=(CostShare(organisation="ville", percent=70.0),)
    )
    one = accounts(facts(economics={"e": body, "autre": Economics(title=named("Autre"), project="q")}), "p")[0]
    assert [(side.nature, side.expected, side.observed) for side in one.natures] == [
        (MoneyNature.CAPITAL, 150.0, 120.0),
        (MoneyNature.SUBSIDY, 40.0, None),
    ]
    assert [(side.organisation, side.expected) for side in one.payers] == [("ville", 100.0)]
    assert [side.nature for side in one.gainers] == [MoneyNature.SUBSIDY]
    assert (one.most, one.shared) == (150.0, 70.0)


def chained() -> TerritoryFacts:
    part = Part(project="p", phase=Phase.DESIGN, share=Share.DECIDES)
    actor = Actor(title=named("Ville"), nature=ActorNature.TERRITORY, organisation="ville", parts=(part,))
    secret = Application(title=named("Un procédé secret"), project="p", state=ApplicationState.FUNDED)
    return facts(
        project={"p": Project(title=named("P"), phase=Phase.DESIGN)},
        actor={"ville-actrice": actor},
        organisation={"ville": Organisation(title=named("Ville")), "atelier": Organisation(title=named("Atelier"))},
        contract={
            "m": Contract(
                title=named("M"),
                number="1",
                project="p",
                buyer="ville",
                holders=("atelier",),
                sources=("s",),
                starts=date(2026, 1, 1),
                months=12,
            ),
            "suite": Contract(title=named("S"), number="2", sources=("s",), starts=date(2027, 1, 1)),
        },
        source={
            "s": Source(title=named("S"), operator="atelier"),
            "t": Source(title=named("T"), operator="atelier"),
        },
        application={"a": secret},
    )


def test_the_value_chain_names_who_does_what_and_shows_where_nobody_is() -> None:
    around = chained()
    links = {
        link.stage: [(one.who, one.by) for one in link.doings]
        for link in value_chain(around, "p", around.all(Project)["p"], everything)
    }
    assert (("organisation", "atelier"), ("contract", "m")) in links[Stage.SUPPLIES]
    assert links[Stage.MEASURES] == [(("organisation", "atelier"), ("source", "s"))]
    assert links[Stage.DECIDES] == [(("actor", "ville-actrice"), None), (None, ("application", "a"))]
    assert links[Stage.KEEPS] == []


def test_what_stands_in_a_closed_register_is_in_no_chain_that_everyone_sees() -> None:
    known = Known(facts=chained())
    links = value_chain(known.facts, "p", known.facts.all(Project)["p"], known.sees)
    named_there = {place for link in links for one in link.doings for place in (one.who, one.by) if place}
    assert ("application", "a") not in named_there
    assert ("contract", "m") in named_there


def test_a_contract_says_what_comes_after_it_and_a_source_without_one_is_a_hole() -> None:
    found = {one.slug: one for one in contracts(chained(), everything)}
    assert found["m"].standing is Standing.RUNNING
    assert (found["m"].last, found["m"].followed, found["m"].prepare) == (date(2026, 12, 31), ("suite",), False)
    assert found["m"].buyer == ("actor", "ville-actrice")
    assert found["suite"].standing is Standing.COMING
    assert [(one.code, one.slug) for one in uncovered(chained(), everything)] == [
        ("source-alone", "t"),
        ("no-holder", "suite"),
    ]


def test_ties_join_actors_and_the_parties_of_contracts_and_tell_who_is_missing() -> None:
    seatless = GovernanceBody(title=named("Comité"), seats=(Seats(college=College.ELECTED, seats=3),))
    body = chained()
    declared: dict[str, Any] = {**body.declared, "governance-body": {"c": seatless}}
    around = facts(**declared)
    found = partners(around, everything, Asked())
    assert {(one.who, one.bond) for one in found.ties} == {
        (("actor", "ville-actrice"), Bond.PART),
        (("actor", "ville-actrice"), Bond.BUYER),
        (("organisation", "atelier"), Bond.HOLDER),
    }
    assert [(one.code, one.slug) for one in found.lacks] == [("one-kind", "p"), ("no-residents", "p"), ("no-seat", "c")]
    assert not partners(around, everything, Asked(nature=ActorNature.START_UP)).people


def test_the_calendar_folds_long_lines_and_keeps_each_event_under_one_name() -> None:
    step = Milestone(title=Text(fr="Été ; essai, " + "é" * 80), planned=date(2027, 1, 5))
    found = roadmap(facts(project={"p": Project(title=named("P"), milestones=(step,))}), everything, Chosen())
    at = datetime(2026, 11, 26, 8, tzinfo=UTC)
    lines = "".join(sheet.as_calendar(found, ("ici", "Ici"), at, "fr")).split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    whole = "\n".join(lines).replace("\n ", "")
    assert "DTSTART;VALUE=DATE:20270105" in whole
    assert "SUMMARY:P · Été \\; essai\\, éé" in whole
    again = "".join(sheet.as_calendar(found, ("ici", "Here"), at, "en"))
    assert [line for line in lines if line.startswith("UID")] == [
        line for line in again.split("\r\n") if line.startswith("UID")
    ]


def test_two_steps_that_bear_the_same_title_are_two_events_of_the_calendar() -> None:
    steps = tuple(Milestone(title=named("Comité"), planned=day) for day in (date(2027, 1, 5), date(26, 2, 5)))
    found = roadmap(facts(project={"p": Project(title=named("P"), milestones=steps)}), everything, Chosen())
    lines = "".join(sheet.as_calendar(found, ("ici", "Ici"), datetime(2026, 11, 26, 8, tzinfo=UTC), "fr")).split("\r\n")
    assert len({line for line in lines if line.startswith("UID")}) == 2
    assert "DTSTART;VALUE=DATE:00260205" in lines


def test_a_contract_beyond_the_last_year_ends_with_it() -> None:
    contract = Contract(title=named("C"), number="1", starts=date(9999, 6, 1), months=48)
    assert contract.end == date.max
    assert contracts(facts(contract={"c": contract}), everything)[0].standing is Standing.COMING


def test_a_spreadsheet_never_runs_the_title_of_a_step() -> None:
    step = Milestone(title=Text(fr="=1+1"), planned=date(2027, 1, 5))
    found = roadmap(facts(project={"p": Project(title=named("P"), milestones=(step,))}), everything, Chosen())
    assert "'=1+1" in "".join(sheet.as_csv(found, "fr"))
