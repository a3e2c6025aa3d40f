"""The page of a dataset: charts one can choose, files by period, quality, what changed."""

import re

import numpy as np
import pytest
from django.test import Client

from bocage.domain.observation import ObservationBatch
from bocage.store.memory import MemoryStore

from .conftest import MS

METEO, COUNTERS = "/val-de-loire/data/meteo", "/val-de-loire/data/comptages-loire"


def got(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def drawn(text: str) -> int:
    """How many series the charts of a page hold."""
    several = len(re.findall(r'<tspan class="words">', text))
    return several + text.count("<svg viewBox")


def test_a_few_series_are_drawn_and_those_that_measure_the_same_share_a_chart(client: Client) -> None:
    text = got(client, COUNTERS)
    assert text.count('<svg class="several"') == 2
    assert drawn(text) == 6
    assert text.count("<figcaption>") == text.count("</figcaption>") == 2
    assert text.count('aria-label="Passages') >= 2


def test_a_reader_chooses_which_series_are_drawn(client: Client) -> None:
    text = got(client, f"{METEO}?series=meteo-temperature&series=meteo-humidite")
    assert drawn(text) == 2
    assert re.search(r'value="meteo-temperature" checked', text)
    assert not re.search(r'value="meteo-pluie" checked', text)


def test_of_more_than_six_the_first_six_are_drawn_and_it_is_said(client: Client) -> None:
    every = re.findall(r'name="series" value="([\w-]+)"', got(client, COUNTERS))
    assert len(every) == 10
    text = got(client, f"{COUNTERS}?{'&'.join(f'series={one}' for one in every)}")
    assert drawn(text) == 6
    assert "Six séries au plus" in text


@pytest.mark.parametrize("asked", ["series=rien", "step=siècle", "series=%3Cscript%3E", "series=", "step=hour"])
def test_a_strange_choice_still_gives_the_page(client: Client, asked: str) -> None:
    assert drawn(got(client, f"{METEO}?{asked}")) >= 4


def test_every_chart_has_its_table_with_a_column_for_each_series(client: Client) -> None:
    text = got(client, COUNTERS)
    figure = re.search(r"<figure.*?</figure>", text, re.DOTALL)
    assert figure is not None
    columns = len(re.findall(r'<th scope="col" class="num">', figure[0]))
    rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", figure[0], re.DOTALL)
    assert columns == 4
    assert len(rows) > 20
    assert all(row.count("<td") == columns for row in rows)


def test_the_files_of_each_month_are_one_click_away(client: Client) -> None:
    text = got(client, METEO)
    for form in ("csv", "json", "parquet"):
        assert f'href="/api/val-de-loire/datasets/meteo/2026-10.{form}"' in text
    assert "octobre 2026" in text
    assert "/datasets/meteo/all.json" in text


def test_quality_says_what_lacks_when_nothing_is_declared(client: Client) -> None:
    text = got(client, METEO)
    assert "plausible" in text
    assert "La qualité mois par mois" in text or "attendues" in text


def test_corrections_and_erasures_are_told_with_their_day_and_reason(client: Client, store: MemoryStore) -> None:
    from bocage import sensing
    from bocage.evidence.tables import Erased
    from bocage.steer import follow_arrivals
    from bocage.steer.follower import step

    from .conftest import AT

    number = next(one.id for one in sensing.datastreams("val-de-loire", dataset="meteo"))
    held = store.window(number, 0, MS)
    at = held.start[-12:]
    batch = ObservationBatch(
        datastream=np.full(12, number, np.int32), start=at, end=at, kind=np.zeros(12, np.uint8),
        number=np.full(12, 7.0), origin=np.ones(12, np.uint8), original=at, correcting=True, reason="source",
    )  # fmt: skip
    store.append(batch).result()
    while step(follow_arrivals(lambda: MS, dict), store):
        pass
    row = Erased.objects.create(
        territory="val-de-loire", purpose="meteo-locale", at=AT, before=MS - 10**11,
        datastreams=f"[{number}]".encode(), count=1234, covers=b"[]", position=1,
    )  # fmt: skip
    undone = Erased.objects.create(
        territory="val-de-loire", purpose="", at=AT, before=MS, datastreams=f"[{number}]".encode(), count=40,
        covers=b"[]", position=1,
    )  # fmt: skip
    text = re.sub(r"\s+", " ", got(client, METEO).replace("\u202f", " ").replace("\u00a0", " "))
    assert "12 valeurs corrigées" in text
    assert "a envoyé une autre valeur" in text
    assert "1 234 mesures faites avant le" in text
    assert "23 novembre 2026" in text
    assert "40 mesures reprises : l’import" in text
    assert "12 valeurs corrigées" not in got(client, COUNTERS)
    row.delete()
    undone.delete()


def test_a_closed_or_refused_dataset_shows_neither_chart_nor_file_nor_quality(client: Client) -> None:
    text = got(client, "/val-de-loire/data/energie-des-logements?series=logement-1-electricite")
    assert "<svg viewBox" not in text
    assert "several" not in text
    assert "/datasets/energie-des-logements" not in text
    assert 'value="logement-1-electricite"' not in text
