"""The settings of the instance, set on the screen by whoever administers the whole of it."""

from django.test import Client

from bocage.accounts import people
from bocage.domain.role import RoleName

from .world import HERE, World

PAGE = f"/{HERE}/desk/settings"


def administering(world: World) -> Client:
    desk = world.sign_in(RoleName.ADMINISTRATOR, email="instance@ville.example")
    people.make_administrator(next(one.account for one in people.listed() if one.email == "instance@ville.example"))
    return desk


def test_the_public_address_is_proposed_then_set(world: World) -> None:
    desk = administering(world)
    assert 'value="http://localhost"' in desk.get(PAGE).content.decode()
    answer = desk.post(f"{PAGE}/address", {"public_url": "https://donnees.ville.example/"}, follow=True)
    assert "Fixée" in answer.content.decode()
    assert world.parts.public_url == "https://donnees.ville.example"


def test_an_address_that_is_none_is_shown_again_with_what_is_expected(world: World) -> None:
    answer = administering(world).post(f"{PAGE}/address", {"public_url": "ville"})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert world.parts.public_url == ""


def test_the_administrator_of_one_territory_does_not_set_what_holds_for_all(world: World) -> None:
    desk = world.sign_in(RoleName.ADMINISTRATOR)
    assert desk.get(PAGE).status_code == 403
    assert desk.post(f"{PAGE}/address", {"public_url": "https://x.example"}).status_code == 403
    assert world.parts.public_url == ""


def test_who_only_declares_does_not_see_the_settings(world: World) -> None:
    assert world.sign_in(RoleName.DATA_ADMINISTRATOR).get(PAGE).status_code == 403
