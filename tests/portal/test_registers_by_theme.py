"""The public registers by theme, and what a declaration of many rows says to everyone."""

import html
import re

import pytest
from django.test import Client

from bocage.domain.kinds import KINDS
from bocage.domain.themes import THEMES

HERE = "/val-de-loire/registers"
REPR = re.compile(r"\w+\((?:fr|title|kind)=|&lt;\w+\.\w+:|datetime\.date")


def read(client: Client, path: str = "") -> str:
    answer = client.get(f"{HERE}{path}")
    assert answer.status_code == 200
    return html.unescape(answer.content.decode()).replace("’", "'").replace("\u202f", " ").replace("\xa0", " ")


def test_every_public_register_stands_once_under_its_theme(client: Client) -> None:
    page = read(client)
    for theme in THEMES:
        assert f'id="{theme.name}"' in page
    for name, kind in KINDS.items():
        assert page.count(f'href="{HERE}/{name}"') == int(kind.public), name


@pytest.mark.parametrize("kind", ["checklist", "application"])
def test_what_shows_a_weakness_or_a_secret_is_for_agents_only(client: Client, kind: str) -> None:
    assert client.get(f"{HERE}/{kind}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/charter/charte-de-la-donnee",
        "/charter-article/donnees-publiques",
        "/clause/donnees-livrees",
        "/contract/comptages",
    ],
)
def test_an_article_its_clause_and_the_contract_lead_to_each_other(client: Client, path: str) -> None:
    page = read(client, path)
    assert "De la charte au contrat" in page
    others = {"/charter-article/donnees-publiques", "/clause/donnees-livrees", "/contract/comptages"} - {path}
    assert all(f'href="{HERE}{one}"' in page for one in others)


def test_an_article_that_no_clause_carries_says_so(client: Client) -> None:
    assert "pas encore de clause" in read(client, "/charter-article/mesurer-peu")


def test_a_contract_shows_which_clauses_its_form_expects_and_it_lacks(client: Client) -> None:
    lacking = read(client, "/contract/comptages").partition("absentes de celui-ci")[2]
    assert "Réversibilité" in lacking
    assert "Codes sources ouverts" not in lacking


def test_a_failed_experiment_tells_its_results_and_its_lessons(client: Client) -> None:
    page = read(client, "/experiment/arrosage-connecte")
    assert "Pas atteint" in page
    assert "Le paillage économise autant" in page
    assert '<th scope="col">Valeur mesurée</th>' in page


@pytest.mark.parametrize(
    ("path", "label", "value"),
    [
        ("/contract/comptages", "Dernier jour", "30 novembre 2029"),
        ("/consultation/compter-les-velos", "Ouverte pendant", "45 jours"),
        ("/human-channel/accueil", "Dernier essai", "12 octobre 2026"),
        ("/governance-body/conseil-local-de-la-donnee", "Sièges d'habitants", "6"),
        ("/assessment/carte-inclusion", "Groupes qui pourraient être laissés de côté", "4"),
        ("/audit/comptages-securite", "Points encore à corriger", "1"),
        ("/economics/rives-a-velo", "Fonctionnement constaté", "3 650 €"),
    ],
)
def test_what_follows_from_a_declaration_is_worked_out(client: Client, path: str, label: str, value: str) -> None:
    assert f"<dt>{label}</dt><dd>{value}</dd>" in read(client, path)


def test_no_page_of_a_declaration_shows_how_the_machine_writes_it(client: Client) -> None:
    for name, kind in KINDS.items():
        if kind.public:
            for slug in sorted(set(re.findall(rf'href="{HERE}/{name}/([a-z0-9-]+)"', read(client, f"/{name}"))))[:2]:
                assert not REPR.search(read(client, f"/{name}/{slug}")), (name, slug)
