"""Run by test_crash: appends counting values to five series, prints what is acknowledged, seals now and then."""

import sys
import threading
from pathlib import Path

import numpy as np

from bocage.domain.observation import ObservationBatch
from bocage.store import opened
from bocage.store.postgres.home import PostgresStore

START, STEP = 1_767_225_600_000, 3_600_000


def send(series: int, first: int, lock: threading.Lock) -> None:
    """Append for ever, three values at a time, the first of them sent before."""
    n = first
    while True:
        numbers = np.arange(max(n - 1, 0), n + 2)
        start = START + numbers * STEP
        STORE.append(
            ObservationBatch(
                datastream=np.full(len(numbers), series, np.int32),
                start=start,
                end=start,
                kind=np.zeros(len(numbers), np.uint8),
                number=numbers.astype(np.float64),
                origin=np.zeros(len(numbers), np.uint8),
            )
        ).result()
        n += 2
        with lock:
            print(f"{series} {n - 1}.", flush=True)


STORE = PostgresStore(sys.argv[1]) if sys.argv[1].startswith("postgresql://") else opened(Path(sys.argv[1]))
held = {one.datastream: one.count for one in STORE.extent()}
print("ready", flush=True)
door = threading.Lock()
for number in range(1, 6):
    threading.Thread(target=send, args=(number, held.get(number, 0), door), daemon=True).start()
while True:
    threading.Event().wait(0.4)
    newest = STORE.latest([1])
    if len(newest):
        STORE.seal(int(newest.start[0]) - 20 * 86_400_000)
