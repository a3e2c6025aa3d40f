"""Sealed files: small months share one, large ones are cut; whatever the files, the log says the same."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from bocage.domain.errors import Unavailable
from bocage.domain.instant import EARLIEST, LATEST
from bocage.store.embedded import covers, manifest, sealing
from bocage.store.embedded.covers import to_write
from bocage.store.embedded.home import EmbeddedStore
from bocage.store.embedded.manifest import Month
from bocage.store.memory import MemoryStore
from bocage.store.protocol import Erasure, Store

from .batches import DAY, HOUR, T0, batch, same


def _month(name: str, rows: int, until: str = "") -> Month:
    return Month(name=name, until=until, file=f"{name}.parquet", rows=rows, start=0, end=0, lowest=0, highest=0)


def _told(sealed: list[Month], open_rows: dict[str, int]) -> list[tuple[str, str, int]]:
    return [(one.first, one.last, len(one.files)) for one in to_write(sealed, open_rows)]


def test_months_that_hold_little_are_sealed_together() -> None:
    big = covers.SMALL
    assert _told([], {"2026-01": 9, "2026-02": 9, "2026-05": 9}) == [("2026-01", "2026-05", 0)]
    assert _told([_month("2026-01", big)], {"2026-02": 9}) == [("2026-02", "2026-02", 0)]
    assert _told([_month("2026-01", 9), _month("2026-02", 9)], {"2026-03": 9}) == [("2026-02", "2026-03", 1)]
    assert _told([_month("2026-01", 9, "2026-06")], {"2026-03": 9}) == [("2026-01", "2026-06", 1)]
    assert _told([_month("2026-01", big), _month("2026-01", 9)], {"2026-01": 1}) == [("2026-01", "2026-01", 2)]


def _filled(store: Store, seal: bool) -> Store:
    """Five months of three series, one of them large, with late data, a correction and an erasure."""
    draw = np.random.default_rng(3)
    for month in range(5):
        for number, count in ((1, 90), (2, 7), (3, 30)) if month < 3 else ((1, 9), (2, 7), (3, 3)):
            start = T0 + month * 30 * DAY + np.sort(draw.choice(29 * 24, count, replace=False)) * HOUR
            store.append(batch([number] * count, start, np.round(draw.normal(20, 3, count), 2))).result(9)
        late = T0 + draw.integers(0, (month + 1) * 28) * DAY + 1
        store.append(batch([1, 3], [late, late], [1.5, 2.5])).result(9)
        if seal:
            store.seal(T0 + (month + 1) * 31 * DAY)
    fixed = store.window(1, T0 + 30 * DAY, T0 + 60 * DAY).start[:2]
    store.append(batch([1, 1], fixed, [7.0, 8.0], correcting=True, reason="calibration")).result(9)
    if seal:
        store.seal(T0 + 150 * DAY)
    store.erase(Erasure(datastreams=(3,), start=T0 + 20 * DAY, end=T0 + 50 * DAY))
    return store


def test_whatever_the_files_the_log_says_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(covers, "SMALL", 60)
    monkeypatch.setattr(sealing, "SMALL", 60)
    plain, store = _filled(MemoryStore(), seal=False), _filled(EmbeddedStore(tmp_path / "log"), seal=True)
    files = manifest.read(tmp_path / "log")
    assert files is not None
    assert len({one.name for one in files.months}) < len(files.months)
    assert any(one.until for one in files.months)
    for home in (store, EmbeddedStore(_copied(store, tmp_path / "copy"))):
        for number in (1, 2, 3):
            every = (number, EARLIEST, LATEST)
            assert same(home.window(*every), plain.window(*every))
            assert same(home.versions(*every), plain.versions(*every))
            for newest_first in (False, True):
                found, expected = (
                    one.window(number, T0, T0 + 140 * DAY, limit=50, newest_first=newest_first) for one in (home, plain)
                )
                assert same(found, expected)
        held = [home.holding([1, 2, 3], T0, T0 + days * DAY).count for days in (20, 60, 200)]
        assert held == [plain.holding([1, 2, 3], T0, T0 + days * DAY).count for days in (20, 60, 200)]
        assert int(home.after(0, 10_000).position[-1]) == home.position() or home.after(0, 10_000).position[0] == 1
        home.close()


def _copied(store: Store, folder: Path) -> Path:
    store.backup(folder)
    return folder


def test_a_log_of_a_later_version_is_not_guessed_at(tmp_path: Path) -> None:
    EmbeddedStore(tmp_path).close()
    path = tmp_path / manifest.NAME
    found = msgspec.json.decode(path.read_bytes())
    path.write_bytes(msgspec.json.encode({**found, "form": manifest.FORM + 1}))
    with pytest.raises(Unavailable):
        EmbeddedStore(tmp_path)
