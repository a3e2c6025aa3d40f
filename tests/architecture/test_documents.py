"""What can be set, called, promised or plugged in is written down; what is cited is in the list to be checked."""

import importlib.util
import re
import tomllib
from pathlib import Path

import click
import pytest

import bocage
from bocage.assembly import settings
from bocage.cli import main, reference
from bocage.commitments import all_promises
from bocage.commitments.texts import HOUSE, STUDY
from bocage.domain.kinds import KINDS
from bocage.domain.sensing import ENTITIES
from bocage.domain.themes import THEMES

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
SOURCES = Path(bocage.__file__).parent / "sources"


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def test_the_reference_of_settings_is_the_one_of_the_code() -> None:
    assert settings.reference() in page("settings.md"), "run: python scripts/write_reference.py"
    assert settings.chosen_reference() in page("settings.md"), "run: python scripts/write_reference.py"


def test_the_reference_of_commands_is_the_one_of_the_code() -> None:
    assert reference.commands(main.bocage) in page("commands.md")


def test_every_command_says_what_it_does() -> None:
    for path, command in reference.walked(main.bocage):
        assert command.help, path
        assert command.help.strip().split("\n")[0].endswith("."), path
        for parameter in command.params:
            if isinstance(parameter, click.Option) and parameter.name not in {"port", "help"}:
                assert parameter.help, f"{path} {parameter.name}"


def test_every_promise_has_its_section() -> None:
    for promise in all_promises():
        assert f"`{promise.code}`" in page("promises.md")


def test_every_source_is_described_on_the_page_and_in_its_folder() -> None:
    for folder in sorted(path.parent for path in SOURCES.glob("*/__init__.py")):
        plugin = importlib.import_module(f"bocage.sources.{folder.name}").PLUGIN
        assert f"`{plugin.id}`" in page("sources.md")
        assert (folder / "README.md").is_file(), folder.name


def test_every_text_of_law_is_in_the_list_to_be_checked() -> None:
    listed = page("legal.md")
    for promise in all_promises():
        for text in promise.references:
            if text.text not in {STUDY, HOUSE}:
                assert f"| {text.article} |" in listed, f"{promise.code}: {text.text} {text.article}"


def test_every_library_is_explained() -> None:
    listed = page("decisions/0002-dependencies.md")
    project = tomllib.loads((DOCS.parent / "pyproject.toml").read_text("utf-8"))["project"]
    for wanted in (
        *project["dependencies"],
        *(one for extra in project["optional-dependencies"].values() for one in extra),
    ):
        name = re.split(r"[<>=\[]", wanted)[0]
        assert name in listed, name


@pytest.mark.parametrize("name", sorted(path.name for path in DOCS.glob("*.md")))
def test_every_link_of_a_page_leads_somewhere(name: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)", page(name)):
        assert target.startswith(("http:", "https:")) or (DOCS / target).exists(), f"{name} leads to {target}"


def test_the_page_on_registers_is_the_one_of_the_code() -> None:
    script = DOCS.parent / "scripts" / "write_registers.py"
    spec = importlib.util.spec_from_file_location("write_registers", script)
    assert spec
    assert spec.loader
    writing = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(writing)
    assert writing.page() == page("registers.md"), "run: python scripts/write_registers.py"


def test_who_reads_each_kind_is_said() -> None:
    readers = tomllib.loads((DOCS / "registers.toml").read_text("utf-8"))
    assert set(readers) == {kind for theme in THEMES for kind in theme.kinds}
    assert all(readers.values())


def test_every_kind_stands_in_one_theme() -> None:
    kinds = [kind for theme in THEMES for kind in theme.kinds]
    assert sorted(kinds) == sorted([*KINDS, *(entity.kind for entity in ENTITIES)])
