"""Who comes back from a provider is believed once every part of its answer was checked, and not before."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bocage.accounts import people
from bocage.accounts.openid import matching, trip
from bocage.accounts.openid.asking import LARGEST, Asking
from bocage.accounts.openid.claims import Claims
from bocage.accounts.openid.fault import REMEDIES, Fault, SignInFailure
from bocage.accounts.openid.provider import Provider
from bocage.accounts.openid.trip import Client, Trip

from .identity import AT, BACK, FIRST, ISSUER, SECOND, SECRET, Identity, by_secret, later, unsigned

CLIENT = Client(name="bocage", secret=SECRET, back=BACK)


class Clock:
    def __init__(self) -> None:
        self.at = AT

    def __call__(self) -> datetime:
        return self.at


class Visit:
    """One provider, asked over and over."""

    def __init__(self, identity: Identity | None = None, places: dict[str, list[str]] | None = None) -> None:
        self.identity, self.clock = identity or Identity(), Clock()
        asking = Asking(self.identity.transport, lambda host: (places or {}).get(host, ["203.0.113.7"]))
        self.provider = Provider(self.identity.issuer, asking, self.clock)

    def begun(self) -> Trip:
        return trip.begun(AT)

    def back(self, going: Trip | None = None, at: datetime = AT, **sent: str) -> Claims:
        going = going or self.begun()
        brought = self.identity.enter(trip.there(self.provider, CLIENT, going))
        return trip.back(self.provider, CLIENT, going, {**brought, **sent}, at)


def fault(visit: Visit, **more: Any) -> Fault:
    with pytest.raises(SignInFailure) as failed:
        visit.back(**more)
    assert SECRET not in str(failed.value)
    return failed.value.fault


def test_somebody_comes_back_as_who_they_are() -> None:
    claims = Visit().back()
    assert (claims.subject, claims.email, claims.verified) == ("c-1", "claire@ville.example", True)
    assert claims.said["name"] == "Claire Fontaine"


def test_the_way_there_says_what_is_agreed_and_gives_no_secret_away() -> None:
    visit = Visit()
    going = visit.begun()
    address = trip.there(visit.provider, CLIENT, going)
    assert address.startswith(f"{ISSUER}/authorize?response_type=code&client_id=bocage&")
    assert "code_challenge_method=S256" in address
    assert going.verifier not in address
    assert SECRET not in address
    assert len({going.state, going.nonce, going.verifier}) == 3


def test_a_secret_in_the_form_is_given_where_the_provider_asks_for_it_there() -> None:
    visit = Visit()
    visit.identity.methods = ["client_secret_post"]
    assert visit.back().subject == "c-1"


def test_a_provider_that_takes_the_secret_as_it_is_gets_it_so() -> None:
    visit = Visit()
    visit.identity.plain = True
    assert visit.back().subject == "c-1"
    assert visit.identity.asked.count("/token") == 2


def test_a_wrong_secret_is_refused_and_not_told() -> None:
    visit = Visit()
    going = visit.begun()
    wrong = Client(name="bocage", secret="wrong", back=BACK)
    brought = visit.identity.enter(trip.there(visit.provider, wrong, going))
    with pytest.raises(SignInFailure) as failed:
        trip.back(visit.provider, wrong, going, brought, AT)
    assert (failed.value.fault, failed.value.found) == (Fault.EXCHANGE, "401 invalid_client")


def test_an_answer_without_a_sign_in_or_with_the_state_of_another_one_is_refused() -> None:
    visit = Visit()
    assert fault(visit, state="another") is Fault.UNASKED
    assert fault(visit, state="") is Fault.UNASKED
    assert fault(visit, at=AT + trip.LASTS + timedelta(seconds=1)) is Fault.UNASKED
    with pytest.raises(SignInFailure) as failed:
        trip.back(visit.provider, CLIENT, None, {"state": "s", "code": "c"}, AT)
    assert failed.value.fault is Fault.UNASKED


def test_a_code_serves_once_and_with_its_own_verifier_only() -> None:
    visit = Visit()
    going = visit.begun()
    brought = visit.identity.enter(trip.there(visit.provider, CLIENT, going))
    assert trip.back(visit.provider, CLIENT, going, brought, AT).subject == "c-1"
    with pytest.raises(SignInFailure) as failed:
        trip.back(visit.provider, CLIENT, going, brought, AT)
    assert (failed.value.fault, failed.value.found) == (Fault.EXCHANGE, "400 invalid_grant")
    stolen = visit.identity.enter(trip.there(visit.provider, CLIENT, going))
    other = Trip(state=going.state, nonce=going.nonce, verifier="x" * 43, ends=going.ends)
    with pytest.raises(SignInFailure):
        trip.back(visit.provider, CLIENT, other, stolen, AT)


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"nonce": "of another sign-in"}, Fault.OTHER_NONCE),
        ({"nonce": None}, Fault.OTHER_NONCE),
        ({"aud": "another-program"}, Fault.OTHER_AUDIENCE),
        ({"aud": None}, Fault.OTHER_AUDIENCE),
        ({"aud": ["bocage", "another-program"]}, Fault.OTHER_AUDIENCE),
        ({"aud": ["bocage", "other"], "azp": "other"}, Fault.OTHER_AUDIENCE),
        ({"azp": "another-program"}, Fault.OTHER_AUDIENCE),
        ({"iss": "https://elsewhere.example"}, Fault.OTHER_ISSUER),
        ({"exp": int(AT.timestamp()) - 61}, Fault.EXPIRED),
        ({"exp": None}, Fault.EXPIRED),
        ({"exp": "tomorrow"}, Fault.EXPIRED),
        ({"exp": True}, Fault.EXPIRED),
        ({"iat": None}, Fault.EXPIRED),
        ({"iat": int(AT.timestamp()) + 61}, Fault.EXPIRED),
        ({"iat": int(AT.timestamp()) - 601}, Fault.EXPIRED),
        ({"nbf": int(AT.timestamp()) + 61}, Fault.EXPIRED),
        ({"sub": None}, Fault.STRANGE),
        ({"sub": 7}, Fault.STRANGE),
    ],
)
def test_a_claim_that_does_not_hold_is_refused(claims: dict[str, Any], expected: Fault) -> None:
    visit = Visit()
    visit.identity.claims = claims
    assert fault(visit) is expected


def test_clocks_that_differ_by_a_minute_are_borne() -> None:
    visit = Visit()
    for seconds in (-59, 59):
        visit.identity.clock = later(seconds)
        assert visit.back().subject == "c-1"


def test_several_audiences_with_us_as_the_one_it_was_given_to_are_fine() -> None:
    visit = Visit()
    visit.identity.claims = {"aud": ["bocage", "account"], "azp": "bocage"}
    assert visit.back().subject == "c-1"


def test_a_token_without_a_signature_or_with_one_anybody_could_make_is_refused() -> None:
    visit = Visit()
    visit.identity.sign = unsigned
    assert fault(visit) is Fault.UNSIGNED
    visit.identity.sign = by_secret
    assert fault(visit) is Fault.UNSIGNED
    visit.identity.sign = lambda claims: "not.a-token"
    assert fault(visit) is Fault.UNSIGNED


def test_a_token_signed_by_a_key_the_provider_does_not_publish_is_refused() -> None:
    visit = Visit()
    visit.identity.key = SECOND
    assert fault(visit) is Fault.FORGED


def test_a_token_altered_on_the_way_is_refused() -> None:
    visit = Visit()
    honest = visit.identity.sign

    def altered(claims: dict[str, Any]) -> str:
        head, _body, signature = honest(claims).split(".")
        return ".".join((head, honest({**claims, "email": "mayor@ville.example"}).split(".")[1], signature))

    visit.identity.sign = altered
    assert fault(visit) is Fault.FORGED


def test_a_key_that_changed_is_asked_for_again_but_not_for_every_stranger() -> None:
    visit = Visit()
    visit.back()
    visit.identity.key, visit.identity.published = SECOND, [SECOND]
    assert fault(visit) is Fault.FORGED  # within a minute of the last time
    assert visit.identity.asked.count("/keys") == 1
    visit.clock.at = later(61)
    assert visit.back().subject == "c-1"
    assert visit.identity.asked.count("/keys") == 2
    visit.identity.key = FIRST
    for _each in range(5):
        assert fault(visit) is Fault.FORGED
    assert visit.identity.asked.count("/keys") == 2


def test_what_the_provider_says_of_itself_is_kept_for_an_hour() -> None:
    visit = Visit()
    for seconds in (0, 3000, 3601):
        visit.clock.at = later(seconds)
        visit.back()
    assert visit.identity.asked.count("/.well-known/openid-configuration") == 2


def test_an_address_the_token_does_not_say_is_asked_for_and_must_be_of_the_same_person() -> None:
    visit = Visit()
    visit.identity.claims = {"email": None, "email_verified": None}
    visit.identity.info = {"sub": "c-1", "email": "claire@ville.example", "email_verified": True}
    assert visit.back().email == "claire@ville.example"
    visit.identity.info = visit.identity.info_signed(
        {"sub": "c-1", "email": "claire@syndicat.example", "aud": "bocage", "iss": ISSUER}
    )
    assert visit.back().email == "claire@syndicat.example"
    visit.identity.info = {"sub": "somebody else", "email": "mayor@ville.example", "email_verified": True}
    assert fault(visit) is Fault.OTHER_PERSON
    visit.identity.info = {"sub": "c-1"}
    assert visit.back().email == ""


def test_a_provider_that_refuses_says_so_in_its_own_word() -> None:
    assert fault(Visit(), error="access_denied") is Fault.DENIED


def test_the_answer_of_another_provider_is_not_taken_for_this_one(tmp_path: object) -> None:
    visit = Visit()
    assert fault(visit, iss="https://evil.example") is Fault.OTHER_ISSUER
    assert visit.back(iss=ISSUER).subject == "c-1"
    visit.identity.document = {"authorization_response_iss_parameter_supported": True}
    fresh = Visit(visit.identity)
    assert fault(fresh) is Fault.OTHER_ISSUER
    assert fresh.back(iss=ISSUER).subject == "c-1"


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"issuer": "https://other.example"}, Fault.OTHER_ISSUER),
        ({"token_endpoint": "http://sso.syndicat.example/token"}, Fault.UNSAFE),
        ({"token_endpoint": "https://intranet.syndicat.example/token"}, Fault.UNSAFE),
        ({"jwks_uri": "https://10.0.0.7/keys"}, Fault.UNSAFE),
        ({"jwks_uri": "https://169.254.169.254/keys"}, Fault.UNSAFE),
        ({"userinfo_endpoint": "file:///etc/passwd"}, Fault.UNSAFE),
        ({"authorization_endpoint": "javascript:alert(1)"}, Fault.UNSAFE),
        ({"token_endpoint": None}, Fault.STRANGE),
        ({"jwks_uri": f"{ISSUER}/nothing"}, Fault.NO_KEYS),
    ],
)
def test_a_provider_does_not_send_us_where_its_own_address_does_not_lead(
    document: dict[str, Any], expected: Fault
) -> None:
    places = {
        "intranet.syndicat.example": ["10.1.2.3"],
        "10.0.0.7": ["10.0.0.7"],
        "169.254.169.254": ["169.254.169.254"],
    }
    visit = Visit(places=places)
    visit.identity.document = document
    assert fault(visit) is expected


def test_an_address_elsewhere_is_fine_when_it_is_public() -> None:
    visit = Visit(places={"keys.example": ["93.184.215.14"]})
    assert visit.provider.asking.check("https://keys.example/keys", ISSUER)
    unknown = Visit(places={"nowhere.example": []}).provider.asking
    with pytest.raises(SignInFailure):
        unknown.check("https://nowhere.example/keys", ISSUER)


def test_a_provider_of_the_inner_network_is_asked_when_an_administrator_named_it() -> None:
    inner = Identity("https://sso.mairie.lan")
    assert Visit(inner, {"sso.mairie.lan": ["10.0.0.5"]}).back().subject == "c-1"


def test_an_answer_too_long_is_not_read_to_its_end() -> None:
    visit = Visit()
    visit.identity.document = {"padding": "x" * LARGEST}
    assert fault(visit) is Fault.STRANGE


def test_every_fault_says_what_to_do() -> None:
    assert set(REMEDIES) == set(Fault)


def claims(subject: str = "c-1", email: str = "Claire@Ville.example", *, verified: bool = True) -> Claims:
    return Claims(subject=subject, email=email, verified=verified, name="", said={})


def refused(found: Claims, *, vouches: bool = False) -> Fault:
    with pytest.raises(SignInFailure) as failed:
        matching.matched(ISSUER, found, vouches=vouches)
    return failed.value.fault


@pytest.mark.usefixtures("db")
def test_a_person_is_recognised_by_an_address_the_provider_checked() -> None:
    person = people.create("claire@ville.example", "Claire", AT)
    assert matching.matched(ISSUER, claims()) == person.account
    assert refused(claims(email="nobody@ville.example")) is Fault.UNKNOWN
    assert refused(claims(email="")) is Fault.NO_EMAIL
    assert refused(claims(verified=False)) is Fault.UNVERIFIED
    assert matching.matched(ISSUER, claims(verified=False), vouches=True) == person.account
    assert [one.email for one in people.listed()] == ["claire@ville.example"]


@pytest.mark.usefixtures("db")
def test_who_came_first_keeps_the_account_whatever_becomes_of_the_address() -> None:
    person = people.create("claire@ville.example", "Claire", AT)
    matching.pin(ISSUER, claims(), person.account, AT)
    assert refused(claims("somebody-new")) is Fault.REPLACED
    assert matching.matched(ISSUER, claims(email="claire@syndicat.example")) == person.account
    assert matching.matched(ISSUER, claims(email="", verified=False)) == person.account
    assert matching.matched("https://other.example", claims("o-9")) == person.account
    with pytest.raises(SignInFailure):
        matching.pin(ISSUER, claims("somebody-new"), person.account, AT)
    assert matching.unpin(person.account) == 1
    assert matching.matched(ISSUER, claims("somebody-new")) == person.account


@pytest.mark.usefixtures("db")
def test_a_closed_account_stays_closed() -> None:
    person = people.create("claire@ville.example", "Claire", AT)
    matching.pin(ISSUER, claims(), person.account, AT)
    people.deactivate(person.account)
    assert refused(claims()) is Fault.CLOSED
    assert matching.pinned() == {person.account: AT}
