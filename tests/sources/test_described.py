"""What the names of series say of them: a plug-in that knows its meters describes every series of its own examples."""

import pytest

from bocage.domain.errors import PayloadError
from bocage.domain.nature import Nature
from bocage.domain.plugin import Arrival
from bocage.domain.source import Mapping
from bocage.ingest import plugins

DESCRIBED = {name: plugin for name, plugin in plugins.found().items() if plugin.describe is not None}


def test_the_files_of_enedis_and_of_grdf_are_described() -> None:
    assert set(DESCRIBED) >= {"enedis-csv", "grdf-csv"}


@pytest.mark.parametrize(
    ("plugin", "key", "expected"),
    [
        ("enedis-csv", "30000000000017/puissance", ("puissance-electrique", "W", Nature.GAUGE, 1800)),
        ("enedis-csv", "30000000000017/energie", ("energie-electrique", "kW.h", Nature.AMOUNT, None)),
        ("enedis-csv", "30000000000017/energie-jour", ("energie-electrique-jour", "kW.h", Nature.AMOUNT, 86_400)),
        ("enedis-csv", "30000000000017/index", ("index-electrique", "kW.h", Nature.INDEX, 86_400)),
        ("enedis-csv", "30000000000017/index-f2", ("index-electrique-f2", "kW.h", Nature.INDEX, 86_400)),
        (
            "enedis-csv",
            "30000000000017/production-energie",
            ("production-energie-electrique", "kW.h", Nature.AMOUNT, None),
        ),
        ("gbfs", "gare/vehicles/electrique", ("vehicules-disponibles", "1", Nature.GAUGE, None)),
        ("gbfs", "gare/docks", ("places-libres", "1", Nature.GAUGE, None)),
        ("grdf-csv", "GI000017/energie-jour", ("gaz-energie-jour", "kW.h", Nature.AMOUNT, 86_400)),
        ("grdf-csv", "21000000000017/volume-jour", ("gaz-volume-jour", "m3", Nature.AMOUNT, 86_400)),
    ],
)
def test_a_series_is_what_its_name_says(plugin: str, key: str, expected: tuple[object, ...]) -> None:
    describe = DESCRIBED[plugin].describe
    found = describe(key) if describe else None
    assert found is not None
    assert (found.property, found.unit.ucum, found.nature, found.cadence_seconds) == expected
    assert found.meter == key.partition("/")[0]
    assert found.title.fr
    assert found.title.en


@pytest.mark.parametrize("plugin", sorted(DESCRIBED))
@pytest.mark.parametrize("key", ["", "salle-1", "30000000000017", "30000000000017/", "300/puissance", "x/index-zz"])
def test_a_name_of_somebody_else_says_nothing(plugin: str, key: str) -> None:
    describe = DESCRIBED[plugin].describe
    assert describe is not None
    assert describe(key) is None


@pytest.mark.parametrize("plugin", sorted(DESCRIBED))
@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe", b"a;b\n1;2\n", "é".encode("utf-16"), b"PK\x03\x04"])
def test_what_is_no_such_file_is_refused(plugin: str, content: bytes) -> None:

    with pytest.raises(PayloadError):
        DESCRIBED[plugin].decode(content, Mapping(), Arrival())
