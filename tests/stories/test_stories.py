"""Every gate and duty as a story told from outside: declared over HTTP, answered, and then found by everyone."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bocage.commitments import all_promises
from bocage.commitments.promise import Moment, Promise

from .town import Town, town

__all__ = ["town"]

HERE = Path(__file__).parent
TOLD = {path.stem: tomllib.loads(path.read_text(encoding="utf-8"))["story"] for path in sorted(HERE.glob("*.toml"))}
ASKED = {
    Moment.DECLARE: ("put", "change"),
    Moment.INGEST: ("push",),
    Moment.PUBLISH: ("take",),
    Moment.PRINT: ("print",),
    Moment.ACT: ("order",),
}
"""What a step does where each gate is asked."""
Step = dict[str, Any]


def stories() -> Iterator[Any]:
    for promise, told in TOLD.items():
        for story in told:
            yield pytest.param(story["step"], id=f"{promise}: {story['sentence']}")


@pytest.mark.parametrize("steps", list(stories()))
def test_a_story_goes_as_it_is_told(town: Town, steps: list[Step]) -> None:
    try:
        for step in steps:
            _play(town, step)
    finally:
        town.tidy()


def _play(town: Town, step: Step) -> None:
    town.share(step.get("share", []))
    if "give" in step:
        town.give(step["give"])
    if "place" in step:
        town.place(step["place"], step["body"])
    if "before" in step:
        town.before(step["before"], step["body"])
    if "ask" in step:
        town.ask(step["ask"], step["body"])
    if "strand" in step:
        town.strand(step["strand"])
    if "rescue" in step:
        town.rescue()
    refusals = _asked(town, step)
    assert refusals == sorted(step.get("refused", [])), step
    if "hour" in step:
        town.hour()
    _seen(town, step)


def _asked(town: Town, step: Step) -> list[str]:
    """What the gate refuses of a step."""
    if "put" in step:
        return town.put(step["put"], step["body"])
    if "change" in step:
        return town.change(step["change"], step.get("body", {}), step.get("without", []))
    if "push" in step:
        return town.push(step["push"], step.get("seconds", [0]))
    if "take" in step:
        return town.take(step["take"])
    if "order" in step:
        return town.order(step["order"], step["body"])
    return town.print(step["print"]) if "print" in step else []


def _seen(town: Town, step: Step) -> None:
    """What everyone reads afterwards."""
    found, mended = step.get("found", ()), step.get("mended", ())
    if found or mended:
        now = town.found()
        assert [one for one in found if not _told(one, now)] == [], now
        assert [one for one in mended if _told(one, now)] == [], now
    unchecked, checked = set(step.get("unchecked", ())), set(step.get("checked", ()))
    if unchecked or checked:
        waits = {one["code"] for one in town.told() if one["standing"] == "cannot-be-checked-yet"}
        assert (unchecked - waits, checked & waits) == (set(), set())


def _told(wanted: str, findings: list[tuple[str, str]]) -> bool:
    """Whether that is found: by its code, and by what it is found of where a name is given (`code: name`)."""
    code, _colon, name = wanted.partition(": ")
    return any(one == code and name in what for one, what in findings)


def test_every_gate_is_told_both_ways() -> None:
    """Refused in one step, permitted to the very same thing in another one of the same story."""
    gates = [(promise, moment) for promise in all_promises() for moment in promise.gates]
    assert [f"{promise.code}: {moment}" for promise, moment in gates if not _both_ways(promise, moment)] == []


def _both_ways(promise: Promise, moment: Moment) -> bool:
    return any(
        {place for verb, place, step in _done(story, moment) if _refuses(promise, step)}
        & {place for verb, place, step in _done(story, moment) if not step.get("refused")}
        for story in TOLD.get(promise.code, ())
    )


def _done(story: Step, moment: Moment) -> list[tuple[str, str, Step]]:
    """The steps of a story that ask the gates of this moment, with what they ask them for."""
    verbs = ASKED[moment]
    return [(verb, step[verb].partition("?")[0], step) for step in story["step"] for verb in verbs if verb in step]


def _refuses(promise: Promise, step: Step) -> bool:
    return any(code.startswith(f"{promise.code}.") for code in step.get("refused", ()))


def test_every_duty_is_told_both_ways() -> None:
    """Found in one step, mended in another one of the same story; or not to be checked, then checked."""
    lacking = [
        f"{promise.code}: {duty.name}"
        for promise in all_promises()
        for duty in promise.duties
        if not any(_mended(promise, story, duty.codes or promise.codes) for story in TOLD.get(promise.code, ()))
    ]
    assert lacking == []


def _mended(promise: Promise, story: Step, codes: tuple[str, ...]) -> bool:
    steps = story["step"]
    found, mended = (
        {code.partition(":")[0] for step in steps for code in step.get(name, ())} for name in ("found", "mended")
    )
    if set(codes) == {"kept"}:
        found, mended = (
            {f"{code}.kept" for step in steps for code in step.get(name, ())} for name in ("unchecked", "checked")
        )
    return any(f"{promise.code}.{code}" in found & mended for code in codes)


def test_every_story_is_the_story_of_a_promise() -> None:
    assert set(TOLD) == {promise.code for promise in all_promises()}
