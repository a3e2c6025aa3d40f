"""People are invited, choose a password once, sign in, are slowed down when they guess, and can be shut out."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from bocage.accounts import ANYONE, actor, attempts, people, refresh_grants, sessions, throttle, who
from bocage.accounts.people import Denied, Person
from bocage.accounts.rights import Grant
from bocage.accounts.tables import Account, Attempt, OneTimeLink, SessionStore
from bocage.domain.dataset import Dataset
from bocage.domain.declaration import Declaration, Key
from bocage.domain.errors import Conflict, Invalid, Missing
from bocage.domain.role import Role, RoleName
from bocage.domain.territory import Territory
from bocage.domain.text import Text
from bocage.relational.settings import settings_of

pytestmark = pytest.mark.usefixtures("db")
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
PASSWORD = "haie-vive de charmes"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    key: Key
    body: Declaration


def member(email: str = "jeanne@ville.example", **more: str) -> Person:
    person = people.create(email, "Jeanne Martin", AT, **more)
    return people.redeem(people.one_time_link(person.account, AT), PASSWORD, AT)


def sign_in(email: str = "jeanne@ville.example", password: str = PASSWORD, at: datetime = AT) -> Person | Denied:
    return people.authenticate(email, password, address="192.0.2.1", at=at)


def browser(account: str, hours: int = 8) -> str:
    store = SessionStore()
    row = Account.objects.get(id=account)
    store["_auth_user_id"], store["_auth_user_hash"] = account, row.get_session_auth_hash()
    store["began"], store["agent"] = AT.isoformat(), "Firefox"
    store.set_expiry(AT + timedelta(hours=hours))
    store.create()
    assert store.session_key
    return store.session_key


def roles(*held: Role) -> list[Entry]:
    return [
        Entry(key=Key(territory="val", kind="role", slug=f"role-{number}"), body=role)
        for number, role in enumerate(held)
    ]


def test_an_invited_person_chooses_a_password_and_signs_in_whatever_the_capitals() -> None:
    person = people.create(" Jeanne@Ville.example ", " Jeanne Martin ", AT, territory="val")
    assert (person.email, person.name, person.has_password) == ("jeanne@ville.example", "Jeanne Martin", False)
    link = people.one_time_link(person.account, AT)
    assert people.invited(link, AT) == person
    people.redeem(link, PASSWORD, AT)
    found = sign_in("JEANNE@ville.example")
    assert isinstance(found, Person)
    assert (found.account, found.territories) == (person.account, frozenset({"val"}))


def test_pseudonyms_tell_nothing_and_differ() -> None:
    first, second = people.create("a@ville.example", "A", AT), people.create("b@ville.example", "A", AT)
    assert first.account != second.account
    assert "ville" not in first.account


def test_an_address_has_one_account() -> None:
    people.create("jeanne@ville.example", "Jeanne", AT)
    with pytest.raises(Conflict):
        people.create("JEANNE@ville.example", "Une autre", AT)


@pytest.mark.parametrize("email", ["", "jeanne", "@ville.example", "jeanne@", "je anne@ville.example"])
def test_what_is_no_address_is_refused(email: str) -> None:
    with pytest.raises(Invalid):
        people.create(email, "Jeanne", AT)


def test_nobody_signs_in_before_choosing_a_password() -> None:
    people.create("jeanne@ville.example", "Jeanne", AT)
    assert sign_in(password="") == Denied()
    assert sign_in(password="!") == Denied()


def test_a_link_works_once_for_three_days_and_only_the_newest() -> None:
    person = people.create("jeanne@ville.example", "Jeanne", AT)
    former = people.one_time_link(person.account, AT)
    link = people.one_time_link(person.account, AT)
    for secret, at in ((former, AT), (link, AT + timedelta(days=3)), ("invente", AT)):
        with pytest.raises(Missing):
            people.redeem(secret, PASSWORD, at)
    people.redeem(link, PASSWORD, AT)
    with pytest.raises(Missing):
        people.redeem(link, "un autre mot de passe", AT)
    assert not OneTimeLink.objects.filter(digest=link).exists()


@pytest.mark.parametrize("password", ["court", "aaaaaaaaaaaaaaaa", "jeanne-martin-2026", "MartinMartin2026"])
def test_a_weak_password_is_refused_and_leaves_the_link_usable(password: str) -> None:
    person = people.create("jeanne@ville.example", "Jeanne Martin", AT)
    link = people.one_time_link(person.account, AT)
    with pytest.raises(Invalid):
        people.redeem(link, password, AT)
    people.redeem(link, PASSWORD, AT)


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer() -> None:
    member()
    assert sign_in(password="autre chose 123") == sign_in("inconnu@ville.example") == Denied()


def test_passwords_are_kept_as_argon2() -> None:
    assert Account.objects.get(id=member().account).password.startswith("argon2$argon2id$")
    assert settings_of("x", None)["PASSWORD_HASHERS"] == ["django.contrib.auth.hashers.Argon2PasswordHasher"]


def test_guessing_gets_slower_for_the_account_even_with_the_right_password() -> None:
    member()
    for _ in range(throttle.ACCOUNT.free):
        assert sign_in(password="faux faux faux") == Denied()
    assert sign_in() == Denied(wait=timedelta(seconds=1))
    assert isinstance(sign_in(at=AT + timedelta(seconds=1)), Person)
    assert not Attempt.objects.exists()


def test_guessing_from_one_address_gets_slower_for_all_accounts() -> None:
    member()
    for number in range(throttle.ADDRESS.free):
        people.authenticate(f"p{number}@ville.example", "x", address="192.0.2.9", at=AT)
    held = people.authenticate("jeanne@ville.example", PASSWORD, address="192.0.2.9", at=AT)
    assert held == Denied(wait=timedelta(seconds=1))
    assert isinstance(people.authenticate("jeanne@ville.example", PASSWORD, address="192.0.2.1", at=AT), Person)


def test_waits_double_up_to_their_longest_and_are_forgotten_after_a_day() -> None:
    def waits(failures: int, after: timedelta = timedelta(0)) -> timedelta:
        return throttle.wait(throttle.ACCOUNT, failures, AT, AT + after)

    assert [waits(n).total_seconds() for n in (0, 4, 5, 6, 7, 10, 11, 400)] == [0, 0, 1, 2, 4, 32, 60, 60]
    assert waits(7, timedelta(seconds=3)) == timedelta(seconds=1)
    assert waits(400, throttle.FORGOTTEN_AFTER) == timedelta(0)


def test_failed_tries_are_erased_after_a_day_and_never_name_the_address() -> None:
    sign_in("inconnu@ville.example")
    assert not any("inconnu" in row.subject or "192" in row.subject for row in Attempt.objects.all())
    assert attempts.forget(AT + timedelta(hours=23)) == 0
    assert attempts.forget(AT + timedelta(hours=24)) == 2


def test_a_closed_account_neither_signs_in_nor_keeps_its_session() -> None:
    person = member()
    key = browser(person.account)
    people.deactivate(person.account)
    assert sign_in() == Denied()
    assert (who(key, AT), actor(person.account, AT)) == (ANYONE, ANYONE)
    people.reactivate(person.account)
    assert isinstance(sign_in(), Person)
    assert who(key, AT) == ANYONE


def test_the_last_administrator_of_the_instance_cannot_be_closed() -> None:
    person = member()
    people.make_administrator(person.account)
    with pytest.raises(Conflict):
        people.deactivate(person.account)
    other = member("paul@ville.example")
    people.make_administrator(other.account)
    people.deactivate(person.account)
    assert not actor(person.account, AT).administrator
    assert actor(other.account, AT).administrator


def test_a_session_tells_who_speaks_until_it_is_over() -> None:
    person = member()
    key = browser(person.account)
    assert (who(key, AT).account, who(key, AT).name) == (person.account, "Jeanne Martin")
    for other, at in ((key, AT + timedelta(hours=8)), ("inconnue", AT), ("", AT), (None, AT)):
        assert who(other, at) == ANYONE


def test_a_session_of_another_secret_or_an_older_password_is_nobody() -> None:
    person = member()
    key = browser(person.account, hours=1_000_000)  # the store reads it by the machine's own clock
    store = SessionStore(key)
    store["_auth_user_hash"] = "0" * 64
    store.save()
    assert who(key, AT) == ANYONE
    key = browser(person.account)
    row = Account.objects.get(id=person.account)
    row.set_password("un tout autre secret")
    row.save()
    assert who(key, AT) == ANYONE


def test_changing_the_password_asks_for_the_former_and_ends_every_session() -> None:
    person = member()
    key = browser(person.account)
    with pytest.raises(Invalid):
        people.change_password(person.account, "faux", "un tout autre secret")
    assert who(key, AT) != ANYONE
    people.change_password(person.account, PASSWORD, "un tout autre secret")
    assert who(key, AT) == ANYONE
    assert isinstance(sign_in(password="un tout autre secret"), Person)


def test_sessions_are_listed_without_their_keys_and_ended_one_by_one() -> None:
    person, other = member(), member("paul@ville.example")
    keys = [browser(person.account), browser(person.account), browser(other.account)]
    listed = sessions.listed(AT, person.account)
    assert [(one.began, one.agent, one.account) for one in listed] == [(AT, "Firefox", person.account)] * 2
    assert not any(key in msgspec.json.encode(listed).decode() for key in keys)
    assert len(sessions.listed(AT)) == 3
    with pytest.raises(Missing):
        sessions.end(other.account, listed[0].id)
    sessions.end(person.account, listed[0].id)
    assert sum(who(key, AT) != ANYONE for key in keys[:2]) == 1
    assert sessions.end_all(person.account) == 1
    assert [who(key, AT) != ANYONE for key in keys] == [False, False, True]
    assert sessions.forget(AT + timedelta(hours=8)) == 1


def test_roles_declared_are_held_by_the_account_they_name_while_they_last() -> None:
    person = member()
    title = Text(fr="Rôle")
    refresh_grants(
        "val",
        roles(
            Role(title=title, role=RoleName.DPO, holder="Jeanne@ville.example", until=date(2026, 11, 23)),
            Role(title=title, role=RoleName.AGENT, holder="jeanne@ville.example", services=("eau",)),
            Role(title=title, role=RoleName.DECIDER, holder="maire@ville.example"),
            Role(title=title, role=RoleName.DECIDER),
        ),
    )
    held = actor(person.account, AT).grants
    assert held == {
        "val": (
            Grant(role=RoleName.DPO, until=date(2026, 11, 23), slug="role-0"),
            Grant(role=RoleName.AGENT, services=("eau",), slug="role-1"),
        )
    }
    tomorrow = actor(person.account, AT + timedelta(days=1)).grants["val"]
    assert [grant.role for grant in tomorrow] == [RoleName.AGENT]


def test_a_role_begins_at_the_midnight_of_its_territory() -> None:
    person, here = member(), Key(territory="val", kind="territory", slug="val")
    body = Territory(title=Text(fr="Val"), time_zone="Europe/Paris")
    role = Role(title=Text(fr="Rôle"), role=RoleName.AGENT, holder=person.email, since=date(2026, 11, 27))
    refresh_grants("val", [Entry(key=here, body=body), *roles(role)])
    midnight = datetime(2026, 11, 26, 23, tzinfo=UTC)
    assert "val" not in actor(person.account, midnight - timedelta(seconds=1)).grants
    assert "val" in actor(person.account, midnight).grants


def test_a_steward_holds_the_datasets_that_name_the_role() -> None:
    person, title = member(), Text(fr="Vélos")
    dataset = Entry(key=Key(territory="val", kind="dataset", slug="velo"), body=Dataset(title=title, steward="role-0"))
    steward = Role(title=title, role=RoleName.STEWARD, holder=person.email)
    refresh_grants("val", [*roles(steward), dataset])
    assert actor(person.account, AT).grants["val"][0].datasets == ("velo",)


def test_a_role_taken_away_or_whose_holder_was_erased_opens_nothing_any_more() -> None:
    person, title = member(), Text(fr="Rôle")
    refresh_grants("val", roles(Role(title=title, role=RoleName.AGENT, holder=person.email)))
    refresh_grants("autre", roles(Role(title=title, role=RoleName.AGENT, holder=person.email)))
    assert set(actor(person.account, AT).grants) == {"val", "autre"}
    assert people.listed("autre") == [people.find(person.account)]
    refresh_grants("val", roles(Role(title=title, role=RoleName.AGENT)))
    refresh_grants("autre", [])
    assert actor(person.account, AT).grants == {}
    assert people.listed("autre") == []


def test_people_are_listed_by_name_and_their_names_are_found_for_histories() -> None:
    second = people.create("b@ville.example", "Zoé", AT, territory="val")
    first = people.create("a@ville.example", "Anne", AT)
    assert people.listed() == [first, second]
    assert people.listed("val") == [second]
    assert people.names({first.account, "operator"}) == {first.account: "Anne"}
    assert people.find("pinconnu") is None
