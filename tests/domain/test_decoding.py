"""Types that several threads meet for the first time at the same moment."""

import subprocess
import sys

from bocage.domain.decoding import learn

MEET = """
import sys, threading, msgspec
from bocage.domain.decoding import learn
from bocage.domain.kinds import KINDS
learn()
sys.setswitchinterval(1e-6)
together = threading.Barrier(4)
def meet():
    together.wait()
    for kind in KINDS.values():
        try:
            msgspec.convert({name: {} for name in reversed(kind.__struct_fields__)}, kind)
        except msgspec.ValidationError:
            pass
threads = [threading.Thread(target=meet) for _ in range(4)]
[one.start() for one in threads]
[one.join() for one in threads]
"""


def test_threads_may_decode_every_kind_at_once_after_its_types_were_learnt() -> None:
    assert subprocess.run([sys.executable, "-c", MEET], check=False).returncode == 0


def test_types_that_cannot_be_decoded_are_left_alone() -> None:
    learn()
