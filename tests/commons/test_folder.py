"""The folder of the commons: what is read of it, what is told of it, and what a hostile one does not do."""

import os
from pathlib import Path

import pytest

from bocage import commons
from bocage.commons import Library
from bocage.commons import folder as folders
from bocage.commons.folder import again
from bocage.domain.text import Text

CARD = """
[commons]
territory = "bourg"
author = "Service des écoles"
licence = "etalab-2.0"
date = 2026-05-02
"""
CLAUSE = f'subject = "data"\n[title]\nfr = "Données livrées"\n{CARD}'


def write(folder: Path, path: str, content: str | bytes = CLAUSE) -> Path:
    place = folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content.encode() if isinstance(content, str) else content)
    return place


def told(library: Library) -> list[str]:
    return [fault.place for fault in library.faults]


def test_a_file_says_what_it_is_by_its_path_and_from_whom_by_its_card(tmp_path: Path) -> None:
    write(tmp_path, "clause/bourg/donnees.toml")
    write(tmp_path, "README.md", "anything")
    write(tmp_path, ".git/config", "anything")
    write(tmp_path, "clause/bourg/README.md", "anything")
    library = commons.read(tmp_path)
    assert library.faults == ()
    (one,) = library.shared
    assert (one.name, one.card.author, one.title) == (
        "clause/bourg/donnees",
        "Service des écoles",
        Text(fr="Données livrées"),
    )


def test_what_is_written_reads_back_the_same_in_both_forms(tmp_path: Path) -> None:
    write(tmp_path, "clause/bourg/donnees.toml")
    (one,) = commons.read(tmp_path).shared
    (tmp_path / "other").mkdir()
    commons.put(tmp_path / "other", one)
    assert commons.read(tmp_path / "other").shared == (one,)
    write(
        tmp_path / "json",
        "clause/bourg/donnees.json",
        '{"subject": "data", "title": {"fr": "Données livrées"}, "commons": {"territory": "bourg", '
        '"author": "Service des écoles", "licence": "etalab-2.0", "date": "2026-05-02"}}',
    )
    assert commons.read(tmp_path / "json").shared == (one,)


@pytest.mark.parametrize(
    ("path", "content", "place"),
    [
        ("clause/bourg/a.toml", "subject = \n", "clause/bourg/a.toml:1"),
        ("clause/bourg/a.toml", CLAUSE.replace('"data"', '"nothing"'), "clause/bourg/a.toml:1"),
        ("clause/bourg/a.toml", CLAUSE.replace("etalab-2.0", "all rights reserved"), "clause/bourg/a.toml:8"),
        ("clause/bourg/a.toml", CLAUSE.replace("Service", "Ser\u202evice"), "clause/bourg/a.toml:7"),
        ("clause/autre/a.toml", CLAUSE, "clause/autre/a.toml:6"),
        ("clause/bourg/a.toml", 'subject = "data"\n[title]\nfr = "x"\n', "clause/bourg/a.toml:1"),
        ("clause/bourg/a.toml", b"subject = 'data'\n\n\xff\xfe", "clause/bourg/a.toml:3"),
        ("clause/bourg/a.toml", "x = " + "[" * 5000, "clause/bourg/a.toml:1"),
        ("clause/bourg/a.toml", "x = " + "9" * 9000, "clause/bourg/a.toml:1"),
        ("clause/bourg/a.json", '{"subject":\n "data",\n !}', "clause/bourg/a.json:3"),
        ("clause/bourg/a.json", "[" * 100_000, "clause/bourg/a.json:1"),
        ("clause/bourg/a.json", "[]", "clause/bourg/a.json:1"),
        ("clause/bourg/a.json", '{"x":' + "[" * 900 + "]" * 900 + ', "commons": {}}', "clause/bourg/a.json:1"),
        ("clause/bourg/a.toml", f"{CLAUSE}\n[x" + ".x" * 100_000 + "]", "clause/bourg/a.toml:11"),
        ("clause/bourg/a.toml", "x" + r'."\"x"' * 50_000 + " = 1", "clause/bourg/a.toml:1"),
        ("clause/bourg/a.toml", f"declaration = {{ schema = -3 }}\n{CLAUSE}", "clause/bourg/a.toml:1"),
        ("clause/bourg/a.toml", "#" * 500_000, "clause/bourg/a.toml"),
        ("clause/bourg/À côté.toml", CLAUSE, "clause/bourg/À côté.toml"),
        ("clause/bourg/a.exe", CLAUSE, "clause/bourg/a.exe"),
        ("clause/bourg/a/b.toml", CLAUSE, "clause/bourg/a"),
        ("clause/a.toml", CLAUSE, "clause/a.toml"),
        ("clauses/bourg/a.toml", CLAUSE, "clauses"),
        ("clause/bourg/a.toml", CLAUSE.replace("Données", "Donn\u202eées"), "clause/bourg/a.toml:3"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line_and_the_rest_is_read(
    tmp_path: Path, path: str, content: str | bytes, place: str
) -> None:
    write(tmp_path, path, content)
    write(tmp_path, "clause/bourg/bonne.toml")
    library = commons.read(tmp_path)
    assert told(library) == [place]
    assert [one.slug for one in library.shared] == ["bonne"]


def test_links_and_pipes_are_told_and_never_followed(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", "clause/bourg/secret.toml")
    folder = tmp_path / "commons"
    write(folder, "clause/bourg/bonne.toml")
    (folder / "clause/bourg/lien.toml").symlink_to(outside)
    (folder / "clause/autre").symlink_to(outside.parent)
    (folder / "rule").symlink_to(tmp_path / "outside/clause")
    os.mkfifo(folder / "clause/bourg/tuyau.toml")
    library = commons.read(folder)
    assert [one.slug for one in library.shared] == ["bonne"]
    assert told(library) == ["clause/autre", "clause/bourg/lien.toml", "clause/bourg/tuyau.toml", "rule"]


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    write(tmp_path, "clause/bourg/donnees.toml")
    (one,) = commons.read(tmp_path).shared
    other = tmp_path / "other"
    other.mkdir()
    (other / "clause").symlink_to(tmp_path)
    with pytest.raises(Exception, match="link"):
        commons.put(other, one)


def test_the_same_name_twice_is_told_and_the_first_stands(tmp_path: Path) -> None:
    write(tmp_path, "clause/bourg/a.toml")
    write(tmp_path, "clause/bourg/a.json", "{}")
    assert told(commons.read(tmp_path)) == ["clause/bourg/a.json:1"]


def test_only_what_changed_is_read_again(tmp_path: Path) -> None:
    write(tmp_path, "clause/bourg/a.toml")
    write(tmp_path, "clause/bourg/b.toml")
    first, seen = again(tmp_path, {})
    write(tmp_path, "clause/bourg/b.toml", CLAUSE.replace("livrées", "ouvertes, et livrées"))
    second, seen_then = again(tmp_path, seen)
    assert seen_then["clause/bourg/a.toml"] is seen["clause/bourg/a.toml"]
    assert first.mark != second.mark
    assert commons.read(tmp_path).mark == second.mark
    assert [one.title.fr for one in second.shared] == ["Données livrées", "Données ouvertes, et livrées"]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    library = commons.read(tmp_path / "nothing")
    assert library.shared == ()
    assert len(library.faults) == 1


def test_a_folder_that_never_ends_is_read_up_to_its_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(6):
        write(tmp_path, f"clause/bourg/c-{number}.toml")
    monkeypatch.setattr(folders, "MOST", 4)
    library = commons.read(tmp_path)
    assert len(library.shared) == 4
    assert len(library.faults) == 1
    monkeypatch.setattr(folders, "MOST", 100)
    monkeypatch.setattr(folders, "HEAVIEST", 2 * len(CLAUSE.encode()))
    assert len(commons.read(tmp_path).shared) == 2
