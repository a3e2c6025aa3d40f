"""The lines of the page Connect, pasted as they stand: each choice's first message arrives, and the page tells it."""

import html
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import tomli_w
from tests.broker import Mosquitto
from tests.process import DEMONSTRATION, MAIN, Serving, bocage_, declared, instance

PASSWORD = "trois haies et un chemin creux"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
RUN = re.compile(r"<pre[^>]* data-run><code[^>]*>(.*?)</code>", re.DOTALL)
SHOWN = re.compile(r"<pre[^>]*><code[^>]*>(.*?)</code>", re.DOTALL)
AGAIN = re.compile(r'data-again="([^"]+)"')
NOTHING = "Nothing since you opened this page."
SOURCE = """declaration = {{ schema = 1 }}
plugin = "{plugin}"
transport = "{transport}"
purpose = "air-des-classes"
hosting = "salle-serveurs"
dataset = "air-des-ecoles"

[title]
fr = "{title}"
"""
STREAM = """declaration = {{ schema = 1 }}
thing = "classe"
observed_property = "co2"
sensor = "capteur-co2"
source = "{source}"
key = "{key}"
dataset = "air-des-ecoles"

[title]
fr = "{title}"
"""


class Desk(httpx.Client):
    """A browser without scripts, signed in."""

    def opened(self, choice: str, source: str) -> str:
        """The page of a choice for a source."""
        answer = self.get(f"/{MAIN}/desk/connect/with/{choice}", params={"source": source, "lang": "en"})
        assert answer.status_code == 200, answer.text[-2000:]
        return answer.text

    def issued(self, choice: str, source: str) -> str:
        """The same with a new token in its lines."""
        token = TOKEN.search(self.opened(choice, source))
        assert token
        sent = {"csrfmiddlewaretoken": token[1], "source": source}
        return self.post(f"/{MAIN}/desk/connect/with/{choice}", data=sent).text

    def came(self, page: str, wanted: str) -> str:
        """What the page tells when one looks again, once it tells this."""
        again = AGAIN.search(page)
        assert again
        until = time.monotonic() + 20
        while True:
            told = self.get(html.unescape(again[1])).text.partition('id="came"')[2]
            if wanted in told or time.monotonic() > until:
                return told
            time.sleep(0.05)


@pytest.fixture(scope="module")
def mosquitto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    broker = Mosquitto(tmp_path_factory.mktemp("mosquitto")).start()
    yield broker
    broker.stop()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, mosquitto: Mosquitto) -> Iterator[tuple[Desk, Path]]:
    """An instance with a source for each choice, and somebody who administers it."""
    folder = tmp_path_factory.mktemp("connecting")
    settings, town = instance(folder / "instance"), declared(folder / MAIN)
    plain = tomllib.loads(settings.read_text())
    settings.write_text(tomli_w.dumps({**plain, "public_url": f"http://127.0.0.1:{plain['port']}"}))
    shutil.copytree(DEMONSTRATION / "lorawan", town, dirs_exist_ok=True)
    write = {
        "source/tts.toml": SOURCE.format(plugin="the-things-stack", transport="push", title="Réseau d'autres"),
        "source/passerelle.toml": SOURCE.format(plugin="sensorthings", transport="push", title="Passerelle"),
        "source/courtier.toml": SOURCE.format(plugin="bocage-json", transport="mqtt", title="Courtier")
        + f'\n[broker]\nhost = "127.0.0.1"\nport = {mosquitto.port}\ntls = false\ntopics = ["ecoles/+"]\n',
        "source/releves.toml": SOURCE.format(plugin="bocage-csv", transport="file", title="Relevés")
        + '\n[mapping]\ntime = "date"\nseries = [{ column = "co2", key = "co2" }]\n',
        "source/velos.toml": SOURCE.format(plugin="gbfs", transport="poll", title="Vélos").replace(
            "\n[title]", 'address = "http://127.0.0.1:1/gbfs.json?lang=fr&v=3"\n\n[title]'
        ),
        "datastream/tts.toml": STREAM.format(source="tts", key="70b3d57ed0001234/temperature", title="Du réseau"),
        "datastream/courtier.toml": STREAM.format(source="courtier", key="salle-9", title="Du courtier"),
        "datastream/releves.toml": STREAM.format(source="releves", key="co2", title="Des relevés"),
    }
    for name, text in write.items():
        (town / name).write_text(text, encoding="utf-8")
    bocage_(settings, "apply", town)
    role = ("--role", "data-administrator", "--territory", MAIN)
    link = bocage_(settings, "account", "create", "marie@val.example", *role).stdout.split()[-1]
    with Serving(settings) as serving, Desk(base_url=serving.url, timeout=30) as browser:
        browser.headers["Accept-Language"] = "en"
        welcome = link.removeprefix(serving.url)
        token = TOKEN.search(browser.get(welcome).text)
        assert token
        sent = {"csrfmiddlewaretoken": token[1], "password": PASSWORD, "again": PASSWORD}
        assert browser.post(welcome, data=sent).status_code == 302
        browser.post("/language", data={"lang": "en", "csrfmiddlewaretoken": token[1]})
        yield browser, settings


def pasted(page: str, where: Path) -> str:
    """Run every line for a terminal that the page shows; what they said."""
    said = ""
    for block in RUN.findall(page):
        lines = f'bocage() {{ "{sys.executable}" -m bocage "$@"; }}\n{html.unescape(block)}'
        ended = subprocess.run(
            ["bash", "-c", lines], capture_output=True, text=True, timeout=60, check=False, cwd=where,
            env={**os.environ, "LC_ALL": "en"},
        )  # fmt: skip
        assert ended.returncode == 0, f"{lines}\n{ended.stdout}\n{ended.stderr}"
        said += ended.stdout
    return said


@pytest.mark.parametrize(
    ("choice", "source", "value"),
    [
        ("chirpstack", "capteurs-lorawan", "21.5"),
        ("tts", "tts", "21.5"),
        ("sensorthings", "passerelle", "Essai : température"),
        ("curl", "air-ecoles", "612"),
    ],
)
def test_what_is_pasted_arrives_and_the_page_tells_it(
    desk: tuple[Desk, Path], choice: str, source: str, value: str
) -> None:
    browser, settings = desk
    page = browser.issued(choice, source)
    assert "Bearer bocage_" in page
    said = pasted(page, settings.parent)
    told = browser.came(page, value)
    assert value in told, f"{said}\n{told}"
    assert NOTHING not in told


def test_a_message_pasted_for_a_broker_arrives(desk: tuple[Desk, Path]) -> None:
    if not shutil.which("mosquitto_pub"):
        pytest.skip("mosquitto_pub is not installed: the lines for a broker were not pasted")
    browser, settings = desk
    page = browser.opened("broker", "courtier")
    assert "listening" in browser.came(page, "listening")
    pasted(page, settings.parent)
    assert "612" in browser.came(page, "612")


def test_a_file_as_the_page_shows_it_is_taken_in(desk: tuple[Desk, Path]) -> None:
    browser, settings = desk
    page = browser.opened("file", "releves")
    (settings.parent / "releves.csv").write_text(html.unescape(SHOWN.findall(page)[0]), encoding="utf-8")
    pasted(page, settings.parent)
    assert "612" in browser.came(page, "612")


def test_an_address_that_is_read_asks_for_no_token_and_is_shown_as_it_is_asked(desk: tuple[Desk, Path]) -> None:
    page = desk[0].opened("address", "velos")
    assert "curl -i --compressed 'http://127.0.0.1:1/gbfs.json?lang=fr&v=3'" in map(html.unescape, RUN.findall(page))
    assert "Issue a token" not in page


def test_what_nobody_declared_is_told_with_the_way_to_declare_it(desk: tuple[Desk, Path]) -> None:
    browser, settings = desk
    page = browser.issued("curl", "air-ecoles").replace("salle-1", "grenier")
    said = pasted(page, settings.parent)
    assert '"refused":1' in said
    told = browser.came(page, "grenier")
    assert f"/{MAIN}/desk/declare?source=air-ecoles&amp;key=grenier" in told
