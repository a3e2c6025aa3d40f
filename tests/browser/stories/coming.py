"""How somebody of a story comes in: invited by the first administrator, by their link, with a password of their own."""

import json
import re
from pathlib import Path

import httpx
from tests.browser.demonstration import PASSWORD, TERRITORY, Demonstration

CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
LINK = re.compile(r"/welcome/[\w-]+")


def invited(demonstration: Demonstration, keys: Path, email: str) -> httpx.Cookies:
    """Cookies of whoever holds a role under this address, after they chose their password."""
    held = {one["name"]: one["value"] for one in json.loads(keys.read_text())["cookies"]}
    with httpx.Client(base_url=demonstration.base, cookies=held, timeout=30) as administrator:
        page = f"/{TERRITORY}/desk/accounts"
        sent = {"csrfmiddlewaretoken": _csrf(administrator, page), "email": email, "name": email.partition("@")[0]}
        answer = administrator.post(f"{page}/invite", data=sent)
        if answer.status_code == 422:  # the demonstration gave this address an account: it is given a new link
            row = administrator.get(page).text.partition(email)[2]
            account = re.search(rf'action="({page}/\w+)"', row)
            assert account, email
            again = {"csrfmiddlewaretoken": _csrf(administrator, page), "do": "link"}
            answer = administrator.post(account[1], data=again)
        found = LINK.search(answer.text)
        assert found, answer.text[-2000:]
    with httpx.Client(base_url=demonstration.base, timeout=30) as person:
        token = _csrf(person, found[0])
        sent = {"csrfmiddlewaretoken": token, "password": PASSWORD, "again": PASSWORD}
        assert person.post(found[0], data=sent).status_code == 302
        return person.cookies


def _csrf(browser: httpx.Client, path: str) -> str:
    found = CSRF.search(browser.get(path).text)
    assert found, path
    return found[1]
