"""Letters reach a real mail server, over TLS, or the refusal is told as the server said it."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bocage import outbox
from bocage.domain.instance_settings import Mail, MailSecurity
from bocage.domain.instant import to_ms
from bocage.domain.letter import Letter, is_address
from bocage.outbox import Deliverer, Hopeless, Mailer, MailFailure, State

from .post_office import PASSWORD, SENDER, USER, PostOffice, post_office, trusting

pytestmark = pytest.mark.usefixtures("db")
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
LETTER = Letter(
    to="secretariat@ville.example",
    subject="Alerte : l’école consomme la nuit",
    text="Bonjour,\n\nl’école a consommé 31 % de plus.\n",
    html="<p>Bonjour, l’école</p>",
    sender="Ville d’essai",
)
SAFE = (MailSecurity.STARTTLS, MailSecurity.TLS)


class Clock:
    def __init__(self) -> None:
        self.at = AT

    def __call__(self) -> datetime:
        return self.at


def mailer(settings: Mail | None, folder: Path, password: str = PASSWORD, clock: Any = lambda: AT) -> Mailer:
    return Mailer(lambda: settings, lambda: password, clock, trusting(folder))


@pytest.mark.parametrize("security", SAFE)
def test_a_letter_arrives_over_tls_with_both_its_texts(security: MailSecurity, tmp_path: Path) -> None:
    with post_office(security, tmp_path) as office:
        mailer(office.mail(security), tmp_path).send(LETTER, "alert-1")
    (taken,) = office.taken
    assert office.peers == [True]
    assert (taken["Subject"], taken["To"]) == (LETTER.subject, LETTER.to)
    assert taken["From"] == f"Ville d’essai <{SENDER}>"
    assert taken.get_body(("plain",)).get_content().replace("\r\n", "\n") == LETTER.text  # type: ignore[union-attr]
    assert "<p>Bonjour, l’école</p>" in taken.get_body(("html",)).get_content()  # type: ignore[union-attr]


def test_a_letter_says_that_a_machine_sent_it_and_when(tmp_path: Path) -> None:
    with post_office(MailSecurity.NONE, tmp_path) as office:
        mailer(office.mail(MailSecurity.NONE, user=""), tmp_path).send(LETTER, "alert-1")
    (taken,) = office.taken
    assert taken["Auto-Submitted"] == "auto-generated"
    assert taken["Date"] == "Mon, 23 Nov 2026 09:00:00 +0000"
    assert taken["Content-Language"] == "fr"


def test_the_same_key_gives_the_same_message_id_and_another_gives_another(tmp_path: Path) -> None:
    with post_office(MailSecurity.NONE, tmp_path) as office:
        sending = mailer(office.mail(MailSecurity.NONE, user=""), tmp_path)
        for key in ("alert-1", "alert-1", "alert-2"):
            sending.send(LETTER, key)
    first, again, other = (taken["Message-ID"] for taken in office.taken)
    assert first == again != other
    assert first.endswith("@ville.example>")


def test_a_wrong_password_is_told_as_the_server_said_it_and_never_written(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    wrong = "un secret qui ne doit pas sortir"
    with post_office(MailSecurity.STARTTLS, tmp_path) as office:
        sending = mailer(office.mail(MailSecurity.STARTTLS), tmp_path, password=wrong)
        with pytest.raises(MailFailure, match=r"^535 5\.7\.8 Wrong user or password$") as failure:
            sending.send(LETTER, "alert-1")
    told = "".join([str(failure.value), caplog.text, *capfd.readouterr()])
    assert wrong not in told
    assert office.taken == []


def test_a_certificate_nobody_vouches_for_is_not_believed(tmp_path: Path) -> None:
    with post_office(MailSecurity.TLS, tmp_path) as office:
        sending = Mailer(lambda: office.mail(MailSecurity.TLS), lambda: PASSWORD, lambda: AT)
        with pytest.raises(MailFailure, match="certificate verify failed"):
            sending.send(LETTER, "alert-1")
    assert office.taken == []


def test_a_server_that_offers_no_tls_is_not_given_the_password(tmp_path: Path) -> None:
    with post_office(MailSecurity.NONE, tmp_path) as office, pytest.raises(MailFailure, match="STARTTLS"):
        mailer(office.mail(MailSecurity.STARTTLS), tmp_path).send(LETTER, "alert-1")
    assert office.taken == []


def test_without_tls_only_this_machine_is_reached(tmp_path: Path) -> None:
    settings = Mail(host="mail.ville.example", security=MailSecurity.NONE, sender=SENDER)
    with pytest.raises(MailFailure, match="this machine"):
        mailer(settings, tmp_path).send(LETTER, "alert-1")


def deliver(office: PostOffice, folder: Path, clock: Clock) -> Deliverer:
    sending = mailer(office.mail(MailSecurity.STARTTLS), folder, clock=clock)
    return Deliverer({"mail": sending.deliver}, clock)


def test_an_address_refused_for_good_waits_for_a_person_at_once(tmp_path: Path) -> None:
    outbox.post(LETTER, AT)
    with post_office(MailSecurity.STARTTLS, tmp_path) as office:
        office.refuses[LETTER.to] = "550 5.1.1 Nobody of this name"
        deliver(office, tmp_path, Clock()).run(AT)
    (one,) = outbox.parcels()
    assert (one.state, one.error) == (State.GIVEN_UP, "Hopeless: 550 5.1.1 Nobody of this name")


def test_an_address_refused_for_the_moment_is_tried_again(tmp_path: Path) -> None:
    outbox.post(LETTER, AT)
    clock = Clock()
    with post_office(MailSecurity.STARTTLS, tmp_path) as office:
        office.refuses[LETTER.to] = "450 4.2.0 Greylisted, come back"
        delivering = deliver(office, tmp_path, clock)
        delivering.run(AT)
        assert outbox.parcels()[0].state == State.FAILED
        office.refuses.clear()
        clock.at += timedelta(minutes=1)
        delivering.run(clock.at)
    assert outbox.parcels()[0].state == State.DELIVERED
    assert len(office.taken) == 1


def test_a_letter_waits_while_the_server_is_gone_and_leaves_when_it_is_back(tmp_path: Path) -> None:
    outbox.post(LETTER, AT, key="alert-1")
    clock = Clock()
    with post_office(MailSecurity.STARTTLS, tmp_path) as office:
        port = office.port
    deliver(office, tmp_path, clock).run(AT)
    (one,) = outbox.parcels()
    assert one.state == State.FAILED
    assert "refused" in one.error
    clock.at += timedelta(minutes=1)
    with post_office(MailSecurity.STARTTLS, tmp_path, port) as again:
        deliver(again, tmp_path, clock).run(clock.at)
    assert outbox.parcels()[0].state == State.DELIVERED
    assert [taken["Subject"] for taken in again.taken] == [LETTER.subject]


def test_what_arrived_is_not_kept_in_the_outbox(tmp_path: Path) -> None:
    outbox.post(LETTER, AT)
    with post_office(MailSecurity.STARTTLS, tmp_path) as office:
        deliver(office, tmp_path, Clock()).run(AT)
    assert outbox.parcels()[0].payload == b""


def test_a_letter_whose_link_has_expired_is_not_sent(tmp_path: Path) -> None:
    late = msgspec.structs.replace(LETTER, until=to_ms(AT) - 1)
    with post_office(MailSecurity.STARTTLS, tmp_path) as office, pytest.raises(Hopeless):
        mailer(office.mail(MailSecurity.STARTTLS), tmp_path).send(late, "mail-1")
    assert office.taken == []


@pytest.mark.parametrize(
    "changed",
    [
        {"subject": "Alerte\r\nBcc: tous@ville.example"},
        {"subject": "Alerte\nX: y"},
        {"sender": "Ville\r\nBcc: tous@ville.example"},
        {"to": "a@ville.example\r\nBcc: tous@ville.example"},
        {"to": "a@ville.example, b@ville.example"},
        {"to": "personne"},
        {"lang": "fr\r\nX: y"},
    ],
)
def test_nothing_written_adds_a_header(changed: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="letter"):
        msgspec.convert(msgspec.to_builtins(LETTER) | changed, Letter)


def test_addresses_are_told_from_what_is_not_one() -> None:
    assert is_address("agent.d-essai+bocage@ville.example")
    assert not any(map(is_address, ("", "a", "a@", "@b", "a b@c", "a@b@c", "a@b>", "é" * 300 + "@b")))


def test_without_a_server_there_is_nothing_to_send_by(tmp_path: Path) -> None:
    assert not mailer(None, tmp_path).ready
    with pytest.raises(MailFailure):
        mailer(None, tmp_path).send(LETTER, "mail-1")


def test_the_user_of_the_relay_is_not_the_sender(tmp_path: Path) -> None:
    with post_office(MailSecurity.STARTTLS, tmp_path) as office:
        mailer(office.mail(MailSecurity.STARTTLS, user=USER), tmp_path).send(LETTER, "mail-1")
    assert "bocage@ville.example" in office.taken[0]["From"]


def test_a_letter_given_up_is_forgotten_after_a_while_and_other_deliveries_are_not(tmp_path: Path) -> None:
    outbox.post(LETTER, AT)
    outbox.put("head", b"", AT)
    with post_office(MailSecurity.STARTTLS, tmp_path) as office:
        office.refuses[LETTER.to] = "550 5.1.1 Nobody of this name"
        deliver(office, tmp_path, Clock()).run(AT)
    assert outbox.forget_letters(AT) == 0
    assert outbox.forget_letters(AT + timedelta(days=90)) == 1
    assert [one.kind for one in outbox.parcels()] == ["head"]
