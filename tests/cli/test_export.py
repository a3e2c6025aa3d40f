"""What is exported and applied elsewhere is exported again identical to the byte, with its history when asked."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests.process import BESIDE, DEMONSTRATION, MAIN, bocage_, instance


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The settings of an instance with both demonstration territories."""
    path = instance(tmp_path_factory.mktemp("lived"))
    for territory in (MAIN, BESIDE):
        copy = shutil.copytree(DEMONSTRATION / territory, path.parent / territory)
        bocage_(path, "apply", copy, "--territory", territory)
    return path


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _numbers(settings: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(settings.parent / "data" / "relational.sqlite")) as database:
        return database.execute("SELECT id, territory, slug FROM sensing_datastream ORDER BY id").fetchall()


@pytest.mark.parametrize("history", [False, True], ids=["current", "history"])
def test_export_apply_export_is_identical_to_the_byte(lived: Path, tmp_path: Path, history: bool) -> None:
    carried = ["--history"] if history else []
    empty = instance(tmp_path / "empty")
    for territory in (MAIN, BESIDE):
        first, second = tmp_path / f"{territory}-1", tmp_path / f"{territory}-2"
        bocage_(lived, "export", first, "--territory", territory, *carried)
        before = _files(first)
        bocage_(empty, "apply", first, "--territory", territory)
        bocage_(empty, "export", second, "--territory", territory, *carried)
        assert _files(second) == before
        assert _files(first) == before
    assert _numbers(empty) == _numbers(lived)
    assert "Nothing was altered" in bocage_(empty, "verify").stdout


def test_what_changed_on_both_sides_is_a_conflict_until_a_side_is_told(lived: Path, tmp_path: Path) -> None:
    settings, folder = instance(tmp_path / "instance"), tmp_path / "files"
    bocage_(lived, "export", folder, "--territory", BESIDE)
    bocage_(settings, "apply", folder)
    touched = [folder / "sensor" / "compteur-velo.toml", folder / "purpose" / "deplacements.toml"]
    exported = {path: path.read_text() for path in touched}
    _retitled(exported, "Ici")
    bocage_(settings, "apply", folder)
    _retitled(exported, "Là-bas")  # from the former export, as somebody does who did not see the change
    said = bocage_(settings, "apply", folder, code=4).stdout
    assert "! purpose/deplacements" in said
    assert "! sensor/compteur-velo" in said
    assert "settled: 2" in bocage_(settings, "apply", folder, "--ours").stdout
    bocage_(settings, "export", tmp_path / "ours", "--territory", BESIDE)
    assert all('fr = "Ici : ' in (tmp_path / "ours" / path.relative_to(folder)).read_text() for path in touched)


def _retitled(files: dict[Path, str], place: str) -> None:
    for path, text in files.items():
        path.write_text(text.replace('fr = "', f'fr = "{place} : ', 1))


def test_theirs_takes_the_files_and_prune_withdraws_what_has_none(lived: Path, tmp_path: Path) -> None:
    settings, folder = instance(tmp_path / "instance"), tmp_path / "files"
    bocage_(lived, "export", folder, "--territory", BESIDE)
    bocage_(settings, "apply", folder)
    path = folder / "act" / "arrete-regularisation.toml"
    path.write_text(path.read_text().replace('fr = "', 'fr = "B : ', 1))
    assert "~ act/arrete-regularisation" in bocage_(settings, "check", folder).stdout
    bocage_(settings, "apply", folder, "--theirs")
    gone = sorted(folder.glob("datastream/voiture-*.toml"))
    for one in [*gone, *folder.glob("thing/voiture-*.toml")]:
        one.unlink()
    said = bocage_(settings, "apply", folder).stdout
    assert "0 withdrawn" in said
    said = bocage_(settings, "apply", folder, "--prune").stdout
    assert all(f"- datastream/{one.stem}" in said for one in gone)
    bocage_(settings, "export", tmp_path / "after", "--territory", BESIDE)
    assert not list((tmp_path / "after").glob("datastream/voiture-*.toml"))
    assert 'fr = "B : ' in (tmp_path / "after" / path.relative_to(folder)).read_text()
