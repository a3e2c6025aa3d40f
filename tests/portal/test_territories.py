"""Every territory beside every promise: one table for all, sorted, narrowed, as CSV, and nothing that is closed."""

import csv
import io
from collections.abc import Callable
from typing import Any

from django.test import Client

from bocage.commitments import all_promises

PAGE = "/territories"
Read = Callable[[str], str]


def read(path: str) -> str:
    answer = Client(HTTP_HOST="localhost").get(path, {"lang": "fr"} if "?" not in path else None)
    assert answer.status_code == 200, path
    return " ".join(answer.content.decode().split())


def lines(query: str = "") -> list[list[str]]:
    answer = Client(HTTP_HOST="localhost").get(f"{PAGE}.csv{query}")
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.reader(io.StringIO(answer.content.decode())))


def test_each_territory_is_a_row_and_each_promise_a_column_with_a_sign_and_a_word(pages: Any) -> None:
    page = read(PAGE)
    assert "Marais" in page
    assert "Val-de-Sèvre-et-Loire" in page
    assert all(promise.number in page for promise in all_promises() if promise.number)
    assert '<span aria-hidden="true">✓</span> Tenu' in page
    assert 'href="/marais/promises"' in page
    assert "/desk/" not in page  # nobody is signed in


def test_the_states_are_those_that_each_territory_shows_everyone(pages: Any) -> None:
    head, *rows = lines()
    place = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    assert set(place) == {"marais", "val-de-loire"}
    told = Client(HTTP_HOST="localhost").get("/val-de-loire/promises.json").json()
    known = {one["code"]: one for one in told["promises"]}
    assert {code: place["val-de-loire"][code] for code in known} == {code: outcome(one) for code, one in known.items()}


def outcome(one: dict[str, Any]) -> str:
    if any(not finding["kept"] for finding in one["findings"]):
        return "mend"
    return str(one["standing"]) if one["standing"] in ("not-concerned", "cannot-be-checked-yet") else "kept"


def test_links_sort_both_ways_and_the_filter_narrows_page_and_csv_alike(pages: Any) -> None:
    up, down = ([row[0] for row in lines(f"?sort={sort}")[1:]] for sort in ("name", "-name"))
    assert up == down[::-1]
    assert 'aria-sort="descending"' in read(f"{PAGE}?sort=-name")
    assert [row[0] for row in lines("?q=MARÂIS")[1:]] == ["marais"]
    assert len(lines("?promise=r19_hosting")[0]) == 7
    assert "Rien ne correspond" in read(f"{PAGE}?q=nulle-part")


def test_what_a_stranger_types_into_the_address_breaks_nothing(pages: Any) -> None:
    for query in ("sort=__class__", "level=planet", "state=best&promise=none", "page=999", "sort=-", "q=%00"):
        assert Client(HTTP_HOST="localhost").get(f"{PAGE}?{query}").status_code == 200, query
