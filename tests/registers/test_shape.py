"""Whatever is declared reads back as the same value, from JSON, from TOML, from the shape of years ago."""

import json
from typing import Annotated, Any, ClassVar

import msgspec
import pytest
from hypothesis import given as whatever
from hypothesis import settings

from bocage.domain.declaration import Declaration, noted, references
from bocage.domain.errors import Invalid
from bocage.domain.kinds import KINDS
from bocage.domain.organisation import Organisation
from bocage.domain.purpose import Purpose
from bocage.domain.sensing import Thing
from bocage.domain.text import Text
from bocage.registers import chain, comparing, files, shape, sheets, toml

from . import given
from .strategies import declarations


def _parted(values: dict[str, Any]) -> dict[str, Any]:
    names = values.pop("name").split(" ", 1)
    return {**values, "title": {"fr": names[0]}}


def _counted(values: dict[str, Any]) -> dict[str, Any]:
    return {**values, "poles": values.get("poles", 0) * 10}


class Lamp(Declaration, frozen=True, kw_only=True):
    """A kind only this test knows, in its third shape."""

    kind: ClassVar[str] = "lamp"
    schema: ClassVar[int] = 3
    upcasts: ClassVar[dict[int, Any]] = {1: _parted, 2: _counted}

    title: Annotated[Text, noted("Name")]
    poles: Annotated[int, noted("Poles")] = 0
    keeper: Annotated[str, noted("Keeper", personal=True)] = ""


@settings(max_examples=150, deadline=None)
@whatever(declarations())
def test_what_is_declared_reads_back_the_same_from_json_and_toml(body: Declaration) -> None:
    values = msgspec.json.decode(msgspec.json.encode(shape.plain(body)))
    assert shape.from_plain(type(body), values) == body
    text = toml.text(body)
    written = toml.read(text, type(body))
    assert written.body == body
    assert written.base == shape.digest(body)
    assert toml.text(written.body) == text


def test_an_old_shape_goes_through_every_upcast_on_the_way() -> None:
    assert shape.from_plain(Lamp, {"name": "Quai nord", "poles": 4}, 1) == Lamp(title=Text(fr="Quai"), poles=40)
    assert shape.from_plain(Lamp, {"title": {"fr": "Quai"}, "poles": 4}, 2) == Lamp(title=Text(fr="Quai"), poles=40)
    text = 'declaration = { schema = 1 }\nname = "Quai nord"\n'
    assert toml.read(text, Lamp).body == Lamp(title=Text(fr="Quai"))


def test_a_sealed_version_of_an_old_shape_keeps_its_personal_values() -> None:
    secret = chain.Secret(salt=b"s", value="Camille")
    sealed = chain.Sealed(
        territory=given.TOWN, kind="lamp", slug="a", version=1, sequence=1, schema=1, author="a-1", at=given.AT,
        withdrawn=False, previous="", body={"name": "Quai nord"}, personal={"keeper": secret.digest},
    )  # fmt: skip
    sealed = chain.decode(chain.encode(sealed))
    assert chain.body_of(Lamp, sealed, {"keeper": "Camille"}) == (Lamp(title=Text(fr="Quai"), keeper="Camille"), set())
    assert chain.body_of(Lamp, sealed, {}) == (Lamp(title=Text(fr="Quai")), {"keeper"})


def test_a_shape_of_the_future_is_refused_and_says_to_upgrade() -> None:
    with pytest.raises(Invalid) as told:
        shape.from_plain(Lamp, {"title": {"fr": "Quai"}}, 4)
    assert told.value.remedy == "upgrade Bocage first"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "title"),
        ({"title": {}}, "title.fr"),
        ({"title": {"fr": " "}}, "title"),
        ({"title": {"fr": "Vélos"}, "retention_months": 0}, "retention_months"),
        ({"title": {"fr": "Vélos"}, "retention": 3}, "retention"),
        ({"title": {"fr": "Vélos"}, "questions": {"scoring": "no"}}, "questions.scoring"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(values: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as told:
        shape.from_plain(Purpose, values)
    assert told.value.values["field"] == field


def test_a_value_json_cannot_hold_is_refused_before_it_is_kept() -> None:
    with pytest.raises(Invalid):
        shape.checked(Thing(title=Text(fr="Mât"), properties={"height": float("nan")}))
    with pytest.raises(Invalid):
        shape.checked(Thing(title=Text(fr="Mât"), properties={"heights": [1, None]}))


def test_what_names_a_person_is_sealed_as_a_salted_hash() -> None:
    values, secret = chain.parted(given.ROLE, lambda size: b"\7" * size)
    assert "holder" not in values
    assert secret["holder"].value == given.ROLE.holder
    other = chain.parted(given.ROLE, lambda size: b"\b" * size)[1]
    assert secret["holder"].digest != other["holder"].digest


def test_differences_are_told_field_by_field_inside_groups_too() -> None:
    changed = msgspec.structs.replace(
        given.PURPOSE,
        retention_months=12,
        questions=msgspec.structs.replace(given.PURPOSE.questions, tracking=False),
    )
    found = [(c.name, c.label, c.before, c.after) for c in comparing.diff(given.PURPOSE, changed)]
    assert found == [
        ("retention_months", "Retention period", 24, 12),
        ("questions.tracking", _label_of_tracking(), None, False),
    ]
    assert comparing.diff(given.PURPOSE, given.PURPOSE) == []
    assert [c.name for c in comparing.diff(None, given.OWNER)] == ["title", "sector", "country", "contact"]


def _label_of_tracking() -> str:
    from bocage.domain.declaration import fields
    from bocage.domain.purpose import ClosedQuestions

    return next(note.label for note in fields(ClosedQuestions) if note.name == "tracking")


@pytest.mark.parametrize("kind", files.WRITTEN.values(), ids=lambda kind: kind.kind)
def test_every_kind_has_a_json_schema_in_the_reader_s_language(kind: type[Declaration]) -> None:
    found = sheets.schema(kind, lambda text: f"fr:{text}")
    own = found["$defs"][kind.__name__]
    assert own["title"] == f"fr:{kind.label}"
    assert all(field["title"].startswith("fr:") for field in own["properties"].values())
    json.dumps(found)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.kind)
def test_lists_never_show_what_names_a_person(kind: type[Declaration]) -> None:
    personal = {note.name for note in shape.fields(kind) if note.personal}
    assert personal.isdisjoint(note.name for note in shape.listed(kind))
    assert personal.isdisjoint(next(sheets.rows(kind, [])))


def test_columns_are_named_by_field_and_listed_ones_come_first() -> None:
    assert next(sheets.rows(Organisation, [])) == [
        "slug", "version", "title.fr", "title.en", "siren", "sector", "country", "law_enforcement",
    ]  # fmt: skip
    header = next(sheets.rows(Purpose, []))
    assert header.index("retention_months") < header.index("legal_basis") < header.index("questions.scoring")


@pytest.mark.usefixtures("db")
def test_a_document_names_no_person_unless_asked() -> None:
    entry = given.put(given.ROLE)
    assert "holder" not in sheets.document(entry)["body"]
    found = sheets.document(entry, personal=True)
    assert found["body"]["holder"] == given.ROLE.holder
    assert (found["slug"], found["version"], found["body"]["since"]) == ("un-role", 1, "2026-01-01")
    json.dumps(found)


@pytest.mark.usefixtures("db")
def test_a_row_holds_lists_between_bars_and_booleans_in_words() -> None:
    entry = given.put(msgspec.structs.replace(given.PURPOSE, recipients=("a", "b")))
    header, row = sheets.rows(Purpose, [entry])
    found = dict(zip(header, row, strict=True))
    assert found["recipients"] == "a|b"
    assert found["personal"] == "false"
    assert found["questions.scoring"] == "false"
    assert found["questions.tracking"] == ""
    assert found["title.fr"] == given.PURPOSE.title.fr


class Bulb(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a lamp."""

    maker: Annotated[str, noted("Maker", reference="organisation")] = ""
    spares: Annotated[tuple[str, ...], noted("Spares", reference="thing")] = ()


class Chandelier(Declaration, frozen=True, kw_only=True):
    """Another kind only this test knows."""

    kind: ClassVar[str] = "chandelier"

    hook: Annotated[str, noted("Hook", reference="thing")]
    middle: Annotated[Bulb | None, noted("Middle")] = None
    around: Annotated[tuple[Bulb, ...], noted("Around")] = ()


def test_what_a_part_of_a_declaration_names_is_named_by_the_declaration() -> None:
    body = Chandelier(hook="hall", middle=Bulb(maker="bulbs"), around=(Bulb(), Bulb(spares=("cellar", "attic"))))
    assert references(Chandelier, body) == [
        ("hook", "thing", "hall"),
        ("middle.maker", "organisation", "bulbs"),
        ("around.spares", "thing", "cellar"),
        ("around.spares", "thing", "attic"),
    ]
    assert references(Chandelier, Chandelier(hook="hall")) == [("hook", "thing", "hall")]
