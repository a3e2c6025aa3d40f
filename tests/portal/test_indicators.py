"""Indicators on the portal: a story made from open data, and a reason instead of figures where data are not open."""

import csv
import io

from django.test import Client
from tests.portal.test_pages import got


def test_the_list_tells_the_last_figure_of_each_and_why_others_are_not_shown(client: Client) -> None:
    page = got(client, "/val-de-loire/indicators")
    assert "Combien de personnes passent à vélo à Mauves-sur-Loire ?" in page
    assert "Dernier jour complet, le dimanche 22 novembre 2026" in page
    assert "Les chiffres qui ne sont pas montrés, et pourquoi" in page
    assert "Publication refusée" in page


def test_a_story_has_ten_sentences_at_most_a_chart_a_table_and_a_file(client: Client) -> None:
    page = got(client, "/val-de-loire/indicators/velos-a-mauves")
    told = page.partition('<ul class="story">')[2].partition("</ul>")[0]
    assert 3 < told.count("<li>") < 10
    assert 'role="img"' in page
    assert 'class="target"' in page
    assert "Objectif : au moins" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert page.count("<tr>") > 90
    assert "/val-de-loire/indicators/velos-a-mauves.csv" in page
    assert "Demander, contester, parler à une personne" in page


def test_replayed_measurements_are_said_to_be_replayed(client: Client) -> None:
    assert "mesures rejouées" in got(client, "/val-de-loire/indicators/velos-a-mauves")


def test_an_incomplete_day_is_told_as_such(client: Client) -> None:
    """One report of the eight that the weather station gives each day."""
    page = got(client, "/val-de-loire/indicators/temperature-de-l-air?lang=en")
    assert "incomplete (1 of 8 expected measurements)" in page


def test_figures_that_rest_on_closed_series_are_not_given_anywhere(client: Client) -> None:
    page = got(client, "/val-de-loire/indicators/electricite-de-la-nuit?lang=en")
    assert "These figures are not shown to everyone." in page
    assert 'role="img"' not in page
    assert "Last complete" not in page
    assert "kWh" not in page
    refused = got(client, "/val-de-loire/indicators/electricite-de-la-nuit.csv", 403)
    assert "start,end" not in refused


def test_a_register_does_not_name_a_meter_that_is_not_placed(client: Client) -> None:
    page = got(client, "/val-de-loire/registers/indicator/electricite-de-la-nuit")
    assert "une qui n’est pas montrée" in page
    assert "Électricité du logement n° 1" not in page.partition("Historique vérifiable")[0]


def test_the_file_holds_the_figures_of_the_story(client: Client) -> None:
    rows = list(csv.DictReader(io.StringIO(got(client, "/val-de-loire/indicators/velos-a-mauves.csv"))))
    assert len(rows) == 100
    assert rows[-1]["unit"] == "passages"
    assert rows[-1]["complete"] == "1"
    assert (rows[-1]["measurements"], rows[-1]["expected"]) == ("4", "4")
    assert rows[0]["start"] < rows[-1]["start"]


def test_a_year_of_days_can_be_asked_for(client: Client) -> None:
    short, long = (got(client, f"/val-de-loire/indicators/velos-a-mauves{asked}") for asked in ("", "?span=year"))
    assert long.count("<tr>") == short.count("<tr>") + 8


def test_a_territory_without_indicator_says_so_with_a_way_on(client: Client) -> None:
    page = got(client, "/marais/indicators")
    assert "Aucun indicateur n’est encore déclaré" in page
    assert "/marais/sensors" in page
    got(client, "/marais/indicators/velos-a-mauves", 404)
    got(client, "/marais/indicators/velos-a-mauves.csv", 404)
