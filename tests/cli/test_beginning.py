"""How an instance begins, and how commands speak when something is wrong."""

from pathlib import Path

from tests.process import bocage_, instance

from bocage.assembly.beginning import begun
from bocage.assembly.settings import Settings


def test_a_town_begins_from_its_code_with_what_states_no_fact_of_its_size(tmp_path: Path) -> None:
    settings = tmp_path / "nantes" / "bocage.toml"
    said = bocage_(settings, "init", "--insee", "44109", "--size", "auto", tmp_path / "nantes").stdout
    assert "Nantes (44109)" in said
    bocage_(settings, "apply", settings.parent / "declarations")
    assert "nantes: 9 versions" in bocage_(settings, "verify").stdout
    bocage_(settings, "init", "--insee", "44109", tmp_path / "nantes", code=4)


def test_an_unknown_code_is_missing(tmp_path: Path) -> None:
    bocage_(tmp_path / "bocage.toml", "init", "--insee", "99999", tmp_path / "nowhere", code=3)
    assert not (tmp_path / "nowhere" / "bocage.toml").exists()
    said = bocage_(tmp_path / "x", "init", "--insee", "4410", tmp_path / "no", code=3, lang="fr_FR.UTF-8").stderr
    assert "un code INSEE de commune" in said
    assert "vouliez-vous dire" in said


def test_failures_are_told_in_the_language_of_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "bocage.toml"
    assert "settings file is wrong" in bocage_(path, "verify", code=2).stderr
    assert "fichier de réglages" in bocage_(path, "verify", code=2, lang="fr_FR.UTF-8").stderr
    assert "bocage init" in bocage_(path, "verify", code=2).stderr


def test_a_misspelt_option_is_said(tmp_path: Path) -> None:
    assert "No such option" in bocage_(tmp_path / "x", "serve", "--secnods", "3", code=2).stderr


def test_where_nobody_has_an_account_the_link_of_the_first_person_is_said(tmp_path: Path) -> None:
    settings = instance(tmp_path)
    said = bocage_(settings, "serve", "--seconds", "0.5").stdout
    assert "/first/" in said
    assert "/first/" not in bocage_(settings, "account", "list").stdout
    bocage_(settings, "account", "create", "chef@ville.example", "--role", "administrator")
    assert bocage_(settings, "serve", "--seconds", "0.5").stdout == ""


def test_a_folder_without_settings_begins_an_instance(tmp_path: Path) -> None:
    loaded, new = begun(tmp_path / "bocage.toml")
    assert new
    assert loaded.settings == Settings()
    assert begun(tmp_path / "bocage.toml") == (loaded, False)


def test_a_folder_that_is_not_there_is_no_instance(tmp_path: Path) -> None:
    assert "bocage init" in bocage_(tmp_path / "nowhere" / "bocage.toml", "serve", code=2).stderr
    assert not (tmp_path / "nowhere").exists()
