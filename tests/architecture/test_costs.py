"""Tests stay quick: what starts a program is shared by the tests of a file."""

import ast
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
STARTS = {"Serving", "Mosquitto", "Server", "Popen", "sync_playwright"}
# Each test of these stops what it was given, or needs it as nobody has used it.
APART = {
    "assembly/test_brokers.py: mosquitto",
    "assembly/test_shared_broker.py: mosquitto",
    "browser/stories/test_secretary.py: link",
}


def test_no_fixture_starts_a_program_for_each_test() -> None:
    assert {f"{path.relative_to(TESTS)}: {name}" for path in TESTS.rglob("*.py") for name in dear(path)} == APART


def dear(path: Path) -> list[str]:
    """Fixtures of a file that start a program each time one of its tests asks."""
    functions = [one for one in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(one, ast.FunctionDef)]
    return [one.name for one in functions if _for_each_test(one) and _called(one) & STARTS]


def _for_each_test(function: ast.FunctionDef) -> bool:
    marks = [ast.unparse(mark) for mark in function.decorator_list]
    return any(mark.startswith("pytest.fixture") and "scope=" not in mark for mark in marks)


def _called(function: ast.FunctionDef) -> set[str]:
    return {ast.unparse(one.func).rpartition(".")[2] for one in ast.walk(function) if isinstance(one, ast.Call)}
