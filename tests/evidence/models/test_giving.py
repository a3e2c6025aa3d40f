"""One model for many communes: what each gets, what it keeps of its own, what it refuses, and what stops one alone."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bocage.accounts.rights import OPERATOR, Actor
from bocage.domain.declaration import Key
from bocage.domain.errors import Invalid, PayloadError
from bocage.domain.purpose import Purpose
from bocage.domain.role import Role, RoleName
from bocage.domain.text import Text

AT = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
OWNER = "syndicat"
PURPOSE = {"title": {"fr": "Éclairer {name} quand il le faut"}, "owner": "{slug}", "retention_months": 24}
HEAD = "insee;nom;purpose/eclairage.retention_months;purpose/eclairage.questions.scoring;refuses;refused_by;refused_why"
LINES = (
    "44001;Abbaretz;;;;;",
    "44002;Aigrefeuille;12;;;;",
    "44003;Ancenis;;;purpose/eclairage;conseil municipal;déjà fait",
)


@pytest.fixture
def many(db: Path) -> Any:
    """The model, offered to three communes that are not here yet."""
    from bocage.evidence.models import keeping
    from bocage.evidence.models.draft import Draft, Model

    drafts = (
        Draft(kind="public-service", slug="eclairage", tree={"title": {"fr": "Éclairage"}, "competence": "lighting"}),
        Draft(kind="purpose", slug="eclairage", tree={**PURPOSE, "service": "eclairage"}),
    )
    kept = keeping.keep(OWNER, Model(slug="eclairage", title=Text(fr="Éclairage"), drafts=drafts), "moi", AT)
    offered(kept, LINES)
    return kept


def offered(kept: Any, lines: Sequence[str], head: str = HEAD) -> Any:
    from bocage.domain.text_table import text_cells
    from bocage.evidence.models import offering
    from bocage.evidence.models.communes import table

    return offering.offer(kept, table(text_cells("\n".join((head, *lines)).encode()), kept.model), "moi", AT)


def given(kept: Any, actor: Actor = OPERATOR, at: datetime = AT) -> dict[str, Any]:
    """What came of giving it to each, by code."""
    from bocage.evidence.models import giving, keeping
    from bocage.registers import official

    by = giving.By(actor=actor, at=at, official=official.several(one.code for one in keeping.offers(kept)))
    return {one.code: giving.give(kept, one, by) for one in keeping.offers(kept)}


def results(kept: Any, **other: Any) -> dict[str, str]:
    return {code: one.told.result.value for code, one in given(kept, **other).items()}


def purpose(slug: str) -> Purpose:
    from bocage import registers

    entry = registers.find(Key(territory=slug, kind="purpose", slug="eclairage"))
    assert entry is not None
    assert isinstance(entry.body, Purpose)
    return entry.body


def put(slug: str, kind: str, name: str, body: Any) -> None:
    from bocage import evidence

    key = Key(territory=slug, kind=kind, slug=name)
    evidence.change(slug, OPERATOR, [evidence.Put(key=key, body=body, expected=-1)], AT)


def changed(kept: Any, **tree: Any) -> Any:
    """Another revision of the model, with these fields of its purpose."""
    import msgspec

    from bocage.evidence.models import keeping

    drafts = tuple(
        msgspec.structs.replace(one, tree={**one.tree, **tree}) if one.kind == "purpose" else one
        for one in kept.model.drafts
    )
    return keeping.keep(OWNER, msgspec.structs.replace(kept.model, drafts=drafts), "moi", AT)


def test_each_commune_begins_with_the_model_filled_in_as_its_line_says_and_a_refusal_is_heard(many: Any) -> None:
    from bocage import registers
    from bocage.evidence.models import keeping

    assert results(many) == {"44001": "begun", "44002": "begun", "44003": "begun"}
    assert purpose("abbaretz").title.fr == "Éclairer Abbaretz quand il le faut"
    assert purpose("abbaretz").owner == "abbaretz"
    assert [purpose(one.slug).retention_months for one in keeping.offers(many)[:2]] == [24, 12]
    third = keeping.offer(many, "44003")
    assert third.refused["purpose/eclairage"].by == "conseil municipal"
    assert third.refused["purpose/eclairage"].why == "déjà fait"
    assert not registers.current(third.slug, "purpose")
    assert registers.current(third.slug, "public-service")


def test_giving_again_changes_nothing_and_writes_no_version(many: Any) -> None:
    from bocage import registers

    given(many)
    before = {slug: registers.revision(slug) for slug in registers.territories()}
    assert set(results(many, at=AT + timedelta(days=1)).values()) == {"same"}
    assert {slug: registers.revision(slug) for slug in registers.territories()} == before


def test_what_a_commune_changed_or_has_otherwise_outlives_a_change_of_the_model(many: Any) -> None:
    import msgspec

    given(many)
    put("abbaretz", "purpose", "eclairage", msgspec.structs.replace(purpose("abbaretz"), retention_months=6))
    later = changed(many, retention_months=36, fate="eliminate")
    assert later.revision == many.revision + 1
    outcome = given(later)
    assert outcome["44001"].told.result.value == "given"
    assert (purpose("abbaretz").retention_months, str(purpose("abbaretz").fate)) == (6, "eliminate")
    assert purpose(outcome["44002"].slug).retention_months == 12
    assert set(results(changed(later, retention_months=48)).values()) == {"same"}


def test_what_a_commune_had_of_its_own_or_withdrew_stays_so(many: Any) -> None:
    from bocage import evidence, registers
    from bocage.evidence.models import giving, keeping

    given(many)
    second = keeping.offer(many, "44002").slug
    evidence.change(
        second, OPERATOR, [evidence.Withdraw(key=Key(territory=second, kind="purpose", slug="eclairage"))], AT
    )
    later = changed(many, retention_months=36)
    found = giving.prospect(later, keeping.offer(later, "44002"), giving.By(actor=OPERATOR, at=AT))
    assert {line.kind: line.outcome.value for line in found.lines}["purpose"] == "withdrawn"
    given(later)
    assert not registers.current(second, "purpose")


def test_what_a_gate_refuses_in_one_commune_is_told_and_stops_no_other(many: Any) -> None:
    from bocage import registers

    offered(many, ("44001;Abbaretz;;oui;;;".replace("oui", "true"), *LINES[1:]))
    found = given(many)
    assert found["44001"].told.result.value == "stopped"
    assert [one.promise for one in found["44001"].told.refusals] == ["prohibited_practices"]
    assert "abbaretz" not in registers.territories()
    assert found["44002"].told.result.value == "begun"


def test_a_commune_where_somebody_is_gets_nothing_before_it_agrees_and_only_what_it_saw(many: Any) -> None:
    from bocage.evidence.models import keeping, offering
    from bocage.evidence.models.keeping import Answer

    given(many)
    role = Role(title=Text(fr="Secrétaire"), role=RoleName.DATA_ADMINISTRATOR, holder="mairie@abbaretz.example")
    put("abbaretz", "role", "secretaire", role)
    later = changed(many, retention_months=36)
    assert results(later)["44001"] == "waiting"
    one = offering.agree(later, keeping.offer(later, "44001"), Answer(by="maire", at=AT), always=False)
    assert results(later)["44001"] == "given"
    assert purpose("abbaretz").retention_months == 36
    after = changed(later, retention_months=48)
    assert results(after)["44001"] == "waiting"
    offering.refuse(after, one, ["*"], Answer(by="conseil municipal", why="nous faisons autrement", at=AT))
    assert results(after)["44001"] == "refused"
    assert purpose("abbaretz").retention_months == 36


def test_a_refusal_said_meanwhile_is_heard(many: Any) -> None:
    from bocage import registers
    from bocage.evidence.models import giving, keeping, offering
    from bocage.evidence.models.keeping import Answer
    from bocage.registers import official

    before = keeping.offer(many, "44001")
    offering.refuse(many, before, ["*"], Answer(by="conseil municipal", why="non", at=AT))
    by = giving.By(actor=OPERATOR, at=AT, official=official.several(["44001"]))
    assert giving.give(many, before, by).told.result.value == "refused"  # type: ignore[union-attr]
    assert keeping.offer(many, "44001").refused
    assert registers.territories() == []


def test_what_is_no_longer_refused_is_agreed_to_anew(many: Any) -> None:
    from bocage import registers
    from bocage.evidence.models import keeping, offering
    from bocage.evidence.models.keeping import Answer

    given(many)
    one = keeping.offer(many, "44003")
    role = Role(title=Text(fr="Secrétaire"), role=RoleName.DATA_ADMINISTRATOR, holder="mairie@ancenis.example")
    put(one.slug, "role", "secretaire", role)
    offering.agree(many, one, Answer(by="maire", at=AT), always=True)
    offering.reconsider(many, one, ["purpose/eclairage"])
    assert results(many)["44003"] == "waiting"
    assert not registers.current(one.slug, "purpose")


def test_who_agreed_once_is_not_begun_again_by_somebody_who_begins_no_territory(many: Any) -> None:
    from bocage import registers
    from bocage.evidence.models import giving, keeping, offering
    from bocage.evidence.models.keeping import Answer

    found = given(many)
    offering.agree(many, found["44001"], Answer(by="maire", at=AT), always=True)
    giving.take_back(many, found["44001"], giving.By(actor=OPERATOR, at=AT))
    assert results(many, actor=Actor(account="moi"))["44001"] == "not-yours"
    assert "abbaretz" not in registers.territories()
    assert keeping.offer(many, "44001").always


def test_a_folder_that_is_no_text_is_refused(db: Path, tmp_path: Path) -> None:
    from bocage.evidence.models import folder

    (tmp_path / "clause").mkdir()
    (tmp_path / "clause" / "un.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(Invalid):
        folder.named(str(tmp_path))


def test_somebody_of_the_syndicate_gives_nothing_where_nobody_is_yet(many: Any) -> None:
    from bocage import registers

    assert set(results(many, actor=Actor(account="moi")).values()) == {"not-yours"}
    assert registers.territories() == []


def test_what_was_given_last_can_be_taken_back_and_given_again(many: Any) -> None:
    from bocage import registers
    from bocage.evidence.models import giving

    found = given(many)
    giving.take_back(many, found["44001"], giving.By(actor=OPERATOR, at=AT))
    assert "abbaretz" not in registers.territories()
    assert results(many)["44001"] == "begun"


def test_lines_that_are_wrong_are_told_and_the_others_taken(many: Any) -> None:
    wrong = ("99999;Nulle-Part;;;;;", "44005;Chaumes;;;purpose/eclairage;;", "44007;Nantes;;;;;")
    found = offered(many, (*wrong, "44006;Assérac;;;;;"))
    assert (found.new, {one.code for one in found.wrong}) == (1, {"99999", "44005", "44007"})


def test_a_line_about_another_territory_than_its_code_says_is_told_with_its_number(many: Any) -> None:
    from bocage.evidence.models import keeping

    given(many)
    wrong = ("44006;Assérac;;;;;;abbaretz", "A/B;;;;;;;abbaretz", "99999;;;;;;;", "44001;Abbaretz;;;;;;")
    found = offered(many, wrong, f"{HEAD};territory")
    assert [(one.line, one.code) for one in sorted(found.wrong, key=lambda one: one.line)] == [
        (2, "44006"),
        (3, "A/B"),
        (4, "99999"),
    ]
    assert {one.code for one in keeping.offers(many)} == {"44001", "44002", "44003"}


@pytest.mark.parametrize(
    ("head", "failure"),
    [
        ("nom;population", PayloadError),
        ("insee;nom;Nom", PayloadError),
        ("insee;purpose/eau.retention_months", Invalid),
        ("insee;purpose/eclairage", Invalid),
    ],
)
def test_a_heading_that_names_no_commune_or_no_declaration_of_the_model_is_refused(
    many: Any, head: str, failure: type[Exception]
) -> None:
    with pytest.raises(failure):
        offered(many, ("44001;1",), head)


def test_no_file_names_a_person_and_no_draft_takes_an_address_that_may_carry_a_key(many: Any) -> None:
    from bocage.domain.source import Source
    from bocage.evidence.models import keeping
    from bocage.evidence.models.draft import Draft, Model, drawn
    from bocage.registers import shape

    tree = {"title": {"fr": "Compteurs"}, "address": "https://example.org/?key=secret", "transport": "poll"}
    assert "secret" not in repr(drawn(shape.from_plain(Source, tree), "compteurs", {"slug": OWNER}))
    model = Model(slug="bureau", title=Text(fr="Bureau"), drafts=(Draft(kind="organisation", slug="un", tree={}),))
    with pytest.raises(Invalid):
        offered(keeping.keep(OWNER, model, "moi", AT), ("44001;moi@ailleurs.example",), "insee;organisation/un.contact")


@pytest.mark.parametrize(
    ("kind", "tree"),
    [
        ("role", {"title": {"fr": "Moi"}, "role": "administrator", "holder": "moi@ailleurs.example"}),
        ("exception", {"title": {"fr": "Pour toujours"}}),
        ("organisation", {"title": {"fr": "Un"}, "contact": "une.personne@ailleurs.example"}),
    ],
)
def test_no_model_gives_rights_lifts_a_promise_or_names_a_person(kind: str, tree: dict[str, Any]) -> None:
    from bocage.evidence.models.draft import Draft, checked

    with pytest.raises(Invalid):
        checked([Draft(kind=kind, slug="un", tree=tree)])
