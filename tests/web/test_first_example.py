"""Nothing yet, show me: an invented town, made and withdrawn in one click."""

import pytest
from django.test import Client

from bocage import evidence, registers
from bocage.domain.declaration import Key
from bocage.domain.errors import Conflict
from bocage.domain.nature import Origin
from bocage.domain.source import Source
from bocage.domain.territory import Territory
from bocage.evidence import beginning

from .empty import Empty
from .test_first import roles, secretary
from .test_first_file import ready, text
from .world import AT, HERE, World

__all__ = ("ready", "roles", "secretary")


@pytest.fixture
def shown(ready: Client) -> str:
    """Where one lands."""
    return str(ready.post("/start/example")["Location"])


def test_in_one_click_the_nights_of_an_invented_town_are_seen(ready: Client, shown: str, empty: Empty) -> None:
    assert shown == "/exemple/desk/datastreams/electricite-consommee-local-des-associations/night"
    page = text(ready.get(shown))
    assert "de sa consommation a lieu la nuit" in page
    assert "Territoire inventé" in page
    (extent,) = empty.parts.store.extent()
    assert extent.count > 20_000
    window = empty.parts.store.window(extent.datastream, extent.first, extent.last + 1, limit=10)
    assert set(window.origin.tolist()) == {Origin.REPLAYED}


def test_it_is_declared_a_demonstration_with_where_its_measurements_come_from(shown: str) -> None:
    entry = registers.find(Key(territory="exemple", kind="territory", slug="exemple"))
    assert entry is not None
    assert isinstance(entry.body, Territory)
    assert entry.body.demonstration
    (source,) = registers.current("exemple", Source.kind)
    assert isinstance(source.body, Source)
    assert source.body.replayed
    assert "eemeter" in source.body.attribution


def test_the_town_beside_it_is_untouched_and_leads_to_it(ready: Client, shown: str) -> None:
    assert registers.territories() == ["exemple", "vay"]
    assert registers.count("vay")["source"] == 0
    assert 'href="/exemple/desk/"' in text(ready.get("/vay/desk/first"))
    assert ready.post("/start/example")["Location"] == "/exemple/desk/"  # there is one already


def test_it_goes_in_one_click_with_its_measurements_and_can_come_again(ready: Client, shown: str, empty: Empty) -> None:
    assert "Retirer cette commune inventée" in text(ready.get("/exemple/desk/first"))
    assert ready.post("/start/withdraw", {"slug": "exemple"}).status_code == 302
    assert registers.territories() == ["vay"]
    assert empty.parts.store.extent() == []
    assert ready.get(shown).status_code == 404
    assert str(ready.post("/start/example")["Location"]).startswith("/exemple-2/desk/datastreams/")
    assert [extent.count > 20_000 for extent in empty.parts.store.extent()] == [True]


def test_a_real_town_is_never_withdrawn_with_its_measurements(world: World) -> None:
    from bocage.accounts import OPERATOR

    with pytest.raises(Conflict):
        beginning.withdraw_invented(world.parts.store, HERE, OPERATOR, AT)
    assert registers.territories() == [HERE]


def test_nothing_of_it_is_to_mend_but_the_officer_and_schemas(shown: str) -> None:
    left = [one for one in evidence.findings("exemple", AT) if not one.kept]
    assert {one.code for one in left if one.promise != "r47_data_standards"} == {"vacant", "dpo-vacant"}


def test_who_does_not_administer_the_instance_invents_no_town(world: World) -> None:
    assert world.sign_in().post("/start/example").status_code == 403
    assert registers.territories() == [HERE]
