"""Every command, both ways: through the socket of the process that serves, and with the lock taken."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.process import BESIDE, DEMONSTRATION, MAIN, SOURCE, Serving, beside, bocage_, declared, instance

WEATHER = DEMONSTRATION / "series" / "weather.csv"


@pytest.fixture(scope="module", params=["locked", "served"])
def settings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An instance with both territories; while it serves, commands go through its socket."""
    folder = tmp_path_factory.mktemp(request.param)
    path = instance(folder / "instance", commons="commons")
    shutil.copytree(DEMONSTRATION / "commons", folder / "instance" / "commons")
    if request.param == "locked":
        yield _filled(path, folder)
        return
    with Serving(path) as serving:
        yield _filled(path, folder)
        assert serving.stop() == 0


def _filled(path: Path, folder: Path) -> Path:
    assert "+ territory/val-de-loire" in bocage_(path, "check", declared(folder / "declared")).stdout
    bocage_(path, "apply", folder / "declared")
    bocage_(path, "apply", beside(folder / "beside"), "--territory", BESIDE)
    return path


def test_applying_again_changes_nothing(settings: Path) -> None:
    said = bocage_(settings, "apply", settings.parent.parent / "declared").stdout
    assert "0 new, 0 changed" in said


def test_a_territory_must_be_named_where_there_are_two(settings: Path) -> None:
    assert f"{BESIDE}, {MAIN}" in bocage_(settings, "commitments", code=2).stderr
    assert f"{BESIDE}, {MAIN}" in bocage_(settings, "commitments", "--territory", "atlantide", code=3).stderr


def test_what_is_exported_is_what_was_applied(settings: Path, tmp_path: Path) -> None:
    bocage_(settings, "export", tmp_path / "out", "--territory", BESIDE)
    for path in sorted((DEMONSTRATION / BESIDE).glob("*/*.toml")):
        written = (tmp_path / "out" / path.relative_to(DEMONSTRATION / BESIDE)).read_text()
        assert written.splitlines()[1:] == path.read_text().splitlines()[1:] or "\nid = " in written


def test_commitments_are_told_one_a_line(settings: Path) -> None:
    said = bocage_(settings, "commitments", "--territory", MAIN, lang="fr").stdout
    assert "Les données sont hébergées selon leur sensibilité" in said
    assert "À corriger" in said or "Tenu" in said
    assert "not-concerned" not in said
    assert "cannot-be-checked-yet" not in said
    assert "Notices" in bocage_(settings, "commitments", "--territory", MAIN).stdout or "notice" in said


def test_what_others_share_is_found_adopted_and_given_to(settings: Path, tmp_path: Path) -> None:
    assert "clause/haut-plateau/mesurer-sans-plus" in bocage_(settings, "commons", "list", "--kind", "clause").stdout
    assert "pailler-les-massifs" in bocage_(settings, "commons", "search", "paillès", "massif", lang="fr").stdout
    bocage_(settings, "commons", "search", "ornithorynque", code=3)
    name = "clause/haut-plateau/mesurer-sans-plus"
    assert 'licence = "etalab-2.0"' in bocage_(settings, "commons", "show", name).stdout
    assert (
        "+ clause/sobre" in bocage_(settings, "commons", "adopt", name, "--territory", BESIDE, "--as", "sobre").stdout
    )
    bocage_(settings, "commons", "adopt", name, "--territory", BESIDE, "--as", "sobre", code=4)
    bocage_(settings, "commons", "adopt", "clause/nobody/nothing", "--territory", BESIDE, code=3)
    bocage_(settings, "commons", "adopt", "rule/haut-plateau/nuits-trop-gourmandes", "--territory", MAIN, code=2)
    given = ("commons", "contribute", "experiment/arrosage-connecte", "--territory", MAIN, "--folder", tmp_path)
    bocage_(settings, *given, "--licence", "mine", code=2)
    assert "version 1" in bocage_(settings, *given).stdout
    assert "Resources read: 1. Faults: 0." in bocage_(settings, "commons", "check", tmp_path).stdout
    (tmp_path / "experiment" / MAIN / "broken.toml").write_text("title = \n")
    assert f"experiment/{MAIN}/broken.toml:1" in bocage_(settings, "commons", "check", tmp_path, code=2).stdout


def test_registers_can_be_made_again_and_verify(settings: Path) -> None:
    assert "versions read" in bocage_(settings, "registers", "rebuild").stdout
    assert "Nothing was altered" in bocage_(settings, "verify").stdout
    assert "Rien n’a été" in bocage_(settings, "verify", lang="fr").stdout


def test_an_account_lives_its_life(settings: Path) -> None:
    said = bocage_(settings, "account", "create", "Anne@town.example", "--role", "dpo", "--territory", BESIDE).stdout
    assert "/welcome/" in said
    bocage_(settings, "account", "create", "anne@town.example", "--territory", BESIDE, code=4)
    assert "/welcome/" in bocage_(settings, "account", "link", "anne@town.example").stdout
    assert f"anne@town.example\tanne\tdpo@{BESIDE}\t-\topen" in bocage_(settings, "account", "list").stdout.casefold()
    bocage_(settings, "account", "deactivate", "anne@town.example")
    assert "\tclosed" in bocage_(settings, "account", "list").stdout
    bocage_(settings, "account", "link", "nobody@town.example", code=3)


def test_a_token_lives_its_life(settings: Path) -> None:
    secret = bocage_(settings, "token", "issue", SOURCE, "--territory", MAIN).stdout.split()[-1]
    listed = bocage_(settings, "token", "list").stdout
    assert secret not in listed
    number = listed.split("\t")[0]
    assert f"{number}\t{MAIN}\t{SOURCE}\t-\topen" in listed
    bocage_(settings, "token", "revoke", number)
    assert "\trevoked" in bocage_(settings, "token", "list", "--territory", MAIN).stdout
    bocage_(settings, "token", "revoke", "999", code=3)
    bocage_(settings, "token", "issue", "nothing", "--territory", MAIN, code=3)


def test_a_file_is_ingested_once(settings: Path) -> None:
    first = bocage_(settings, "ingest", "station-meteo", WEATHER, "--territory", MAIN).stdout
    assert " stored" in first
    assert not first.startswith("0 stored")
    again = bocage_(settings, "ingest", "station-meteo", WEATHER, "--territory", MAIN, "--again").stdout
    assert "0 stored" in again
    bocage_(settings, "ingest", "nothing", WEATHER, "--territory", MAIN, code=3)


def test_a_folder_that_cannot_be_written_is_told(settings: Path) -> None:
    assert "/proc/nowhere" in bocage_(settings, "export", "/proc/nowhere/out", "--territory", BESIDE, code=6).stderr


def test_a_backup_holds_every_file_it_names(settings: Path, tmp_path: Path) -> None:
    said = bocage_(settings, "backup", tmp_path / "copy").stdout
    assert "Backup complete" in said
    manifest = json.loads((tmp_path / "copy" / "manifest.json").read_text())
    assert all((tmp_path / "copy" / name).is_file() for name in manifest["files"])
    bocage_(settings, "backup", tmp_path / "copy", code=4)


def test_an_upgrade_waits_until_nobody_serves(settings: Path) -> None:
    served = (settings.parent / "data" / "bocage.sock").exists()
    bocage_(settings, "upgrade", code=6 if served else 0)


def test_what_a_model_would_give_is_told_commune_by_commune_and_nothing_is_written(settings: Path) -> None:
    file = settings.parent / "communes.csv"
    file.write_text("insee;nom;refuses;refused_by;refused_why\n44001;Abbaretz;;;\n44002;Aigrefeuille;all;maire;non\n")
    before = bocage_(settings, "verify").stdout
    asked = ("bulk", file, "--model", "village", "--dry")
    said = bocage_(settings, *asked, "--territory", MAIN).stdout
    assert "44001 Abbaretz: Not here yet" in said
    assert "New: purpose/fuites-d-eau" in said
    assert "44002 Aigrefeuille: Refused by the territory" in said
    assert bocage_(settings, "verify").stdout == before
    bocage_(settings, *asked, "--territory", BESIDE, code=2)
