"""Where thousands of things are to be mended no page carries them all: they come in parts, and each is reached."""

import re

import msgspec
from django.test import Client

from bocage import evidence
from bocage.accounts import OPERATOR
from bocage.domain.declaration import Key

from .world import AT, HERE, World, purpose

ALL = 120


def many(world: World) -> None:
    """Purposes for which nobody answers yet: each is a thing to mend."""
    body = msgspec.structs.replace(purpose(), owner="")
    puts = [evidence.Put(key=Key(territory=HERE, kind="purpose", slug=f"essai-{n:03}"), body=body) for n in range(ALL)]
    evidence.change(HERE, OPERATOR, puts, AT)


def found(client: Client, address: str) -> tuple[set[str], str]:
    answer = client.get(f"/{HERE}/{address}")
    assert answer.status_code == 200
    text = answer.content.decode()
    return set(re.findall(r"essai-\d{3}", text)), text


def test_the_desk_shows_some_and_leads_to_all_in_parts(world: World, desk: Client) -> None:
    many(world)
    some, text = found(desk, "desk/promises")
    assert len(some) == 50
    assert 'href="?promise=gdpr_30_owner"' in text
    parts = [found(desk, f"desk/promises?promise=gdpr_30_owner&page={n}")[0] for n in (1, 2, 3)]
    assert len(set.union(*parts)) == ALL
    assert max(map(len, parts)) == 50


def test_residents_read_them_in_parts_too(world: World) -> None:
    many(world)
    reader = Client(HTTP_HOST="localhost")
    texts = [found(reader, f"promises/gdpr_30_owner?page={n}")[1] for n in (1, 2, 3)]
    assert [text.count('class="finding"') for text in texts] == [50, 50, ALL - 100]
