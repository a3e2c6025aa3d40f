"""The settings file is read once, and its mistakes are named."""

from pathlib import Path

import pytest

from bocage.assembly.settings import Settings, load, reference
from bocage.domain.errors import SettingError


def _file(folder: Path, text: str) -> Path:
    path = folder / "bocage.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_empty_file_gives_every_default(tmp_path: Path) -> None:
    loaded = load(_file(tmp_path, ""))
    assert loaded.settings == Settings()
    assert loaded.data == tmp_path / "data"


def test_an_unknown_setting_names_its_nearest(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="public_ulr") as said:
        load(_file(tmp_path, 'public_ulr = "https://example.org"'))
    assert said.value.values == {"near": "public_url"}


def test_a_wrong_value_is_told_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="port"):
        load(_file(tmp_path, "port = 99999"))


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="bocage init"):
        load(tmp_path / "bocage.toml")


def test_every_setting_has_its_line_in_the_reference() -> None:
    text = reference()
    assert all(f"`{name}" in text for name in Settings.__struct_fields__)
