"""Rights requests at the desk: who may erase what names a person, and what stays."""

import pytest
from django.test import Client

from bocage import registers
from bocage.accounts.grants import grants_of
from bocage.domain.declaration import Key
from bocage.domain.role import Role, RoleName
from bocage.domain.text import Text
from bocage.registers import erasures

from .world import AT, HERE, World

HOLDER = "camille@ville.example"
ROLE = Key(territory=HERE, kind="role", slug="referente-nommee")
ADDRESS = f"/{HERE}/desk/registers/role/referente-nommee"


@pytest.fixture
def held(world: World) -> World:
    world.put("role", "referente-nommee", Role(title=Text(fr="Référente"), role=RoleName.AGENT, holder=HOLDER))
    late = Role(title=Text(fr="Référente des données"), role=RoleName.AGENT, holder=HOLDER)
    world.put("role", "referente-nommee", late, expected=1)
    return world


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


def test_the_data_protection_officer_erases_a_name_from_every_version(held: World) -> None:
    dpo = held.sign_in(RoleName.DPO, email="dpo@ville.example")
    assert "erase?field=holder" in text_of(dpo.get(f"{ADDRESS}/history"))
    asked = dpo.get(f"{ADDRESS}/erase", {"field": "holder"})
    assert "Rien ne le fera revenir" in text_of(asked)
    assert registers.find(ROLE).body.holder == HOLDER  # type: ignore[union-attr,attr-defined]
    assert dpo.post(f"{ADDRESS}/erase", {"field": "holder"}).status_code == 302
    assert [one.body.holder for one in registers.history(ROLE)] == ["", ""]  # type: ignore[attr-defined]
    assert registers.verify(HERE) == []
    listed = erasures.of(held.parts.data / "erasures", ROLE)
    assert [(one.field, one.version, bool(one.by)) for one in listed] == [("holder", 2, True)]


def test_the_rights_of_the_role_end_with_the_name_of_its_holder(held: World) -> None:
    dpo = held.sign_in(RoleName.DPO, email="dpo@ville.example")
    assert HERE in grants_of(HOLDER, AT)
    dpo.post(f"{ADDRESS}/erase", {"field": "holder"})
    assert grants_of(HOLDER, AT) == {}


def test_the_history_says_what_was_erased_when_and_by_whom(held: World) -> None:
    dpo = held.sign_in(RoleName.DPO, email="dpo@ville.example")
    dpo.post(f"{ADDRESS}/erase", {"field": "holder"})
    page = text_of(dpo.get(f"{ADDRESS}/history"))
    assert "Compte du titulaire : effacé le" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "Agent d’essai" in page
    assert HOLDER not in page
    assert "erase?field=holder" not in page
    assert "effacé" in text_of(dpo.get(f"{ADDRESS}/history/1"))
    assert "effacé" in text_of(dpo.get(f"{ADDRESS}/history/2"))


def test_nobody_else_erases_at_the_desk(held: World) -> None:
    for role in set(RoleName) - {RoleName.DPO}:
        browser = held.sign_in(role, email=f"{role.value}@ville.example")
        assert "erase?field" not in text_of(browser.get(f"{ADDRESS}/history"))
        assert browser.post(f"{ADDRESS}/erase", {"field": "holder"}).status_code == 403
    assert Client(HTTP_HOST="localhost").post(f"{ADDRESS}/erase", {"field": "holder"}).status_code == 302
    assert registers.find(ROLE).body.holder == HOLDER  # type: ignore[union-attr,attr-defined]


def test_only_what_names_a_person_is_erased(held: World) -> None:
    dpo = held.sign_in(RoleName.DPO, email="dpo@ville.example")
    for field in ("title", "unknown", ""):
        assert dpo.post(f"{ADDRESS}/erase", {"field": field}).status_code == 400
    assert dpo.post(f"/{HERE}/desk/registers/thing/ecole/erase", {"field": "holder"}).status_code == 404
    assert registers.find(ROLE).body.title.fr == "Référente des données"  # type: ignore[union-attr]
