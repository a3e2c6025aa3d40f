"""Who may, and above all who may not."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bocage.accounts.document import rewritten
from bocage.accounts.managing import may_manage
from bocage.accounts.rights import (
    ANYONE,
    DECLARES,
    EVERYONE,
    INSTANCE,
    MACHINE,
    OPERATOR,
    RIGHTS,
    SIGNED_IN,
    Actor,
    Grant,
    Machine,
    Right,
    machine_may,
    may,
    may_declare,
    reach,
    right_of,
)
from bocage.accounts.routes import ROUTES
from bocage.domain.errors import Missing
from bocage.domain.kinds import KINDS
from bocage.domain.role import RoleName
from bocage.domain.sensing import ENTITIES

PAGE = Path(__file__).parents[2] / "docs" / "rights.md"
HERE, THERE = "val-de-loire", "marais"
ROLES = tuple(RoleName)
# A contractor without a source reaches nothing, so the tables are asked with one.
BODIES = {role: Grant(role=role, sources=("compteurs",) if role is RoleName.CONTRACTOR else ()) for role in ROLES}


def holding(*grants: Grant, territory: str = HERE) -> Actor:
    return Actor(account="p1", name="Jeanne", email="jeanne@ville.example", grants={territory: grants})


def test_the_page_on_rights_shows_the_very_tables_of_the_code() -> None:
    page = PAGE.read_text("utf-8")
    assert rewritten(page) == page, "run: python scripts/write_rights.py"


def test_every_right_has_a_line_and_every_line_names_holders_that_exist() -> None:
    assert set(RIGHTS) == set(Right)
    known = {EVERYONE, SIGNED_IN, INSTANCE, MACHINE, *ROLES}
    assert all(holders and set(holders) <= known for holders in RIGHTS.values())


def test_every_kind_has_a_line_and_only_roles_declare() -> None:
    assert set(DECLARES) == {*KINDS, *(entity.kind for entity in ENTITIES)}
    assert all(holders and set(holders) <= set(ROLES) for holders in DECLARES.values())


def test_every_route_asks_for_a_right_that_exists() -> None:
    assert set(ROUTES.values()) <= set(RIGHTS)


def test_a_route_without_a_line_cannot_be_served() -> None:
    with pytest.raises(Missing):
        right_of("desk.backdoor")


def test_a_right_nobody_wrote_down_is_held_by_nobody() -> None:
    everybody = holding(*BODIES.values())
    for actor in (ANYONE, everybody, OPERATOR):
        assert not may(actor, "erase-everything", HERE)
        assert not may_declare(actor, HERE, "secret")


@pytest.mark.parametrize("route", sorted(ROUTES))
@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_the_routes_of_its_lines_and_no_other(role: RoleName, route: str) -> None:
    right = ROUTES[route]
    allowed = RIGHTS[right]
    expected = role in allowed or EVERYONE in allowed or SIGNED_IN in allowed
    assert may(holding(BODIES[role]), right, HERE) == expected
    assert may(holding(BODIES[role], territory=THERE), right, HERE) == bool({EVERYONE, SIGNED_IN} & allowed)


@pytest.mark.parametrize("route", sorted(ROUTES))
def test_anyone_opens_only_what_is_open(route: str) -> None:
    assert may(ANYONE, ROUTES[route], HERE) == (
        ROUTES[route] in (Right.READ_OPEN, Right.SIGN_IN, Right.ENTRUST)  # a signature says who entrusts
    )


def test_a_person_signed_in_without_a_role_opens_only_their_own_account() -> None:
    nobody = Actor(account="p1")
    assert {right for right in RIGHTS if may(nobody, right, HERE)} == {
        Right.READ_OPEN,
        Right.SIGN_IN,
        Right.ENTRUST,
        Right.OWN_ACCOUNT,
    }


@pytest.mark.parametrize("kind", sorted(DECLARES))
@pytest.mark.parametrize("role", ROLES)
def test_a_role_declares_the_kinds_of_its_lines_and_no_other(role: RoleName, kind: str) -> None:
    assert may_declare(holding(Grant(role=role)), HERE, kind) == (role in DECLARES[kind])
    assert not may_declare(holding(Grant(role=role), territory=THERE), HERE, kind)
    assert not may_declare(ANYONE, HERE, kind)


def test_the_officer_for_data_protection_reads_everything_and_declares_violations_alone() -> None:
    dpo = holding(Grant(role=RoleName.DPO))
    assert all(may(dpo, right, HERE) for right in ("read-desk", "read-data", "read-refusals", "read-registers"))
    assert {kind for kind in DECLARES if may_declare(dpo, HERE, kind)} == {"violation"}
    changes = {"deliver", "issue-tokens", "revoke-tokens", "manage-accounts", "revoke-sessions", "redo-work"}
    assert not any(may(dpo, right, HERE) for right in changes)


def test_an_administrator_has_no_right_on_measurements() -> None:
    for administrator in (holding(Grant(role=RoleName.ADMINISTRATOR)), Actor(account="p1", administrator=True)):
        assert may(administrator, Right.MANAGE_ACCOUNTS, HERE)
        for right in ("read-data", "read-refusals", "read-registers", "deliver", "issue-tokens"):
            assert not may(administrator, right, HERE)
        assert [kind for kind in DECLARES if may_declare(administrator, HERE, kind)] == ["territory", "role"]


def test_a_contractor_reaches_its_own_sources_only() -> None:
    contractor = holding(Grant(role=RoleName.CONTRACTOR, sources=("compteurs",)))
    for right in (Right.READ_DATA, Right.READ_REFUSALS, Right.DELIVER):
        assert may(contractor, right, HERE)
        assert may(contractor, right, HERE, source="compteurs")
        assert not may(contractor, right, HERE, source="eau")
        assert not may(contractor, right, HERE, source="")
        assert not may(contractor, right, HERE, service="eau")
        assert not may(contractor, right, HERE, dataset="eau")
    assert not any(may_declare(contractor, HERE, kind, source="compteurs") for kind in DECLARES)


def test_a_contractor_whose_role_names_no_source_reaches_nothing() -> None:
    nobody = holding(Grant(role=RoleName.CONTRACTOR))
    assert not may(nobody, Right.READ_DATA, HERE)
    assert not may(nobody, Right.READ_DATA, HERE, source="compteurs")


def test_an_agent_reaches_the_services_of_the_role() -> None:
    agent = holding(Grant(role=RoleName.AGENT, services=("eau",)))
    assert may(agent, Right.READ_DATA, HERE)
    assert may(agent, Right.READ_DATA, HERE, source="compteurs", service="eau")
    assert not may(agent, Right.READ_DATA, HERE, source="compteurs", service="eclairage")
    assert not may(agent, Right.READ_DATA, HERE, source="compteurs", service="")
    assert not may(agent, Right.READ_DATA, HERE, source="compteurs")
    assert may(holding(Grant(role=RoleName.AGENT)), Right.READ_DATA, HERE, service="")


def test_a_steward_declares_the_datasets_of_the_service_or_those_that_name_the_role() -> None:
    of_service = holding(Grant(role=RoleName.STEWARD, services=("eau",)))
    assert may_declare(of_service, HERE, "dataset", service="eau", dataset="debits")
    assert not may_declare(of_service, HERE, "dataset", service="voirie", dataset="velo")
    assert not may_declare(of_service, HERE, "purpose", service="eau")
    of_dataset = holding(Grant(role=RoleName.STEWARD, datasets=("velo",)))
    assert may_declare(of_dataset, HERE, "datastream", service="voirie", dataset="velo")
    assert not may_declare(of_dataset, HERE, "datastream", service="voirie", dataset="debits")
    assert not may_declare(of_dataset, HERE, "datastream")
    assert may(of_dataset, Right.READ_DATA, HERE)


def test_a_role_bound_to_a_service_declares_nothing_that_belongs_to_none() -> None:
    bound = holding(Grant(role=RoleName.DATA_ADMINISTRATOR, services=("eau",)))
    assert may_declare(bound, HERE, "purpose", service="eau")
    assert not may_declare(bound, HERE, "purpose", service="voirie")
    assert not may_declare(bound, HERE, "organisation")


def test_lists_are_filtered_as_items_are_asked() -> None:
    actor = holding(
        Grant(role=RoleName.CONTRACTOR, sources=("compteurs",)), Grant(role=RoleName.AGENT, services=("eau",))
    )
    found = reach(actor, Right.READ_DATA, HERE)
    assert not found.whole
    assert found.covers(source="compteurs", service="voirie")
    assert found.covers(source="debits", service="eau")
    assert not found.covers(source="radars", service="voirie")
    assert not found.covers()
    assert reach(actor, Right.READ_OPEN, HERE).whole
    assert not reach(actor, Right.READ_DATA, THERE).covers(source="compteurs", service="eau")


@given(
    st.lists(
        st.builds(
            Grant,
            role=st.sampled_from(ROLES),
            services=st.sampled_from([(), ("a",), ("a", "b")]),
            sources=st.sampled_from([(), ("s",)]),
            datasets=st.sampled_from([(), ("d",)]),
        ),
        max_size=3,
    ),
    st.sampled_from(sorted(RIGHTS)),
    st.tuples(*[st.sampled_from(["", name]) for name in ("s", "b", "d")]),
)
def test_an_item_is_never_open_to_who_may_not_enter(grants: list[Grant], right: str, item: tuple[str, ...]) -> None:
    actor = holding(*grants)
    source, service, dataset = item
    if may(actor, right, HERE, source=source, service=service, dataset=dataset):
        assert may(actor, right, HERE)
        assert not may(actor, right, THERE) or RIGHTS[right] & {EVERYONE, SIGNED_IN}


def test_a_role_lasts_from_its_first_day_to_its_last() -> None:
    grant = Grant(role=RoleName.AGENT, since=date(2026, 1, 1), until=date(2026, 1, 31))
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1)]
    assert [grant.lasts(day) for day in days] == [False, True, True, False]
    assert Grant(role=RoleName.AGENT).lasts(days[0])


def test_a_token_writes_to_its_one_source_and_reads_its_datasets_at_home() -> None:
    sender = Machine(token=1, territory=HERE, source="compteurs")
    assert machine_may(sender, Right.PUSH, HERE, source="compteurs")
    assert not machine_may(sender, Right.PUSH, HERE, source="eau")
    assert not machine_may(sender, Right.PUSH, THERE, source="compteurs")
    assert not machine_may(sender, Right.READ_GRANTED, HERE, dataset="velo")
    reader = Machine(token=2, territory=HERE, datasets=("velo",))
    assert machine_may(reader, Right.READ_GRANTED, HERE, dataset="velo")
    assert not machine_may(reader, Right.READ_GRANTED, HERE, dataset="eau")
    assert not machine_may(reader, Right.PUSH, HERE)
    assert not machine_may(reader, Right.READ_DATA, HERE, dataset="velo")


def test_no_person_acts_as_a_machine_and_the_operator_does_all_else() -> None:
    everybody = holding(*BODIES.values())
    for right in (Right.PUSH, Right.READ_GRANTED):
        assert not may(everybody, right, HERE)
        assert not may(OPERATOR, right, HERE)
    assert all(may(OPERATOR, right, HERE) for right in RIGHTS if MACHINE not in RIGHTS[right])
    assert all(may_declare(OPERATOR, HERE, kind) for kind in DECLARES)


def test_an_administrator_of_one_territory_never_gets_hold_of_an_account_of_another() -> None:
    local = holding(Grant(role=RoleName.ADMINISTRATOR))
    assert may_manage(local, [HERE], administrator=False)
    assert not may_manage(local, [HERE, THERE], administrator=False)
    assert not may_manage(local, [], administrator=False)
    assert not may_manage(local, [HERE], administrator=True)
    assert may_manage(Actor(account="p1", administrator=True), [THERE], administrator=True)
    assert not may_manage(ANYONE, [HERE], administrator=False)


def test_what_holds_for_the_whole_instance_is_for_its_administrator_alone() -> None:
    runs = Actor(account="p1", administrator=True)
    one = Actor(account="p2", grants={HERE: (Grant(role=RoleName.ADMINISTRATOR),)})
    assert may(runs, Right.SETTINGS, HERE)
    assert may(runs, Right.SETTINGS, "")
    assert not may(one, Right.SETTINGS, HERE)
