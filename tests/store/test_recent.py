"""What memory answers by itself is what the files would answer."""

from pathlib import Path

import numpy as np

from bocage.domain.beside import PROMPT
from bocage.domain.instant import EARLIEST, LATEST
from bocage.store.columns import besides
from bocage.store.embedded.home import EmbeddedStore
from bocage.store.embedded.reader import Ask

from .batches import HOUR, T0, batch, same


def test_memory_and_files_say_the_same_whatever_came_in_which_order(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    store = EmbeddedStore(tmp_path / "log", every=60)
    answered = 0
    at = T0
    for n in range(240):
        count = int(rng.choice([1, 2, 40, 200], p=[0.6, 0.2, 0.15, 0.05]))
        late = rng.random() < 0.05
        start = at - int(rng.integers(1, 50)) * HOUR if late else at
        values = [str(n)] if rng.random() < 0.02 else rng.normal(0, 1, count).tolist()
        store.append(
            batch(
                [3] * len(values),
                start + np.arange(len(values)) * HOUR,
                values,
                correcting=bool(rng.random() < 0.05),
                reason="r",
                beside=rng.choice(np.array([None, PROMPT, '{"r":5}'], object), len(values), p=[0.6, 0.39, 0.01]),
            )
        ).result(5)
        at = max(at, start + len(values) * HOUR)
        if n % 50 == 49:
            store.drain()
        if n % 120 == 119:
            store.close()
            store = EmbeddedStore(tmp_path / "log", every=60)
        low, limit = at - int(rng.integers(1, 150)) * HOUR, int(rng.integers(1, 20))
        answered += store._fresh.recent.window(3, low, LATEST) is not None
        files = store._reader.rows(Ask(datastreams=(3,), start=low, end=LATEST))
        found = store.window(3, low, LATEST)
        assert same(found, files)
        assert besides(found).tolist() == besides(files).tolist()
        newest = store.window(3, EARLIEST, LATEST, limit=limit, newest_first=True)
        assert same(
            newest,
            store._reader.some(Ask(datastreams=(3,), start=EARLIEST, end=LATEST, limit=limit, newest_first=True)),
        )
    assert answered > 30
    store.close()
