"""An agent leaves: roles pass on or end, the account closes with them, and it can be undone."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from django.test import Client

from bocage import registers
from bocage.accounts import actor, people
from bocage.accounts.people import Person
from bocage.accounts.rights import Right, may
from bocage.domain.declaration import Key
from bocage.domain.role import Role, RoleName
from bocage.domain.text import Text

from .world import AT, HERE, World, dataset

LEAVES, STAYS = "part@ville.example", "reste@ville.example"
ROLE = Key(territory=HERE, kind="role", slug="referente-air")


def person(email: str) -> Person:
    return people.create(email, email.partition("@")[0], AT - timedelta(days=1), territory=HERE)


def role_of(key: Key = ROLE) -> Role:
    entry = registers.find(key)
    assert entry is not None
    assert isinstance(entry.body, Role)
    return entry.body


@pytest.fixture
def leaving(world: World) -> str:
    """The account of a steward of the dataset on the air of schools, and a colleague beside."""
    account = person(LEAVES).account
    person(STAYS)
    steward = Role(title=Text(fr="Référente"), role=RoleName.STEWARD, holder=LEAVES, services=("ecoles",))
    world.put("role", ROLE.slug, steward)
    world.put("dataset", "air", msgspec.structs.replace(dataset(), steward=ROLE.slug), 1)
    return account


@pytest.fixture
def desk(world: World) -> Client:
    return world.sign_in(RoleName.ADMINISTRATOR, email="admin@ville.example")


def place(account: str) -> str:
    return f"/{HERE}/desk/accounts/{account}/departure"


def test_what_falls_is_said_before_anything_is_done(desk: Client, leaving: str) -> None:
    text = desk.get(place(leaving)).content.decode()
    assert "Air des écoles" in text
    assert "Personne d’autre ne tient cette fonction ici." in text
    assert STAYS in text
    assert role_of().holder == LEAVES


def test_stewardship_passes_on_and_the_dataset_follows(desk: Client, leaving: str) -> None:
    answer = desk.post(place(leaving), {"to.referente-air": STAYS, "close": "yes"})
    assert answer.status_code == 302
    assert (role_of().holder, role_of().until) == (STAYS, None)
    successor = next(one for one in people.listed(HERE) if one.email == STAYS)
    assert may(actor(successor.account, AT), Right.READ_DATA, HERE, service="ecoles", dataset="air")
    assert not may(actor(leaving, AT), Right.READ_DATA, HERE)
    found = people.find(leaving)
    assert found is not None
    assert not found.active


def test_a_role_nobody_takes_over_ends_today(desk: Client, leaving: str) -> None:
    desk.post(place(leaving), {"to.referente-air": ""})
    assert (role_of().holder, role_of().until) == (LEAVES, AT.astimezone(ZoneInfo("Europe/Paris")).date())
    assert not may(actor(leaving, AT + timedelta(days=2)), Right.READ_DATA, HERE)


def test_a_departure_is_undone_whole(desk: Client, leaving: str) -> None:
    text = desk.post(place(leaving), {"to.referente-air": STAYS, "close": "yes"}, follow=True).content.decode()
    start = text.index(f'action="{place(leaving)}/undo') + len('action="')
    desk.post(text[start : text.index('"', start)].replace("&amp;", "&"))
    assert role_of().holder == LEAVES
    found = people.find(leaving)
    assert found is not None
    assert found.active


def test_a_successor_without_an_account_is_refused_and_nothing_changes(desk: Client, leaving: str) -> None:
    answer = desk.post(place(leaving), {"to.referente-air": "inconnu@ville.example"})
    assert answer.status_code == 422
    assert role_of().holder == LEAVES


def test_the_last_who_gives_roles_does_not_leave_without_a_successor(world: World, desk: Client) -> None:
    person(STAYS)
    mine = next(one for one in people.listed(HERE) if one.email == "admin@ville.example")
    answer = desk.post(place(mine.account), {})
    assert answer.status_code == 422
    assert "transmettez le rôle d’administrateur" in answer.content.decode()


def test_one_does_not_close_ones_own_account(desk: Client, leaving: str) -> None:
    mine = next(one for one in people.listed(HERE) if one.email == "admin@ville.example")
    answer = desk.post(place(mine.account), {"to.role-administrator-admin": STAYS, "close": "yes"})
    assert answer.status_code == 422
    found = people.find(mine.account)
    assert found is not None
    assert found.active


@pytest.mark.parametrize("role", [RoleName.DATA_ADMINISTRATOR, RoleName.DPO, RoleName.AGENT, RoleName.DECIDER])
def test_only_who_gives_roles_records_a_departure(world: World, leaving: str, role: RoleName) -> None:
    browser = world.sign_in(role, email="autre@ville.example")
    assert browser.get(place(leaving)).status_code == 403
    assert browser.post(place(leaving), {"to.referente-air": STAYS}).status_code == 403
    assert browser.post(f"{place(leaving)}/undo?role=referente-air:2&open=1").status_code == 403
    assert role_of().holder == LEAVES


def test_an_account_of_elsewhere_is_not_found(desk: Client) -> None:
    other = people.create("loin@ailleurs.example", "Loin", AT, territory="ailleurs")
    assert desk.get(place(other.account)).status_code == 404
