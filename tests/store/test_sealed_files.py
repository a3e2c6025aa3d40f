"""Sealed files are read alike whichever connection remembers them."""

from pathlib import Path

import msgspec
import numpy as np

from bocage.store.embedded.home import EmbeddedStore
from bocage.store.embedded.sealed_files import SealedFiles

from .batches import DAY, T0, batch


def test_a_connection_that_opened_many_files_gives_way_to_another(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "log", every=3600)
    store.append(batch([1] * 20, T0 + np.arange(20) * DAY, np.arange(20))).result(9)
    store.seal(T0 + 40 * DAY)
    store.close()
    store = EmbeddedStore(tmp_path / "log", every=3600)  # memory holds none of them now
    [month] = store._reader.files.manifest.months
    files = store._reader._sealed_files = SealedFiles(remembered=1)
    first = files._con
    assert store.window(1, T0, T0 + 3 * DAY).number.tolist() == [0.0, 1.0, 2.0]
    assert files._con is first
    files._cursor([msgspec.structs.replace(month, file="another.parquet")])
    assert files._con is not first
    assert store.window(1, T0 + 3 * DAY, T0 + 5 * DAY).number.tolist() == [3.0, 4.0]
    store.close()
