"""Forms made from structs: every kind has one, and what it shows is what it reads back."""

import ast
from pathlib import Path
from typing import Annotated, Any, ClassVar

import msgspec
import pytest

from bocage import domain, words
from bocage.domain.declaration import Declaration, noted
from bocage.domain.kinds import KINDS
from bocage.domain.organisation import Organisation
from bocage.domain.purpose import ClosedQuestions, Purpose
from bocage.domain.sensing import ENTITIES, Datastream, Thing, Unit
from bocage.domain.source import Mapping, Series, Source
from bocage.domain.text import Text
from bocage.web.forms.field import Drawing, Field, drawn, tree_of
from bocage.web.forms.read import explained, read
from bocage.web.forms.slugs import free, slug

NOTHING_KNOWN = Drawing(choices=lambda kind: ())


class Sent(dict[str, list[str]]):
    """A submitted form without a browser."""

    def get(self, key: str, default: Any = "") -> Any:  # type: ignore[override]
        return self[key][-1] if self.get_list(key) else default

    def get_list(self, key: str) -> list[str]:
        return dict.get(self, key) or []

    def getlist(self, key: str) -> list[str]:
        return self.get_list(key)


def typed(fields: tuple[Field, ...]) -> Sent:
    """What a browser sends when nobody touches the form."""
    sent = Sent()
    for field in fields:
        if field.control in ("group", "rows", "row"):
            sent.update(typed(field.parts))
        elif field.control == "text":
            sent.update({f"{field.path}.{lang}": [said] for lang, said in field.value.items()})
        elif field.control == "unit":
            sent[f"{field.path}.usual"] = [field.value]
            sent.update(typed(field.parts))
        elif field.control == "position":
            sent.update({f"{field.path}.{n}": [said] for n, said in enumerate(field.value)})
        elif field.control in ("choices", "many"):
            sent[f"{field.path}.any"] = ["1"]
            sent[field.path] = list(field.value)
        elif field.control != "check" or field.value == "yes":
            sent[field.path] = [field.value]
    return sent


BODIES: list[Declaration] = [
    Purpose(
        title=Text(fr="Compter les vélos", en="Count bicycles"),
        personal=False,
        recipients=("ville",),
        retention_months=36,
        questions=ClosedQuestions(scoring=False, tracking=False),
    ),
    Source(
        title=Text(fr="Compteurs"),
        mapping=Mapping(time="date", series=(Series(column="n", key="velos"),), missing=("", "NA")),
    ),
    Thing(title=Text(fr="École"), location=(-1.55, 47.2), properties={"étage": 2}),
    Datastream(title=Text(fr="CO2"), thing="ecole", observed_property="co2", unit=Unit(symbol="ppm"), maximum=5000.0),
]


@pytest.mark.parametrize("kind", [*KINDS.values(), *ENTITIES], ids=lambda kind: kind.kind)
def test_every_kind_of_the_domain_has_a_form(kind: type[Declaration]) -> None:
    assert drawn(kind, tree_of(kind, None), NOTHING_KNOWN)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.kind)
def test_a_form_that_nobody_touches_reads_back_as_what_it_showed(body: Declaration) -> None:
    sent = typed(drawn(type(body), tree_of(type(body), body), NOTHING_KNOWN))
    found = read(type(body), sent)
    assert found.errors == {}
    assert found.body == body


def test_all_that_is_wrong_is_said_at_once_beside_its_field() -> None:
    found = read(Purpose, Sent({"title.en": ["Only English"], "retention_months": ["0"], "cadence_seconds": ["soon"]}))
    assert found.body is None
    assert set(found.errors) == {"title", "retention_months", "cadence_seconds"}
    assert found.tree["cadence_seconds"] == "soon"


def test_an_unanswered_closed_question_is_not_a_no() -> None:
    found = read(Purpose, Sent({"title.fr": ["x"], "questions.scoring": ["no"], "questions.tracking": [""]}))
    assert found.body.questions.scoring is False
    assert found.body.questions.tracking is None


def test_numbers_are_read_as_people_here_write_them() -> None:
    sent = Sent({"title.fr": ["x"], "thing": ["t"], "observed_property": ["p"], "maximum": ["1\u202f234,5"]})
    found = read(Datastream, sent)
    assert found.body.maximum == 1234.5


def test_a_wrong_siren_is_explained() -> None:
    found = read(
        Organisation, Sent({"title.fr": ["x"], "siren": ["123456789"], "country": ["FR"], "sector": ["public"]})
    )
    assert "SIREN" in next(iter(found.errors.values()))


def test_a_slug_is_made_of_the_title_and_is_free() -> None:
    assert slug("Œuvres de l'École n° 3") == "oeuvres-de-l-ecole-n-3"
    assert free("École", {"ecole"}) == "ecole-2"


class Hours(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the day."""

    start: Annotated[str, noted("From", control="clock", min_length=1)]
    end: Annotated[str, noted("Until", control="clock", min_length=1)]


class Opening(Declaration, frozen=True, kw_only=True):
    """A kind only this test knows."""

    kind: ClassVar[str] = "opening"

    things: Annotated[tuple[str, ...], noted("Things", reference="thing", min_length=1)]
    hours: Annotated[Hours | None, noted("Hours")] = None


def test_a_group_that_may_be_absent_is_absent_when_nothing_is_written_in_it() -> None:
    nothing = Sent({"things.any": ["1"], "things": ["ecole"], "hours.start": [""], "hours.end": [""]})
    assert read(Opening, nothing).body == Opening(things=("ecole",))
    half = read(Opening, Sent({**nothing, "hours.start": ["22:00"]}))
    assert half.errors == {"hours.end": "This is required."}
    written = Sent({**nothing, "hours.start": ["22:00"], "hours.end": ["06:00"]})
    assert read(Opening, written).body.hours == Hours(start="22:00", end="06:00")


def test_a_list_that_may_not_be_empty_says_so() -> None:
    assert read(Opening, Sent({"things.any": ["1"]})).errors == {"things": "Choose at least one."}


def test_what_is_ticked_comes_first_in_a_long_list() -> None:
    many = Drawing(choices=lambda kind: [(f"t{n}", f"T{n}") for n in range(20)])
    things, hours = drawn(Opening, tree_of(Opening, Opening(things=("t7", "gone"))), many)
    assert things.control == "many"
    assert things.choices[:3] == (("t7", "T7"), ("gone", "gone"), ("t0", "T0"))
    assert [part.control for part in hours.parts] == ["clock", "clock"]


def test_whatever_a_declaration_finds_wrong_with_itself_is_said_in_french() -> None:
    said = [
        text.value
        for path in sorted(Path(domain.__file__).parent.glob("*.py"))
        for check in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(check, ast.FunctionDef) and check.name == "__post_init__"
        for raised in ast.walk(check)
        if isinstance(raised, ast.Raise)
        for text in ast.walk(raised)
        if isinstance(text, ast.Constant) and isinstance(text.value, str) and " " in text.value
    ]
    assert len(said) > 10
    inside = (
        "columns of one length",
        "a slug is lower-case",
        "a letter goes to one address",
        "one line of the head of a letter",
    )
    mute = [one for one in said if words.translate(explained(f"{one} - at `$.x`")[1], "fr") == one]
    assert [one for one in mute if not one.startswith(inside)] == []
