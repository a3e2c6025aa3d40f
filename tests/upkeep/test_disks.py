"""Folders on parts of one disk are told to lie on one disk."""

import os
from pathlib import Path

from bocage.upkeep.disks import existing, free, same_disk


def device(path: Path) -> str:
    number = path.stat().st_dev
    return f"{os.major(number)}:{os.minor(number)}"


def test_a_folder_and_one_that_is_not_there_yet_lie_where_the_nearest_folder_lies(tmp_path: Path) -> None:
    assert same_disk(tmp_path, tmp_path / "not" / "yet")
    assert existing(tmp_path / "not" / "yet") == tmp_path
    assert free(tmp_path / "not") > 0


def test_two_file_systems_on_parts_of_one_disk_die_together(tmp_path: Path) -> None:
    blocks, disk = tmp_path / "block", tmp_path / "sda"
    blocks.mkdir()
    for name in ("sda1", "sda2"):
        (disk / name).mkdir(parents=True)
        (disk / name / "partition").touch()
    mapped = tmp_path / "dm-0"
    (mapped / "slaves").mkdir(parents=True)
    (mapped / "slaves" / "sda2").symlink_to(disk / "sda2")
    (blocks / device(tmp_path)).symlink_to(disk / "sda1")
    memory = Path("/dev/shm")
    (blocks / device(memory)).unlink(missing_ok=True)
    (blocks / device(memory)).symlink_to(mapped)
    assert same_disk(tmp_path, memory, blocks)


def test_file_systems_of_different_disks_are_told_apart(tmp_path: Path) -> None:
    blocks = tmp_path / "block"
    blocks.mkdir()
    for name, place in (("sda", tmp_path), ("sdb", Path("/dev/shm"))):
        (tmp_path / name).mkdir()
        (blocks / device(place)).symlink_to(tmp_path / name)
    assert not same_disk(tmp_path, Path("/dev/shm"), blocks)
    assert not same_disk(tmp_path, Path("/dev/shm"), tmp_path / "nothing")
