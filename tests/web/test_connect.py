"""Tokens shown once, files tried and handed over, things from a spreadsheet."""

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bocage.domain.role import RoleName
from bocage.domain.source import Mapping, Series, Source
from bocage.domain.text import Text
from bocage.web.desk.connect import safe_name

from .world import AT, HERE, World

CONNECT = f"/{HERE}/desk/connect"


def test_a_token_is_shown_once_and_lets_its_source_write(world: World, desk: Client) -> None:
    answer = desk.post(f"{CONNECT}/tokens/new", {"source": "capteurs", "title": "Passerelle"})
    secret = re.search(r"bocage_[\w-]+", answer.content.decode())
    assert secret is not None
    machine = world.parts.tokens.machine(secret.group(), AT)
    assert machine is not None
    assert machine.source == "capteurs"
    again = desk.get(f"{CONNECT}/tokens").content.decode()
    assert "Passerelle" in again
    assert secret.group() not in again


def test_a_revoked_token_opens_nothing_from_then_on(world: World, desk: Client) -> None:
    secret = world.parts.tokens.issue(HERE, "x", AT, source="capteurs")
    number = world.parts.tokens.listed(HERE)[0].token
    desk.post(f"{CONNECT}/tokens/revoke", {"token": str(number)})
    assert world.parts.tokens.machine(secret, AT) is None


def test_who_may_not_issue_tokens_gets_none(world: World) -> None:
    officer = world.sign_in(RoleName.SECURITY_OFFICER, email="rssi@ville.example")
    assert officer.get(f"{CONNECT}/tokens").status_code == 200
    assert officer.post(f"{CONNECT}/tokens/new", {"source": "capteurs"}).status_code == 403
    assert world.parts.tokens.listed(HERE) == []


def table() -> Source:
    columns = (Series(column="co2", key="salle-1"),)
    return Source(
        title=Text(fr="Relevés"), plugin="bocage-csv", purpose="aerer", mapping=Mapping(time="date", series=columns)
    )


def test_a_file_is_tried_row_by_row_and_nothing_is_kept(world: World, desk: Client) -> None:
    world.put("source", "releves", table())
    sheet = SimpleUploadedFile("mai.csv", b"date;co2\n2026-05-01T10:00:00Z;612\nhier;640\n")
    page = desk.post(f"{CONNECT}/preview", {"source": "releves", "file": sheet}).content.decode()
    assert "612" in page
    assert "hier" in page
    assert "personne ne l" in page
    assert world.parts.store.position() == 0


def test_a_file_handed_over_waits_in_the_folder_of_its_source(world: World, desk: Client) -> None:
    sheet = SimpleUploadedFile("../../mai 2026.csv", b"date;co2\n")
    assert desk.post(f"{CONNECT}/drop", {"source": "capteurs", "file": sheet}).status_code == 302
    folder = world.parts.data / "drop" / HERE / "capteurs"
    assert [path.name for path in folder.iterdir()] == ["mai_2026.csv"]
    assert "mai_2026.csv" in desk.get(f"{CONNECT}/drop").content.decode()


def test_a_file_name_never_leaves_its_folder() -> None:
    assert safe_name("../../etc/passwd") == "passwd"
    assert safe_name(".hidden") == "hidden"
    assert safe_name("...") == "file"
