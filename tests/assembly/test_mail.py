"""A whole instance sends mail by what was chosen on the screen, and a server that is slow holds up nothing else."""

import re
import socket
import time
from pathlib import Path

import httpx
import tomli_w
from tests.outbox.post_office import PASSWORD, SENDER, USER, post_office
from tests.process import Serving, bocage_, instance

from bocage.domain.instance_settings import MailSecurity

PUBLIC = "http://donnees.ville.example"  # with https cookies would stay away from this plain connection
PATIENCE = 20.0  # seconds


def chosen(settings: Path, port: int, user: str = USER) -> None:
    """What the page of settings would have kept."""
    mail = {"host": "127.0.0.1", "port": port, "security": "none", "user": user, "sender": SENDER}
    data = settings.parent / "data"
    (data / "keys").mkdir(parents=True, exist_ok=True)
    (data / "chosen.toml").write_text(tomli_w.dumps({"public_url": PUBLIC, "mail": mail}))
    (data / "keys" / "mail.secret").write_text(PASSWORD)


def asked(url: str, email: str) -> int:
    """Ask for a new password, as a browser does."""
    with httpx.Client(base_url=url) as browser:
        page = browser.get("/forgotten")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token is not None
        return browser.post("/forgotten", data={"csrfmiddlewaretoken": token[1], "email": email}).status_code


def waited(done: object) -> bool:
    """Whether it came true in time."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if done():  # type: ignore[operator]
            return True
        time.sleep(0.1)
    return False


def test_a_forgotten_password_goes_from_the_page_to_the_mail_box(tmp_path: Path) -> None:
    settings = instance(tmp_path / "instance")
    bocage_(settings, "account", "create", "agent@ville.example", "--name", "Agent")
    with post_office(MailSecurity.NONE, tmp_path) as office:
        chosen(settings, office.port)
        with Serving(settings) as serving:
            assert asked(serving.url, "agent@ville.example") == 200
            assert waited(lambda: office.taken)
            (taken,) = office.taken
            text = str(taken.get_body(("plain",)).get_content())  # type: ignore[union-attr]
            (link,) = re.findall(rf"{PUBLIC}(/welcome/[\w-]+)", text)
            assert httpx.get(serving.url + link).status_code == 200
        assert PASSWORD not in serving.errors.read_text()
        assert link.rpartition("/")[2] not in serving.errors.read_text()


def test_a_mail_server_that_does_not_answer_holds_up_neither_pages_nor_the_end(tmp_path: Path) -> None:
    settings = instance(tmp_path / "instance")
    bocage_(settings, "account", "create", "agent@ville.example", "--name", "Agent")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        chosen(settings, silent.getsockname()[1], user="")
        with Serving(settings) as serving:
            assert asked(serving.url, "agent@ville.example") == 200
            silent.settimeout(PATIENCE)
            with silent.accept()[0]:  # it waits for a greeting that never comes
                began = time.monotonic()
                assert httpx.get(serving.url + "/sign-in").status_code == 200
                assert time.monotonic() - began < 5
                assert serving.stop() == 0
