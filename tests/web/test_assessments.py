"""Assessments of personal data go to the PIA tool of the CNIL and come back from it, losing nothing."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bocage import registers
from bocage.domain import pia
from bocage.domain.assessment import Assessment, Gravity
from bocage.domain.declaration import Key
from bocage.domain.errors import PayloadError
from bocage.domain.purpose import LegalBasis
from bocage.domain.role import RoleName
from bocage.domain.text import Text
from bocage.registers import assessed

from .world import HERE, World, purpose

DESK = f"/{HERE}/desk/protection/assessments"
KEY = Key(territory=HERE, kind="assessment", slug="comptage-des-classes")
# The shape of an export of the tool, with invented words; what Bocage does not know is there too.
EXPORTED: dict[str, Any] = {
    "pia": {
        "dbVersion": 201910230914,
        "tableName": "pia",
        "objectStore": {},
        "id": 12,
        "status": "3",
        "name": "Comptage des classes",
        "category": "",
        "author_name": "Camille Auteur",
        "evaluator_name": "Claude Évaluateur",
        "validator_name": "Dominique Valideuse",
        "dpo_status": 1,
        "dpo_opinion": "<p>Avis <strong>favorable</strong></p>",
        "dpos_names": "Sacha Délégué",
        "people_names": "Les parents",
        "concerned_people_searched_opinion": True,
        "rejection_reason": "",
        "structure_data": {"sections": [{"id": 1, "items": []}]},
        "progress": 4.0,
        "created_at": "2026-02-20T15:25:41.845Z",
        "updated_at": "2026-02-21T13:21:08.054Z",
    },
    "answers": [
        {
            "id": 1,
            "pia_id": 12,
            "reference_to": 121,
            "data": {"text": "<ul><li>Présence</li></ul>", "gauge": 0, "list": []},
        },
        {"id": 2, "pia_id": 12, "reference_to": "324", "data": {"text": None, "gauge": None, "list": ["Chiffrement"]}},
        {"id": 3, "pia_id": 12, "reference_to": 325, "data": {"text": "Peu", "gauge": 2, "list": []}},
        {"id": 4, "pia_id": 12, "reference_to": 326, "data": {"text": "", "gauge": 1, "list": []}},
        {"id": 5, "pia_id": 12, "reference_to": 345, "data": {"text": "", "gauge": 4, "list": []}},
    ],
    "measures": [{"id": 101, "pia_id": 12, "title": "Chiffrement", "content": "<div>Disque</div>", "placeholder": "x"}],
    "evaluations": [
        {"id": 9, "reference_to": "3.1.101", "gauges": {"x": 3, "y": 1}, "person_in_charge": "Alix Charge", "status": 2}
    ],
    "comments": [{"id": 1, "reference_to": 212, "for_measure": False, "description": "À revoir"}],
}
CONTENT = json.dumps(EXPORTED, ensure_ascii=False).encode()


def sent(content: bytes = CONTENT, **fields: str) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("pia.json", content), "purpose": "aerer", "assessment": "", **fields}


def test_an_export_of_the_tool_comes_back_to_the_byte_and_names_nobody_in_the_history(world: World) -> None:
    steward = world.sign_in(RoleName.DATA_ADMINISTRATOR)
    assert steward.post(DESK, sent()).status_code == 302
    body = registers.history(KEY)[0].body
    assert isinstance(body, Assessment)
    assert (body.purpose, str(body.done)) == ("aerer", "2026-02-21")
    risk, lost = body.risks
    assert (risk.severity, risk.likelihood, risk.measures) == (
        Gravity.LIMITED,
        Gravity.NEGLIGIBLE,
        Text(fr="Chiffrement"),
    )
    assert lost.severity is Gravity.MAXIMAL
    for name in ("Camille", "Claude", "Dominique", "Sacha", "Alix"):
        assert name not in repr(body)
    assert steward.get(f"{DESK}/comptage-des-classes.json").content == CONTENT


def test_what_was_declared_since_is_in_the_file_and_nothing_else_is_lost(world: World) -> None:
    browser = world.sign_in(RoleName.DATA_ADMINISTRATOR)
    browser.post(DESK, sent())
    body = registers.history(KEY)[0].body
    assert isinstance(body, Assessment)
    graver = msgspec.structs.replace(body.risks[0], severity=Gravity.MAXIMAL)
    world.put("assessment", KEY.slug, msgspec.structs.replace(body, title=Text(fr="Comptage"), risks=(graver,)), 1)
    found = browser.get(f"{DESK}/{KEY.slug}.json").json()
    wanted = json.loads(CONTENT)
    wanted["pia"]["name"] = "Comptage"
    wanted["answers"][2]["data"]["gauge"] = 4
    assert found == wanted


def test_names_are_erased_by_the_officer_alone_and_from_a_restored_copy_too(world: World, tmp_path: Path) -> None:
    from bocage.registers.tables import AssessmentFile

    admin = world.sign_in(RoleName.DATA_ADMINISTRATOR)
    admin.post(DESK, sent())
    assert admin.post(f"{DESK}/{KEY.slug}/names").status_code == 403
    officer = world.sign_in(RoleName.DPO, email="dpo@ville.example")
    officer.post(f"{DESK}/{KEY.slug}/names")
    erased = officer.get(f"{DESK}/{KEY.slug}.json").json()
    assert "Camille" not in json.dumps(erased)
    assert erased["evaluations"][0]["person_in_charge"] == ""
    assert erased["answers"] == EXPORTED["answers"]
    AssessmentFile.objects.update(body=CONTENT)
    assert assessed.again(world.parts.data / "erasures") == 1
    assert b"Camille" not in (assessed.newest(HERE, KEY.slug) or b"")


def test_an_assessment_declared_here_is_drawn_for_the_tool_from_what_runs(world: World) -> None:
    world.put(
        "purpose", "aerer", msgspec.structs.replace(purpose(), personal=True, legal_basis=LegalBasis.PUBLIC_TASK), 1
    )
    body = pia.declared(pia.read(CONTENT), None)
    world.put("assessment", KEY.slug, msgspec.structs.replace(body, purpose="aerer"))
    drawn = world.sign_in(RoleName.DPO, email="dpo@ville.example").get(f"{DESK}/{KEY.slug}.json").content
    document = pia.read(drawn)
    assert {*document} == {"pia", *pia.LISTS}
    answers = {one["reference_to"]: one["data"] for one in document["answers"]}
    assert answers[111]["text"] == "Aérer les classes"
    assert answers[325]["gauge"] == 2
    again = pia.declared(document, None)
    assert (again.title, again.risks) == (body.title, body.risks)


def test_who_declares_nothing_of_it_brings_nothing_in(world: World) -> None:
    officer = world.sign_in(RoleName.DPO, email="dpo@ville.example")
    assert officer.post(DESK, sent()).status_code == 403
    assert "En reprendre une" not in officer.get(DESK).content.decode()
    assert world.sign_in(RoleName.AGENT, email="a@ville.example").get(f"{DESK}/{KEY.slug}.json").status_code == 403


def test_what_is_no_export_is_said(world: World) -> None:
    browser = world.sign_in(RoleName.DATA_ADMINISTRATOR)
    for content in (b"", b"[]", b'{"pia": {}}', b'{"pia": {"name": "x"}, "answers": "y"}', b"\xff"):
        answer = browser.post(DESK, sent(content))
        assert answer.status_code == 422
        assert "outil PIA" in answer.content.decode() or "un nom" in answer.content.decode()
    with pytest.raises(PayloadError):
        pia.read(b'{"pia": {"name": "x"}, "measures": [1]}')


def test_the_day_of_a_file_without_a_date_is_unknown() -> None:
    document = {"pia": {"name": "x", "status": 3, "updated_at": "hier"}}
    assert pia.declared(document, None).done is None
    assert pia.merged(b'{"pia":{"name":"x"}}', Assessment(title=Text(fr="x"), nature="personal-data")) == (  # type: ignore[arg-type]
        b'{"pia":{"name":"x"}}'
    )


HOSTILE = (
    b'{"pia":{"name":"x"},"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    json.dumps({"pia": {"name": "a\u0000b"}}).encode(),
    json.dumps({"pia": {"name": "a\u202eb"}}).encode(),
    b'{"pia":{"name":"\\ud800"}}',
    json.dumps({"pia": {"name": "x"}, "answers": {"325": 4}}).encode(),
)


def test_a_hostile_file_is_refused_with_what_is_expected(world: World) -> None:
    browser = world.sign_in(RoleName.DATA_ADMINISTRATOR)
    for content in HOSTILE:
        assert browser.post(DESK, sent(content)).status_code == 422
    assert registers.current(HERE, "assessment") == []


def test_answers_of_another_form_say_nothing_and_stay_in_the_file() -> None:
    answers = [
        {"reference_to": "324", "data": {"list": 5}},
        {"reference_to": "9" * 6_000, "data": {"list": []}},
        {"reference_to": "325", "data": {"gauge": 10**40}},
    ]
    document = pia.read(json.dumps({"pia": {"name": "x"}, "answers": answers}).encode())
    assert pia.risks(document) == ()
    assert document["answers"] == answers


def test_a_title_of_other_letters_has_a_name_all_the_same(world: World) -> None:
    browser = world.sign_in(RoleName.DATA_ADMINISTRATOR)
    for title in ("評価", "!?", "É" * 300):
        assert browser.post(DESK, sent(json.dumps({"pia": {"name": title}}).encode())).status_code == 302
    assert len(registers.current(HERE, "assessment")) == 3
