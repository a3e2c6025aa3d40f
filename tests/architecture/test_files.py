"""Files stay small, carry names that say something, and nothing of the machine they were written on."""

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
BANNED = {"utils", "util", "helpers", "helper", "common", "misc", "base", "core", "manager", "handler", "processor"}
BANNED |= {"data", "info", "service", "services", "tools", "lib", "stuff"}
# Written in two halves, so that this file does not hold what it looks for.
REGISTRIES = re.compile("|".join(["pypi" + r"\.org", "python" + "hosted", "npm" + r"js\.", "deb" + r"\.debian"]))
PLACES = re.compile("|".join(["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/[a-z]", r"\.\./sha" + "red"]))
UNFINISHED = re.compile("|".join(["TO" + "DO", "FIX" + "ME", "raise NotImplemented" + "Error", "lorem " + "ipsum"]))


@cache
def tracked() -> tuple[Path, ...]:
    """The files of the repository; outside of one, those of the source tree."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    names = listed.stdout.decode().split("\0") if listed.returncode == 0 else []
    return tuple(path for name in names if name and (path := ROOT / name).is_file())


def python_files() -> list[Path]:
    return sorted((ROOT / "src").rglob("*.py"))


def texts() -> list[tuple[Path, str]]:
    found = []
    for path in tracked():
        try:
            found.append((path.relative_to(ROOT), path.read_text("utf-8")))
        except UnicodeDecodeError:
            continue
    return found


def test_no_file_is_longer_than_300_lines() -> None:
    long = {str(path.relative_to(ROOT)): count for path in python_files() if (count := _lines(path)) > 300}
    assert not long


def _lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def test_every_module_is_named_after_what_it_answers_for() -> None:
    named_by_django = ROOT / "src/bocage/relational/postgres/base.py"  # a kind of database is found by this name only
    found = (path for path in python_files() if path != named_by_django)
    names = {path.stem if path.stem != "__init__" else path.parent.name for path in found}
    assert not names & BANNED
    assert not {name for name in names if name.endswith(("_utils", "_helpers", "_manager", "_handler"))}


def test_every_module_opens_with_one_sentence_on_what_it_answers_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in python_files()
        if "migrations" not in path.parts and not path.read_text("utf-8").startswith(('"""', 'r"""'))
    ]
    assert not silent


@pytest.mark.parametrize(
    ("wanted", "pattern"), [("the host of a package registry", REGISTRIES), ("a path of one machine", PLACES)]
)
def test_no_tracked_file_names(wanted: str, pattern: re.Pattern[str]) -> None:
    found = [f"{path}: {match.group()}" for path, text in texts() if (match := pattern.search(text))]
    assert not found, wanted


def test_nothing_in_the_source_is_left_for_later() -> None:
    found = [
        f"{path}: {match.group()}"
        for path, text in texts()
        if path.parts[0] == "src" and path.suffix in {".py", ".html", ".js", ".css"}
        if (match := UNFINISHED.search(text))
    ]
    assert not found


def test_the_migrations_of_a_package_follow_each_other_in_one_line() -> None:
    forked = []
    for folder in sorted((ROOT / "src" / "bocage").glob("*/migrations")):
        texts = {path.stem: path.read_text("utf-8") for path in folder.glob("[0-9]*.py")}
        followed = [name for name in texts if any(f'"{name}"' in text for text in texts.values())]
        if len(texts) - len(followed) > 1:
            forked.append((folder.parent.name, sorted(set(texts) - set(followed))))
    assert forked == []
