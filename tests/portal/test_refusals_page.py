"""The public account of what was refused: by month, by reason, with what was done, and without who sent it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from bocage.domain.decision import Refusal, WayOut
from bocage.ingest.refusals import Counted, Refusals

from .conftest import AT

PAGE = "/val-de-loire/refusals"
SENDER, SERIES = "capteur-de-monsieur-martin", "chambre-du-haut"


def told(client: Client, query: str = "") -> str:
    answer = client.get(PAGE + query)
    assert answer.status_code == 200
    return re.sub(r"[\s\u00a0\u202f]+", " ", answer.content.decode())


def refused(code: str, count: int, at: datetime, *, promise: str = "gdpr_05_purpose", kept: bool = False) -> None:
    counts = Refusals()
    refusal = Refusal(
        promise=promise, code=code, way_out=WayOut(kind="datastream", slug=SERIES),
        values={"source": SENDER, "series": SERIES},
    )  # fmt: skip
    counts.add(
        Counted(
            territory="val-de-loire", source=SENDER, key=SERIES, count=count, first=at, last=at, refusal=refusal,
            kept=kept,
        )
    )  # fmt: skip
    counts.flush(at)


@pytest.fixture(autouse=True)
def counted(pages: None) -> Iterator[None]:
    from bocage.ingest.tables import Refused, RefusedMonth

    refused("series-undeclared", 24, AT)
    refused("series-undeclared", 6, AT)
    refused("implausible", 5, AT, promise="ingest", kept=True)
    refused("future", 3, datetime(2026, 10, 31, 23, 30, tzinfo=UTC), promise="ingest")
    yield
    Refused.objects.all().delete()
    RefusedMonth.objects.all().delete()


def test_a_month_tells_each_reason_with_its_promise_how_often_and_what_was_done(client: Client) -> None:
    text = told(client)
    assert "En novembre 2026, 33 mesures ont été refusées" in text  # 31 October 23:30 UTC is November here
    assert '<td class="num" data-label="Mesures">30</td>' in text
    assert "/val-de-loire/promises/gdpr_05_purpose" in text
    assert "Pas gardées : seulement comptées." in text
    assert "Gardées et signalées, pour qu’une personne regarde." in text


def test_what_no_longer_comes_says_since_when_and_what_still_does_how_to_end_it(client: Client) -> None:
    text = told(client)
    assert "Plus depuis le 1er novembre 2026" in text
    assert "Cela arrive encore" in text
    assert "Ce qui y mettrait fin : " in text


def test_nothing_says_who_sent_it_nor_what_they_call_it(client: Client) -> None:
    for query in ("", "?lang=en"):
        text = told(client, query)
        assert SENDER not in text
        assert SERIES not in text
        assert "martin" not in text.lower()


def test_each_month_is_one_click_away_and_this_one_is_there_without_anything(client: Client) -> None:
    from bocage.ingest.tables import RefusedMonth

    refused("series-undeclared", 2, AT - timedelta(days=60))
    text = told(client, "?month=2026-09")
    assert "En septembre 2026, 2 mesures ont été refusées" in text
    assert 'href="?month=2026-11"' in text
    assert "Aucune mesure n’a été refusée en mars 2025" in told(client, "?month=2025-03")
    RefusedMonth.objects.all().delete()
    assert "Aucune mesure n’a été refusée en novembre 2026" in told(client)
    assert "35 autres ont été refusées avant que les mois soient comptés" in told(client)


@pytest.mark.parametrize("month", ["hier", "2026-13", "9999-01", "%3Cscript%3E", ""])
def test_a_strange_month_is_this_one(client: Client, month: str) -> None:
    text = told(client, f"?month={month}")
    assert "En novembre 2026" in text
    assert "<script>" not in text


def test_another_territory_has_its_own_account(client: Client) -> None:
    answer = client.get("/marais/refusals").content.decode()
    assert "Aucune mesure" in answer


def test_a_dataset_held_back_says_why(client: Client) -> None:
    assert 'class="refusal"' in told(client)
