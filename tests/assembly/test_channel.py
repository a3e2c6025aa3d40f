"""Commands through the socket behave as they do in the process."""

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bocage.assembly.channel import Listening, ask, served
from bocage.domain.decision import Refusal, WayOut
from bocage.domain.errors import BocageError, Conflict, Refused

REFUSAL = Refusal(promise="gdpr_05_purpose", code="purpose-missing", way_out=WayOut(kind="purpose"))


def _run(command: str, values: dict[str, Any], tell: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    if command == "refuse":
        raise Refused((REFUSAL,))
    if command == "fault":
        raise ZeroDivisionError
    if command == "clash":
        raise Conflict("version 2", "version 3", "look again")
    tell({"done": 1})
    return {"echo": values}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bocage.sock"


def test_a_command_answers_with_what_it_told_and_its_result(path: Path) -> None:
    listening = Listening(path, _run)
    told: list[dict[str, Any]] = []
    assert ask(path, "echo", {"a": "é"}, told.append) == {"echo": {"a": "é"}}
    assert told == [{"done": 1}]
    listening.stop()


def test_a_failure_crosses_the_socket_as_it_was_raised(path: Path) -> None:
    listening = Listening(path, _run)
    with pytest.raises(Refused) as refused:
        ask(path, "refuse", {}, lambda told: None)
    assert refused.value.refusals == (REFUSAL,)
    with pytest.raises(Conflict, match="look again"):
        ask(path, "clash", {}, lambda told: None)
    listening.stop()


def test_only_the_owner_reaches_the_socket(path: Path) -> None:
    listening = Listening(path, _run)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert served(path)
    listening.stop()
    assert not served(path)


def test_a_fault_of_a_command_is_told_and_the_next_command_is_answered(path: Path) -> None:
    listening = Listening(path, _run)
    with pytest.raises(BocageError, match="ZeroDivisionError"):
        ask(path, "fault", {}, lambda told: None)
    assert ask(path, "echo", {"a": 1}, lambda told: None) == {"echo": {"a": 1}}
    listening.stop()


def test_a_folder_may_lie_deep(tmp_path: Path) -> None:
    deep = tmp_path / ("a" * 60) / ("b" * 60)
    deep.mkdir(parents=True)
    listening = Listening(deep / "bocage.sock", _run)
    assert served(deep / "bocage.sock")
    assert ask(deep / "bocage.sock", "echo", {}, lambda told: None) == {"echo": {}}
    listening.stop()
    assert not (deep / "bocage.sock").exists()
