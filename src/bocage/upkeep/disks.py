"""Where folders lie: bytes free, and which of them a dying disk would take together."""

import os
import shutil
from pathlib import Path
from typing import Final

BLOCKS: Final = Path("/sys/dev/block")


def free(folder: Path) -> int:
    """Bytes free where this folder lies, or will."""
    return shutil.disk_usage(existing(folder)).free


def same_disk(first: Path, second: Path, blocks: Path = BLOCKS) -> bool:
    """Whether two folders lie on one disk, as far as the machine can tell: parts of one disk die with it.

    A disk that the machine itself is only given a slice of (a virtual one) cannot be told from another.
    """
    return bool(_disks(existing(first).stat().st_dev, blocks) & _disks(existing(second).stat().st_dev, blocks))


def existing(path: Path) -> Path:
    """The folder itself, or the nearest one above that is there."""
    return next(place for place in (path, *path.parents) if place.exists())


def _disks(device: int, blocks: Path) -> frozenset[str]:
    """The whole disks under a file system, by name; the file system itself where the machine says no more."""
    place = blocks / f"{os.major(device)}:{os.minor(device)}"
    return _under(place.resolve()) if place.exists() else frozenset({str(device)})


def _under(place: Path) -> frozenset[str]:
    if (place / "partition").exists():
        return frozenset({place.parent.name})
    below = [one.resolve() for one in sorted((place / "slaves").glob("*"))] if (place / "slaves").is_dir() else []
    return frozenset({place.name}) if not below else frozenset().union(*map(_under, below))
