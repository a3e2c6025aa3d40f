"""The table of what carries each recommendation out leaves none of them out, and names what exists."""

from pathlib import Path

from bocage.commitments import all_promises
from bocage.commitments.carried import carried

ROOT = Path(__file__).resolve().parent.parent.parent


def test_every_recommendation_has_its_line_and_what_it_names_exists() -> None:
    lines = carried()
    assert [line.number for line in lines if line.number.startswith("R")] == [
        *("R1", "R2", "R3", "R4", "R6", "R11", "R16", "R17", "R19", "R20", "R23", "R30", "R33", "R36", "R38"),
        *("R39", "R45", "R46", "R47", "R48", "R49"),
    ]
    for line in lines:
        assert (ROOT / "src" / f"{line.module.replace('.', '/')}.py").exists()
        assert [name for name in line.tests if not (ROOT / name).exists()] == []


def test_the_table_names_every_story_that_is_told_and_no_other() -> None:
    told = {f"tests/stories/{path.name}" for path in (ROOT / "tests" / "stories").glob("*.toml")}
    assert {name for line in carried() for name in line.tests if name.startswith("tests/stories/")} == told


def test_every_promise_has_its_line() -> None:
    assert len(carried()) == len(all_promises())
