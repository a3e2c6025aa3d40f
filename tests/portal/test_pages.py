"""The public pages: complete, light, readable without JavaScript, and discreet."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client

PAGES = (
    "",
    "sensors",
    "sensors/station-meteo",
    "sensors?measure=temperature",
    "notices",
    "notices/station-meteo",
    "data",
    "data/meteo",
    "data/energie-des-logements",
    "processing",
    "registers",
    "registers/purpose",
    "registers/role",
    "registers/purpose/meteo-locale",
    "registers/source/station-meteo",
    "promises",
    "promises/r38_notice",
    "refusals",
    "indicators",
    "indicators/velos-a-mauves",
    "indicators/electricite-de-la-nuit",
    "registers/indicator/velos-a-mauves",
    "person",
)
HELD = 100_000


class Read(HTMLParser):
    """What a page holds, as far as these tests ask."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.links: list[str] = []
        self.inline: list[str] = []
        self.lang = ""
        self._in_script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "html":
            self.lang = found.get("lang") or ""
        if tag in ("h1", "h2", "h3"):
            self.headings.append(tag)
        if tag == "a" and found.get("href"):
            self.links.append(str(found["href"]))
        self._in_script = tag == "script"
        self.inline += [name for name in found if name == "style" or name.startswith("on")]
        if tag == "style":
            self.inline.append(tag)

    def handle_data(self, text: str) -> None:
        if self._in_script and text.strip():
            self.inline.append("script")

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False


def got(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_light_and_carries_no_inline_code(client: Client, page: str, lang: str) -> None:
    text = got(client, f"/val-de-loire/{page}{'&' if '?' in page else '?'}lang={lang}")
    read = Read(text)
    assert read.lang == lang
    assert read.headings.count("h1") == 1
    assert not read.inline
    assert len(text.encode()) < HELD
    assert 'class="banner"' in text  # an invented territory says so on every page
    assert not re.search(r"%\(\w+\)s|\{\w+\}", text)


def test_every_link_between_public_pages_leads_somewhere(client: Client) -> None:
    waiting, seen = ["/", "/val-de-loire/", "/marais/"], set[str]()
    while waiting:
        path = waiting.pop()
        if (
            path in seen
            or not path.startswith("/")
            or re.match(r"/(api|heads|\.well-known|sign-in|static|[\w-]+/desk)", path)
        ):
            continue
        seen.add(path)
        waiting += [link.partition("#")[0] for link in Read(got(client, path)).links]
    assert len(seen) > 100


def test_an_experiment_shows_each_threshold_beside_its_result(client: Client) -> None:
    text = got(client, "/val-de-loire/registers/experiment/arrosage-connecte?lang=en")
    cells = [re.sub(r"<[^>]+>|\s+", " ", row).split() for row in re.findall(r"<tr>.*?</tr>", text, re.DOTALL)]
    rows = [" ".join(words).replace("\u00a0", " ").replace("\u202f", " ") for words in cells]
    saved = next(row for row in rows if row.startswith("Water saved"))
    failures = next(row for row in rows if row.startswith("Failures each month"))
    assert re.search(r"At least 20 ?%.* 6 ?% Six percent less water.* No$", saved)
    assert re.search(r"At most 2 5 Five failures.* No$", failures)
    assert "Number of the criterion" not in text
    assert "Planned cost" in text


def test_several_territories_are_listed_and_each_has_its_own_pages(client: Client) -> None:
    home = got(client, "/")
    assert "/val-de-loire/" in home
    assert "/marais/" in home
    assert "station-meteo" not in got(client, "/marais/sensors")
    got(client, "/marais/sensors/station-meteo", 404)
    got(client, "/marais/data/meteo", 404)
    got(client, "/marais/registers/purpose/meteo-locale", 404)


def test_what_does_not_exist_says_so(client: Client) -> None:
    for page in ("sensors/rien", "notices/rien", "data/rien", "registers/rien", "registers/purpose/rien", "promises/x"):
        got(client, f"/val-de-loire/{page}", 404)
    for page in ("registers/purpose/ABC", "registers/purpose/a--b", "sensors/A_b", "data/A_b", "notices/A_b"):
        got(client, f"/val-de-loire/{page}", 404)
    got(client, "/nulle-part/", 404)
    got(client, "/NULLE_part/", 404)


def test_a_strange_question_is_answered_with_a_page(client: Client) -> None:
    for question in (
        "page=" + "9" * 5000,
        "page=-1",
        "page=²",
        "q=%00",
        "measure=%22%3E%3Cscript%3E",
        "q=" + "é" * 500,
    ):
        text = got(client, f"/val-de-loire/sensors?{question}")
        assert "<script>" not in text


def test_the_dwelling_behind_a_meter_is_on_no_page_and_on_no_map(client: Client) -> None:
    got(client, "/val-de-loire/sensors/logement-1", 404)
    assert "logement-1" not in client.get("/val-de-loire/points.json").content.decode()
    assert "sensors/logement-1" not in got(client, "/val-de-loire/data/energie-des-logements")


def test_a_dataset_that_is_refused_shows_the_refusal_and_offers_nothing(client: Client) -> None:
    text = got(client, "/val-de-loire/data/energie-des-logements")
    assert 'class="refusal"' in text
    assert "/datasets/energie-des-logements.csv" not in text
    assert "<svg viewBox" not in text
    assert "/datasets/meteo.csv" in got(client, "/val-de-loire/data/meteo")


def test_nobody_is_named(client: Client) -> None:
    pages = ["person", "registers/role", *(link for link in _links(client, "registers/role"))]
    for page in pages:
        assert "@" not in re.sub(r"@media|@import", "", got(client, f"/val-de-loire/{page}"))


def _links(client: Client, page: str) -> list[str]:
    prefix = "/val-de-loire/"
    found = Read(got(client, prefix + page)).links
    return [link.removeprefix(prefix) for link in found if link.startswith(f"{prefix}registers/role/")]


def test_the_address_a_source_is_read_at_is_not_told(client: Client) -> None:
    from bocage import evidence, registers
    from bocage.accounts import OPERATOR
    from bocage.domain.declaration import Key
    from bocage.domain.source import Source
    from bocage.registers import shape

    from .conftest import AT

    key = Key(territory="marais", kind="source", slug="essai")
    values = {"title": {"fr": "Essai"}, "address": "https://example.org/?key=secret", "transport": "poll"}
    put = evidence.Put(key=key, body=shape.from_plain(Source, values))
    evidence.change("marais", OPERATOR, [put], AT)
    assert "secret" not in got(client, "/marais/registers/source/essai")
    assert "secret" not in got(client, "/marais/registers/source")
    evidence.change("marais", OPERATOR, [evidence.Withdraw(key=key)], AT)
    assert registers.find(key) is None
    assert "Retir" in got(client, "/marais/registers/source/essai")


def test_a_replayed_value_says_when_and_that_it_was_measured_elsewhere(client: Client) -> None:
    text = got(client, "/val-de-loire/sensors/station-meteo")
    assert "rejouée" in text
    assert "2022" in text


def test_the_map_and_the_list_say_the_same(client: Client) -> None:
    points = client.get("/val-de-loire/points.json").json()["features"]
    listed = set(re.findall(r'<li data-thing="([\w-]+)"', got(client, "/val-de-loire/sensors")))
    assert {point["properties"]["slug"] for point in points} <= listed
    assert all(point["properties"]["href"].startswith("/val-de-loire/sensors/") for point in points)
    chosen = client.get("/val-de-loire/points.json?measure=temperature").json()["features"]
    assert [point["properties"]["slug"] for point in chosen] == ["station-meteo"]


def test_the_ground_of_the_map_ships_with_bocage(client: Client) -> None:
    outlines = client.get("/val-de-loire/outlines.json").json()
    assert any(one["properties"]["name"] == "Nantes" for one in outlines["features"])


def test_a_declaration_shows_what_changed_between_its_versions(client: Client) -> None:
    import msgspec

    from bocage import evidence, registers
    from bocage.accounts import OPERATOR
    from bocage.domain.declaration import Key
    from bocage.domain.organisation import Organisation
    from bocage.domain.text import Text

    from .conftest import AT

    key = Key(territory="marais", kind="organisation", slug="essai-organisme")
    body = Organisation(title=Text(fr="Premier nom"), contact="jeanne@example.org")
    evidence.change("marais", OPERATOR, [evidence.Put(key=key, body=body)], AT)
    renamed = msgspec.structs.replace(body, title=Text(fr="Second nom"), contact="paul@example.org")
    evidence.change("marais", OPERATOR, [evidence.Put(key=key, body=renamed, expected=1)], AT)
    text = got(client, "/marais/registers/organisation/essai-organisme")
    assert "<del>Premier nom</del>" in text
    assert "<ins>Second nom</ins>" in text
    assert "example.org" not in text
    evidence.change("marais", OPERATOR, [evidence.Withdraw(key=key)], AT)
    assert registers.find(key) is None


def test_refusals_are_told_by_reason_without_what_senders_call_their_series(client: Client) -> None:
    from bocage.domain.decision import Refusal, WayOut
    from bocage.ingest.refusals import Counted, Refusals

    from .conftest import AT

    refusal = Refusal(
        promise="gdpr_05_purpose",
        code="series-undeclared",
        way_out=WayOut(kind="source"),
        values={"series": "badge-de-jeanne", "source": "badge-de-jeanne"},
    )
    counters = Refusals()
    for key, count in (("badge-de-jeanne", 20), ("badge-de-paul", 4)):
        counters.add(Counted(territory="marais", source="s", key=key, count=count, first=AT, last=AT, refusal=refusal))
    counters.flush(AT)
    text = got(client, "/marais/refusals")
    assert "24 mesures ont été refusées" in text
    assert "badge" not in text
    assert "L’origine envoie une série que personne n’a encore déclarée." in text
    assert "24 mesures" not in got(client, "/val-de-loire/refusals")


def test_an_address_typed_without_its_last_slash_is_found(client: Client) -> None:
    answer = client.get("/val-de-loire?lang=en")
    assert (answer.status_code, answer["Location"]) == (301, "/val-de-loire/?lang=en")
    assert client.get("/val-de-loire/desk")["Location"] == "/val-de-loire/desk/"
    got(client, "/nulle-part/", 404)


def test_the_list_of_sensors_says_when_the_last_value_was_measured_elsewhere(client: Client) -> None:
    page = got(client, "/val-de-loire/sensors")
    assert "tag-replayed" in page
    assert "mesurée ailleurs" in page


def test_a_series_nobody_is_told_of_is_not_named_by_what_refuses_its_dataset(client: Client) -> None:
    for page in ("data/energie-des-logements", "refusals", "promises/publication", "promises"):
        text = got(client, f"/val-de-loire/{page}")
        assert "Gaz du logement" not in text, page
    assert "une série qui n’est pas montrée" in got(client, "/val-de-loire/data/energie-des-logements")
