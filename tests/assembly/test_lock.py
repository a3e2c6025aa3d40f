"""A data folder has one owner."""

from pathlib import Path

import pytest

from bocage.assembly.lock import held
from bocage.domain.errors import Unavailable


def test_a_second_owner_is_told_who_has_the_folder(tmp_path: Path) -> None:
    with held(tmp_path / "lock"), pytest.raises(Unavailable, match="process"), held(tmp_path / "lock"):
        pass


def test_the_folder_is_free_again_after(tmp_path: Path) -> None:
    with held(tmp_path / "lock"):
        pass
    with held(tmp_path / "lock"):
        pass
