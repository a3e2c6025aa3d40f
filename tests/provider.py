"""A real identity provider in a process of its own: Canaille, with its people in memory.

Run as a program (`python provider.py PORT BACK`) it serves; imported, it gives what tests need to start and use it.
"""

import datetime
import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from urllib.parse import urljoin

import httpx

CLIENT, SECRET = "bocage", "a secret of the syndicate"
PASSWORD = "correct horse battery staple"
FORM = re.compile(r"<form[^>]*\bmethod=\"post\".*?</form>", re.IGNORECASE | re.DOTALL)
HIDDEN = re.compile(r'<input[^>]*name="(?P<name>csrf_token)"[^>]*value="(?P<value>[^"]+)"')


def serve(port: int, back: str) -> None:
    """Two people, one of whom has an account in the tests; one program they may sign in to."""
    from canaille import create_app
    from canaille.app import models
    from canaille.backends import Backend
    from joserfc.jwk import RSAKey

    key = RSAKey.generate_key(2048)
    app = create_app({
        "SECRET_KEY": "only in tests",
        "SERVER_NAME": f"127.0.0.1:{port}",
        "PREFERRED_URL_SCHEME": "http",
        "CANAILLE": {"DATABASE": "memory", "JAVASCRIPT": False, "HTMX": False},
        "CANAILLE_OIDC": {"ACTIVE_JWKS": [key.as_dict(private=True, kid="of-this-run")]},
    })  # fmt: skip
    with app.app_context():
        for name, email in (("claire", "claire@ville.example"), ("paul", "paul@ville.example")):
            person = models.User(
                user_name=name,
                formatted_name=f"{name.title()} Fontaine",
                family_name="Fontaine",
                emails=[email],
                password=PASSWORD,
            )
            Backend.instance.save(person)
        program = models.Client(
            client_id=CLIENT,
            client_name="Bocage",
            client_secret=SECRET,
            client_uri="http://127.0.0.1",
            client_id_issued_at=datetime.datetime.now(datetime.UTC),
            redirect_uris=[back],
            scope=["openid", "email", "profile"],
            grant_types=["authorization_code"],
            response_types=["code"],
            token_endpoint_auth_method="client_secret_basic",
        )
        Backend.instance.save(program)
        program.audience = [program]
        Backend.instance.save(program)
    app.run("127.0.0.1", port)


class Canaille:
    """The provider while the block runs."""

    def __init__(self, back: str, errors: Path) -> None:
        self.back, self.errors, self.port = back, errors, _free_port()
        self.issuer = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "Canaille":
        with self.errors.open("ab") as errors:
            command = [sys.executable, __file__, str(self.port), self.back]
            self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors)
        until = time.monotonic() + 30
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > until:
                self.process.kill()
                raise AssertionError(f"the provider does not serve: {self.errors.read_text()[-3000:]}")
            time.sleep(0.1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.terminate()
        self.process.wait(10)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.issuer}/.well-known/openid-configuration", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def signed_in(self, browser: httpx.Client, begun: httpx.Response, login: str = "claire") -> httpx.Response:
        """Follow the way from an answer that leads to the provider, sign in there, until an answer of ours."""
        answer = begun
        for _turn in range(12):
            if answer.is_redirect:
                answer = browser.get(urljoin(str(answer.url), answer.headers["location"]))
            elif str(answer.url).startswith(self.issuer):
                answer = self._filled(browser, answer, login)
            else:
                return answer
            if str(answer.url).startswith(self.back):
                return answer
        raise AssertionError(f"it does not come back: {answer.url} {answer.text[-1500:]}")

    def _filled(self, browser: httpx.Client, page: httpx.Response, login: str) -> httpx.Response:
        token = HIDDEN.search(page.text)
        assert token, page.text[-1500:]
        sent = {token["name"]: token["value"]}
        if 'name="password"' in page.text:
            sent["password"] = PASSWORD
        elif 'name="login"' in page.text:
            sent["login"] = login
        else:
            sent["answer"] = "accept"
        return browser.post(str(page.url), data=sent)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2])
