"""Whether a time server keeps this machine's clock, as the machine itself knows; nothing is asked of the network."""

import ctypes
import shutil
import subprocess
from collections.abc import Callable
from typing import Final

UNSYNCHRONISED: Final = 0x0040  # STA_UNSYNC of <linux/timex.h>
ERROR: Final = 5  # TIME_ERROR, likewise
PATIENCE: Final = 3.0


class Timex(ctypes.Structure):
    """`struct timex` of <linux/timex.h>; with modes 0 adjtimex(2) only reads."""

    _fields_ = [
        ("modes", ctypes.c_uint),
        *((name, ctypes.c_long) for name in ("offset", "freq", "maxerror", "esterror")),
        ("status", ctypes.c_int),
        *((name, ctypes.c_long) for name in ("constant", "precision", "tolerance", "seconds", "micros", "tick")),
        *((name, ctypes.c_long) for name in ("ppsfreq", "jitter")),
        ("shift", ctypes.c_int),
        *((name, ctypes.c_long) for name in ("stabil", "jitcnt", "calcnt", "errcnt", "stbcnt")),
        ("tai", ctypes.c_int),
        ("reserved", ctypes.c_int * 11),
    ]


Ask = Callable[[], bool | None]


def synchronised(*ways: Ask) -> bool | None:
    """Whether a time server keeps the clock; None when the machine does not say (a container, another system)."""
    for way in ways or (adjtimex, timedatectl):
        found = way()
        if found is not None:
            return found
    return None


def adjtimex() -> bool | None:
    """What the kernel says; None where reading it is forbidden, as under systemd's ProtectClock."""
    call = getattr(ctypes.CDLL(None, use_errno=True), "adjtimex", None)
    if call is None:
        return None
    read = Timex(modes=0)
    state = int(call(ctypes.byref(read)))
    return None if state < 0 else state != ERROR and not read.status & UNSYNCHRONISED


def timedatectl() -> bool | None:
    """What systemd says of it, which may read it where we may not."""
    command = shutil.which("timedatectl")
    if command is None:
        return None
    asked = [command, "show", "--property=NTPSynchronized", "--value"]
    try:
        told = subprocess.run(asked, capture_output=True, text=True, timeout=PATIENCE, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    return {"yes": True, "no": False}.get(told.stdout.strip())
