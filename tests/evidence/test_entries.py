"""The published entry of a rule is written, changed and withdrawn with it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bocage import evidence, registers, sensing
from bocage.accounts import OPERATOR
from bocage.domain.algorithm import Algorithm
from bocage.domain.declaration import Declaration, Key
from bocage.domain.errors import Refused
from bocage.domain.measure import Aggregate, Measure, Period
from bocage.domain.purpose import Purpose
from bocage.domain.rule import Comparison, Constant, Operator, Rule, Usual
from bocage.domain.sensing import Datastream, Thing
from bocage.domain.source import Source
from bocage.domain.text import Text
from bocage.evidence import Choice, Put, PutEntity, Withdraw

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MARAIS = Path(evidence.__file__).parent.parent / "cli" / "demonstration" / "marais"
BICYCLES = "velo-pont-morand-par-mois"
SAME = Choice(rebase=False)
RULE = Rule(
    title=Text(fr="Passages en baisse", en="Fewer passages"),
    called=Text(fr="le nombre de vélos", en="the number of bicycles"),
    service="voirie",
    condition=Comparison(
        measure=Measure(datastreams=(BICYCLES,), aggregate=Aggregate.SUM, period=Period.WEEK),
        operator=Operator.BELOW,
        than=Usual(percent=40),
    ),
)


@pytest.fixture
def marais(db: Path) -> str:
    evidence.apply(MARAIS, "", OPERATOR, AT, SAME)
    return "marais"


def key(kind: str, slug: str = "baisse") -> Key:
    return Key(territory="marais", kind=kind, slug=slug)


def put(body: Declaration, slug: str = "baisse", at: datetime = AT) -> evidence.Changed:
    return evidence.change("marais", OPERATOR, [Put(key=key(body.kind, slug), body=body, expected=-1)], at)


def entry() -> Algorithm:
    found = registers.find(key("algorithm"))
    assert found is not None
    assert isinstance(found.body, Algorithm)
    return found.body


def decides(lang: str = "fr") -> str:
    said = entry().decides
    return "" if said is None else said.read(lang)[0]


def changed(body: Any, **more: Any) -> Any:
    return msgspec.structs.replace(body, **more)


def test_writing_a_rule_publishes_it(marais: str) -> None:
    written = put(RULE)
    assert [one.key.kind for one in written.entries] == ["rule", "algorithm"]
    assert entry().title == RULE.title
    assert entry().rule == "baisse"
    assert entry().service == "voirie"
    assert entry().purposes == ("deplacements",)
    assert entry().since == date(2026, 11, 23)
    assert decides("en").startswith("When the number of bicycles falls 40% below its usual value for one week, ")


def test_changing_a_rule_changes_its_entry_and_keeps_what_people_wrote_beside_it(marais: str) -> None:
    put(RULE)
    put(changed(entry(), contact=Text(fr="Accueil de la mairie"), human_way=Text(fr="Au guichet")))
    put(changed(RULE, active=False, title=Text(fr="Autre nom")), at=AT + timedelta(days=3))
    assert entry().title == Text(fr="Autre nom")
    assert not entry().in_force
    assert entry().contact == Text(fr="Accueil de la mairie")
    assert entry().human_way == Text(fr="Au guichet")
    assert entry().since == date(2026, 11, 23), "a rule that changes still runs since it was written"


def test_a_hand_does_not_change_what_a_rule_says_of_itself(marais: str) -> None:
    put(RULE)
    before = entry()
    put(changed(before, title=Text(fr="Rien à voir"), in_force=False, rule="", since=date(2020, 1, 1)))
    assert entry() == before


def test_withdrawing_a_rule_withdraws_its_entry_and_the_entry_never_goes_alone(marais: str) -> None:
    put(RULE)
    with pytest.raises(Refused) as refused:
        evidence.change(marais, OPERATOR, [Withdraw(key=key("algorithm"))], AT)
    assert [one.code for one in refused.value.refusals] == ["entry-of-a-rule"]
    evidence.change(marais, OPERATOR, [Withdraw(key=key("rule"))], AT)
    assert registers.find(key("rule")) is None
    assert registers.find(key("algorithm")) is None


def test_nothing_is_published_when_the_rule_is_refused(marais: str) -> None:
    with pytest.raises(Refused):
        put(changed(RULE, service="inconnu"))
    assert registers.count(marais)["algorithm"] == 0


def test_an_entry_follows_the_names_it_is_made_of(marais: str) -> None:
    put(changed(RULE, called=None))
    placed = sensing.find(marais, "datastream", BICYCLES)
    assert placed is not None
    assert isinstance(placed.entity, Datastream)
    thing = sensing.find(marais, "thing", placed.entity.thing)
    assert thing is not None
    renamed = changed(thing.entity, title=Text(fr="Pont renommé"))
    assert isinstance(renamed, Thing)
    evidence.change(marais, OPERATOR, [PutEntity(slug=placed.entity.thing, entity=renamed)], AT)
    assert "Pont renommé" in decides()


def test_a_place_where_persons_live_is_not_named(marais: str) -> None:
    put(changed(RULE, called=None))
    placed = sensing.find(marais, "datastream", BICYCLES)
    assert placed is not None
    assert isinstance(placed.entity, Datastream)
    purpose, source = registers.find(key("purpose", "deplacements")), registers.find(key("source", "compteurs-velo"))
    assert purpose is not None
    assert source is not None
    private = changed(purpose.body, personal=True, legal_basis="public-task")
    assert isinstance(private, Purpose)
    assert isinstance(source.body, Source)
    thing = sensing.find(marais, "thing", placed.entity.thing)
    assert thing is not None
    home = changed(thing.entity, public_space=False, title=Text(fr="Chez quelqu'un"))
    evidence.change(marais, OPERATOR, [PutEntity(slug=thing.slug, entity=home)], AT)
    assert "Chez quelqu" in decides()
    evidence.change(marais, OPERATOR, [Put(key=key("purpose", "deplacements"), body=private, expected=-1)], AT)
    assert "Chez quelqu" not in decides()
    put(changed(RULE, called=Text(fr="le compteur de Jeanne Martin")))
    assert "Jeanne" not in decides(), "words for agents may tell whose it is"


@pytest.mark.parametrize("both", [True, False])
def test_applying_a_folder_with_the_rule_alone_or_with_its_entry_gives_the_same(
    marais: str, tmp_path: Path, both: bool
) -> None:
    put(RULE)
    put(changed(entry(), contact=Text(fr="Accueil")))
    evidence.export(marais, tmp_path)
    path = tmp_path / "rule" / "baisse.toml"
    path.write_text(path.read_text("utf-8").replace("percent = 40.0", "percent = 55.0"), "utf-8")
    if not both:
        (tmp_path / "algorithm" / "baisse.toml").unlink()
    evidence.apply(tmp_path, marais, OPERATOR, AT)
    assert "55" in decides()
    assert entry().contact == Text(fr="Accueil")
    again = evidence.apply(tmp_path, marais, OPERATOR, AT, SAME)
    assert again.counts["same"] == len(again.steps)
    pruned = evidence.apply(tmp_path, marais, OPERATOR, AT, Choice(prune=True, rebase=False))
    assert pruned.counts["same"] == len(pruned.steps), "the entry of a rule that stays is not taken away"


def test_pruning_a_rule_takes_its_entry_along(marais: str, tmp_path: Path) -> None:
    put(RULE)
    evidence.export(marais, tmp_path)
    for kind in ("rule", "algorithm"):
        (tmp_path / kind / "baisse.toml").unlink()
    evidence.apply(tmp_path, marais, OPERATOR, AT, Choice(prune=True))
    assert registers.count(marais)["algorithm"] == 0


def test_an_algorithm_that_is_no_rule_is_written_by_hand(marais: str) -> None:
    put(Algorithm(title=Text(fr="Prévision"), nature="model"), "prevision")  # type: ignore[arg-type]
    with pytest.raises(Refused) as refused:
        put(RULE, "prevision")
    assert [one.code for one in refused.value.refusals] == ["entry-taken"]


def test_a_constant_bound_is_published_too(marais: str) -> None:
    condition = changed(RULE.condition, than=Constant(value=120), operator=Operator.ABOVE)
    put(changed(RULE, condition=condition))
    assert "dépasse 120" in decides()
