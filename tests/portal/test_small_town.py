"""A town of 3,000 with one service, one place, one dataset: every page is whole; and before that, with nothing."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from django.core.management import call_command
from django.test import Client, override_settings

from bocage.domain.observation import ObservationBatch
from bocage.store.memory import MemoryStore

from .conftest import AT, MS
from .test_pages import Read, got

HOUR = 3_600_000
TOWN: dict[str, dict[str, Any]] = {
    "territory": {"bourg": {"title": {"fr": "Le Bourg"}, "code": "44109", "population": 3000, "agents": 12}},
    "organisation": {"commune": {"title": {"fr": "Commune du Bourg"}}},
    "public-service": {"batiments": {"title": {"fr": "Bâtiments"}, "competence": "buildings"}},
    "purpose": {
        "chauffer-moins": {
            "title": {"fr": "Chauffer moins l'école la nuit."},
            "service": "batiments", "owner": "commune", "personal": False, "retention_months": 36,
            "fate": "eliminate", "cadence_seconds": 3600,
            "questions": dict.fromkeys(
                ("scoring", "biometrics", "profiling", "manipulation", "tracking", "consumerism"), False
            ),
        }
    },
    "hosting-site": {"mairie": {"title": {"fr": "Mairie"}, "country": "FR", "operator": "commune"}},
    "source": {"compteur": {"title": {"fr": "Compteur"}, "purpose": "chauffer-moins", "hosting": "mairie"}},
    "dataset": {
        "electricite": {
            "title": {"fr": "L'électricité de l'école"}, "sensitivity": "public", "hosting": "mairie",
            "service": "batiments", "owner": "commune",
        }
    },
    "thing": {"ecole": {"title": {"fr": "École"}}},
    "observed-property": {"energie": {"title": {"fr": "Énergie"}}},
    "datastream": {
        "ecole-energie": {
            "title": {"fr": "Électricité de l'école"}, "thing": "ecole", "observed_property": "energie",
            "source": "compteur", "dataset": "electricite", "nature": "amount", "cadence_seconds": 3600,
            "unit": {"name": "kilowattheure", "symbol": "kWh"},
        }
    },
}  # fmt: skip
PAGES = (
    "", "sensors", "data", "decisions", "processing", "promises", "refusals", "registers", "person", "search",
    "search?q=ecole", "indicators", "notices",
)  # fmt: skip


def declare(kinds: tuple[str, ...]) -> None:
    from bocage import evidence
    from bocage.accounts import OPERATOR
    from bocage.domain.declaration import Key
    from bocage.domain.kinds import KINDS
    from bocage.domain.sensing import ENTITIES

    entities = {entity.kind: entity for entity in ENTITIES}
    changes: list[Any] = []
    for kind in kinds:
        for slug, values in TOWN[kind].items():
            if kind in entities:
                changes.append(evidence.PutEntity(slug=slug, entity=msgspec.convert(values, entities[kind])))
            else:
                body = msgspec.convert(values, KINDS[kind])
                changes.append(evidence.Put(key=Key(territory="bourg", kind=kind, slug=slug), body=body))
    evidence.change("bourg", OPERATOR, changes, AT)


@pytest.fixture
def town(db: Path, relational_folder: Path) -> Iterator[MemoryStore]:
    from bocage import evidence
    from bocage.accounts.tokens import Tokens
    from bocage.web.parts import Parts

    store = MemoryStore()
    evidence.connect(store)
    wired: dict[str, Any] = {"data": relational_folder, "backups": relational_folder, "tokens": Tokens()}
    with override_settings(BOCAGE_PARTS=Parts(store=store, clock=lambda: AT, **wired)):
        yield store
    evidence.connect(None)


def whole(text: str) -> None:
    """One heading, no hole, no figure without its noun."""
    read = Read(text)
    assert read.headings.count("h1") == 1
    assert not read.inline
    assert not re.search(r"%\(\w+\)s|\{\w+\}|\bNone\b(?! (yet|is)\b)|<p>\s*</p>|<ul[^>]*>\s*</ul>|<h2>\s*</h2>", text)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_before_anything_is_measured_every_page_is_whole(town: MemoryStore, lang: str) -> None:
    declare(("territory",))
    for page in PAGES:
        whole(got(Client(), f"/bourg/{page}{'&' if '?' in page else '?'}lang={lang}"))
    assert "Rien n’est encore mesuré ici" in got(Client(), "/bourg/?lang=fr")


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_with_one_service_and_one_dataset_every_page_is_whole(town: MemoryStore, lang: str) -> None:
    from bocage import sensing

    declare(tuple(TOWN))
    number = sensing.datastreams("bourg")[0].id
    start = MS - HOUR * np.arange(1, 100, dtype=np.int64)[::-1]
    town.append(
        ObservationBatch(
            datastream=np.full(99, number, np.int32), start=start, end=start + HOUR, kind=np.zeros(99, np.uint8),
            number=np.arange(99) / 4, origin=np.zeros(99, np.uint8),
        )
    ).result()  # fmt: skip
    more = ("data/electricite", "sensors/ecole", "promises/gdpr_05_purpose", "registers/purpose/chauffer-moins")
    for page in (*PAGES, *more):
        whole(got(Client(), f"/bourg/{page}{'&' if '?' in page else '?'}lang={lang}"))
    home = re.sub(r"[\s\u00a0\u202f]+", " ", got(Client(), "/bourg/?lang=fr"))
    assert "1 lieu est équipé. Tout ce qui est mesuré sert 1 finalité déclarée." in home
    assert "24,5 kWh" in home
    assert "1 jeu de données est ouvert." in home
    assert home.count('<section class="card">') == 5
    page = got(Client(), "/bourg/data/electricite?lang=fr")
    assert page.count("<figcaption>") == 1
    assert "Choisir ce qui est dessiné" in page
    assert "/api/bourg/datasets/electricite/2026-11.csv" in page


def test_a_meter_tells_what_it_counted_on_its_last_whole_day(town: MemoryStore) -> None:
    from bocage import evidence, sensing
    from bocage.accounts import OPERATOR
    from bocage.domain.nature import Nature
    from bocage.domain.sensing import Datastream

    declare(tuple(TOWN))
    placed = sensing.datastreams("bourg")[0]
    assert isinstance(placed.entity, Datastream)
    body = msgspec.structs.replace(placed.entity, nature=Nature.INDEX)
    evidence.change("bourg", OPERATOR, [evidence.PutEntity(slug=placed.slug, entity=body)], AT)
    start = MS - HOUR * np.arange(0, 72, dtype=np.int64)[::-1]
    town.append(
        ObservationBatch(
            datastream=np.full(72, placed.id, np.int32), start=start, end=start, kind=np.zeros(72, np.uint8),
            number=12_000 + 1.5 * np.arange(72), origin=np.zeros(72, np.uint8),
        )
    ).result()  # fmt: skip
    home = re.sub(r"[\s\u00a0\u202f]+", " ", got(Client(), "/bourg/?lang=fr"))
    assert "36 kWh" in home
    assert "22 novembre 2026" in home
    assert "12 106" not in home  # what the dial shows says nothing to a resident


def test_links_of_a_small_town_all_lead_somewhere(town: MemoryStore) -> None:
    declare(tuple(TOWN))
    client, waiting, seen = Client(), ["/bourg/"], set[str]()
    while waiting:
        path = waiting.pop()
        if path in seen or not path.startswith("/bourg") or "/desk" in path:
            continue
        seen.add(path)
        waiting += [link.partition("#")[0] for link in Read(got(client, path)).links]
    assert len(seen) > 30


def test_an_instance_with_nothing_says_what_comes_next(db: Path, town: MemoryStore) -> None:
    call_command("flush", verbosity=0, interactive=False)
    assert "bocage" in got(Client(), "/").lower()
