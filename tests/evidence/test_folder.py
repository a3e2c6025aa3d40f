"""Applying a folder to a territory and writing it again."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bocage import evidence, registers, sensing
from bocage.accounts import OPERATOR
from bocage.domain.declaration import Key
from bocage.domain.errors import Refused
from bocage.evidence.applying import Choice
from bocage.registers.files import Outcome

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DEMONSTRATION = Path(evidence.__file__).parent.parent / "cli" / "demonstration"
SAME = Choice(rebase=False)


def written(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.toml"))}


def emptied() -> None:
    """Another, empty instance."""
    from django.core.management import call_command

    call_command("flush", verbosity=0, interactive=False)


@pytest.mark.parametrize("territory", ["val-de-loire", "marais"])
def test_export_then_apply_to_an_empty_instance_then_export_is_identical_to_the_byte(
    db: Path, tmp_path: Path, territory: str
) -> None:
    evidence.apply(DEMONSTRATION / territory, "", OPERATOR, AT, SAME)
    evidence.export(territory, tmp_path / "first", history=True)
    emptied()
    evidence.apply(tmp_path / "first", "", OPERATOR, AT, SAME)
    evidence.export(territory, tmp_path / "second", history=True)
    assert written(tmp_path / "first") == written(tmp_path / "second")
    assert (tmp_path / "first" / "history.jsonl").read_bytes() == (tmp_path / "second" / "history.jsonl").read_bytes()


def test_applying_twice_changes_nothing_the_second_time(db: Path) -> None:
    evidence.apply(DEMONSTRATION / "marais", "", OPERATOR, AT, SAME)
    again = evidence.apply(DEMONSTRATION / "marais", "", OPERATOR, AT, SAME)
    assert again.counts["same"] == len(again.steps)


def test_a_dry_run_says_what_it_would_do_and_writes_nothing(db: Path) -> None:
    plan = evidence.apply(DEMONSTRATION / "marais", "", OPERATOR, AT, Choice(dry=True))
    assert plan.counts["new"] == len(plan.steps) > 10
    assert plan.refusals == ()
    assert registers.territories() == []


def test_a_declaration_changed_since_it_was_exported_is_a_conflict_until_a_side_is_chosen(
    db: Path, tmp_path: Path
) -> None:
    evidence.apply(DEMONSTRATION / "marais", "", OPERATOR, AT, SAME)
    evidence.export("marais", tmp_path)
    source = sorted((tmp_path / "source").glob("*.toml"))[0]
    key = Key(territory="marais", kind="source", slug=source.stem)
    entry = registers.find(key)
    assert entry is not None
    changed = source.read_text().replace("[title]", "[title]\nen = 'Changed at the desk'", 1)
    title = entry.body.title.__class__(fr=entry.body.title.fr + " (bis)")  # type: ignore[attr-defined]
    body = entry.body.__class__(**{**{f: getattr(entry.body, f) for f in entry.body.__struct_fields__}, "title": title})
    evidence.change("marais", OPERATOR, [evidence.Put(key=key, body=body, expected=entry.version)], AT)
    source.write_text(changed.replace("\nen = '", "\nen_ = '").replace("en_ =", "# was"))
    plan = evidence.apply(tmp_path, "", OPERATOR, AT, SAME)
    assert [step.slug for step in plan.steps if step.outcome is Outcome.CONFLICT] == [source.stem]
    assert not plan.applied
    ours = evidence.apply(tmp_path, "", OPERATOR, AT, Choice(side="ours", rebase=False))
    assert ours.applied
    assert registers.find(key).body == body  # type: ignore[union-attr]
    evidence.apply(tmp_path, "", OPERATOR, AT, Choice(side="theirs"))
    assert registers.find(key).body == entry.body  # type: ignore[union-attr]


def test_absence_takes_nothing_away_unless_pruned(db: Path, tmp_path: Path) -> None:
    evidence.apply(DEMONSTRATION / "marais", "", OPERATOR, AT, SAME)
    evidence.export("marais", tmp_path)
    gone = sorted((tmp_path / "sensor-notice").glob("*.toml"))[0]
    gone.unlink()
    kept = evidence.apply(tmp_path, "", OPERATOR, AT, SAME)
    assert kept.counts["pruned"] == 0
    pruned = evidence.apply(tmp_path, "", OPERATOR, AT, Choice(prune=True))
    assert [step.slug for step in pruned.steps if step.outcome is Outcome.PRUNED] == [gone.stem]
    assert gone.stem not in [entry.key.slug for entry in registers.current("marais", "sensor-notice")]


def test_nothing_is_written_when_one_declaration_of_the_folder_is_refused(db: Path, tmp_path: Path) -> None:
    evidence.apply(DEMONSTRATION / "marais", "", OPERATOR, AT, Choice(dry=True))
    for path in (DEMONSTRATION / "marais").glob("*/*.toml"):
        copy = tmp_path / path.parent.name / path.name
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(path.read_bytes())
    for path in (tmp_path / "organisation").glob("*.toml"):
        path.unlink()
    with pytest.raises(Refused) as refused:
        evidence.apply(tmp_path, "", OPERATOR, AT, SAME)
    assert {refusal.code for refusal in refused.value.refusals} == {"reference-missing"}
    assert registers.territories() == []
    assert sensing.all("marais", "thing") == []


def test_init_writes_files_that_apply_takes(db: Path, tmp_path: Path) -> None:
    territory = evidence.init("44109", tmp_path)
    assert territory.title.fr == "Nantes"
    plan = evidence.apply(tmp_path, "", OPERATOR, AT)
    assert plan.territory == "nantes"
    assert plan.counts["new"] == 3
