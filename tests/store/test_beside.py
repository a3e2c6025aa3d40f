"""What is said beside an observation, as one short text."""

import json
from pathlib import Path

import duckdb
import numpy as np
import psycopg
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.postgres import Databases

from bocage.domain.beside import Beside, read, spelled, unspelled, written
from bocage.domain.instant import LATEST
from bocage.store import opened
from bocage.store.embedded.home import EmbeddedStore
from bocage.store.embedded.manifest import FORM
from bocage.store.postgres.home import PostgresStore

from .batches import T0, batch, besides, results

START, END = 1_767_225_600_000, 1_767_225_900_000
values = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.text(st.characters(exclude_categories=["Cs"]))
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abc"), inner, max_size=3)),
    max_leaves=5,
)
said = st.builds(
    Beside,
    result=st.one_of(st.none(), st.integers(-(10**9), 10**9)),
    valid=st.one_of(st.none(), st.tuples(st.integers(0, 10**6), st.integers(10**6, 10**9))),
    feature=st.integers(0, 2**34),
    parameters=st.dictionaries(st.sampled_from(["a", "é", "x/y"]), values, max_size=3),
    quality=values,
)


def test_nothing_said_is_no_text() -> None:
    assert written(Beside()) is None
    assert read(None) == Beside()
    assert spelled(None, START, END) is None


@given(one=said)
@settings(deadline=None)
def test_what_is_said_comes_back_from_the_log_and_from_files(one: Beside) -> None:
    text = written(one)
    assert read(text) == one
    assert unspelled(spelled(text, START, END), START, END) == text


def test_files_tell_times_and_names_in_full() -> None:
    text = written(Beside(result=350, valid=(0, 60_000), parameters={"gain": 2}))
    assert text == '{"r":350,"v":[0,60000],"p":{"gain":2}}'
    assert spelled(text, START, END) == (
        '{"resultTime":"2026-01-01T00:05:00.350Z","validTime":"2026-01-01T00:00:00.000Z/2026-01-01T00:01:00.000Z",'
        '"parameters":{"gain":2}}'
    )


def _as_before(folder: Path) -> None:
    """The folder as a version left it that kept nothing beside observations."""
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["form"] = 2
    for month in manifest["months"]:
        month["void"] = [one for one in month["void"] if one != "beside"]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with duckdb.connect(str(folder / manifest["columns"])) as con:
        for table in ("observation", "state"):
            con.execute(f"ALTER TABLE {table} DROP COLUMN beside")


def test_a_folder_of_an_earlier_version_is_read_and_keeps_more_from_now_on(tmp_path: Path) -> None:
    store = opened(tmp_path)
    store.append(batch([1, 1], [T0, T0 + 1], [1, 2])).result(5)
    store.seal(LATEST)
    store.append(batch([1], [T0 + 2], [3])).result(5)
    store.close()
    _as_before(tmp_path)
    again = EmbeddedStore(tmp_path)
    assert json.loads((tmp_path / "manifest.json").read_bytes())["form"] == FORM  # that version opens it no more
    assert results(again.window(1, T0, LATEST)) == [1, 2, 3]
    again.append(batch([1], [T0 + 3], [4], beside=np.array(['{"r":9}'], object))).result(5)
    again.seal(LATEST)
    assert besides(again.window(1, T0, LATEST)) == [None, None, None, '{"r":9}']
    again.close()


def test_a_database_of_an_earlier_version_is_brought_up(databases: Databases) -> None:
    url = databases.url("18")
    store = PostgresStore(url, schema_name="earlier")
    store.append(batch([1], [T0], [1])).result(5)
    store.close()
    with psycopg.connect(url, autocommit=True) as con:
        con.execute("SET search_path TO earlier")
        con.execute("ALTER TABLE observation DROP COLUMN beside")
        con.execute("ALTER TABLE standing DROP COLUMN beside")
        con.execute("DROP FUNCTION small_letters, capital_letters")
        con.execute("UPDATE mark SET version = 1")
    again = PostgresStore(url, schema_name="earlier")
    again.append(batch([1], [T0 + 1], [2], beside=np.array(['{"r":9}'], object))).result(5)
    assert besides(again.window(1, T0, LATEST)) == [None, '{"r":9}']
    again.close()
