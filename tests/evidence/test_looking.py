"""What is looked at again after a change is what looking at everything would find."""

from datetime import UTC, datetime, timedelta

import msgspec

from bocage import evidence
from bocage.commitments import examine
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.dataset import Dataset
from bocage.domain.declaration import Key, names, references
from bocage.domain.purpose import Purpose
from bocage.domain.sensing import Datastream
from bocage.evidence import PutEntity, RemoveEntity
from bocage.evidence.looking import Looking
from bocage.registers import ANY, Put

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def anew(territory: str) -> TerritoryFacts:
    """The same declarations, with nothing worked out of them yet."""
    now = evidence.facts.present(territory, AT)
    return TerritoryFacts(slug=now.slug, today=now.today, declared=now.declared, signs=now.signs)


def test_after_each_change_the_findings_are_those_of_looking_at_everything(marais: str) -> None:
    from bocage.accounts import OPERATOR

    looking = Looking()
    looking.look(evidence.facts.present(marais, AT))
    present = evidence.facts.present(marais, AT)
    slug, dataset = next(iter(present.all(Dataset).items()))
    stream, series = next(iter(present.all(Datastream).items()))
    purpose, body = next(iter(present.all(Purpose).items()))
    why = msgspec.structs.replace(body, cadence_seconds=7)
    unsaid = msgspec.structs.replace(dataset, sensitivity=None)
    bare = msgspec.structs.replace(series, dataset="")
    for change in (
        Put(key=Key(territory=marais, kind="dataset", slug=slug), body=unsaid, expected=ANY),
        PutEntity(slug=stream, entity=bare),
        PutEntity(slug=stream, entity=msgspec.structs.replace(series, id=0, cadence_seconds=77)),
        PutEntity(slug=stream, entity=msgspec.structs.replace(series, id=0, key="autre")),
        Put(key=Key(territory=marais, kind="purpose", slug=purpose), body=why, expected=ANY),
        RemoveEntity(kind="datastream", slug=stream),
        PutEntity(slug=stream, entity=msgspec.structs.replace(series, id=0)),
        Put(key=Key(territory=marais, kind="dataset", slug=slug), body=dataset, expected=ANY),
    ):
        evidence.change(marais, OPERATOR, [change], AT)
        now = evidence.facts.present(marais, AT)
        assert looking.look(now) == examine(anew(marais))
        assert now.flows() == anew(marais).flows()
        assert all(now.release(name) == anew(marais).release(name) for name in now.all(Dataset))


def test_a_duty_that_reads_nothing_that_changed_is_not_asked_again(marais: str) -> None:
    looking = Looking()
    now = evidence.facts.present(marais, AT)
    found = looking.look(now)
    same = looking.look(now.moved({("organisation", "nouvelle"): next(iter(now.declared["organisation"].values()))}))
    again = {id(one) for one in found if one.promise == "r30_data_function"}
    assert again == {id(one) for one in same if one.promise == "r30_data_function"}


def test_the_facts_are_gathered_once_and_forget_what_was_rolled_back(marais: str) -> None:
    from bocage import relational
    from bocage.accounts import OPERATOR

    before = evidence.facts.present(marais, AT)
    assert evidence.facts.present(marais, AT) is before
    slug, dataset = next(iter(before.all(Dataset).items()))
    change = Put(key=Key(territory=marais, kind="dataset", slug=slug), body=dataset, expected=ANY)
    try:
        with relational.transaction():
            evidence.change(marais, OPERATOR, [msgspec.structs.replace(change, body=_renamed(dataset))], AT)
            assert evidence.facts.present(marais, AT).one(Dataset, slug) != dataset
            raise RuntimeError
    except RuntimeError:
        pass
    assert evidence.facts.present(marais, AT).one(Dataset, slug) == dataset
    assert evidence.facts.present(marais, AT + timedelta(days=1)).today == before.today + timedelta(days=1)


def _renamed(dataset: Dataset) -> Dataset:
    return msgspec.structs.replace(dataset, title=msgspec.structs.replace(dataset.title, fr="Autrement"))


def test_what_a_declaration_names_is_asked_of_one_kind_as_of_all(marais: str) -> None:
    bodies = [body for held in evidence.facts.present(marais, AT).declared.values() for body in held.values()]
    named = [(body, kind, slug) for body in bodies for _field, kind, slug in references(type(body), body)]
    kinds = {kind for _body, kind, _slug in named}
    assert len(kinds) > 10
    assert all(names(body, kind, slug) for body, kind, slug in named)
    assert not any(names(body, kind, "nulle-part") for body in bodies for kind in kinds)
