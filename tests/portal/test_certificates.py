"""Certificates at the desk and on the site: made, withdrawn, checked for an application; heads kept by a witness."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client, override_settings

from bocage.domain.errors import Invalid, Unavailable
from bocage.domain.instance_settings import InstanceSettings
from bocage.publish.certificate import paper
from bocage.publish.certificate.reaching import Reach

PLACE, HOME = "val-de-loire", "https://donnees.example"
WHO, OTHER = "donnees@val-de-loire.example", "agent@val-de-loire.example"


class Town:
    """The demonstration behind its addresses, at the desk and for everyone."""

    def __init__(self, instance: Any) -> None:
        self.instance, self.anyone, self.programs = instance, Client(), instance.client()
        self.asked: list[str] = []
        self.instead: dict[str, str] = {}  # what stands at an address instead of what should

    def answer(self, request: httpx.Request) -> httpx.Response:
        """What its own site answers, asked over a network that is not there."""
        self.asked.append(f"{request.headers['host']} {request.url.host}")
        path = self.instead.get(request.url.raw_path.decode(), request.url.raw_path.decode())
        if path.startswith(("/api/", "/heads", "/.well-known")):
            found = self.programs.get(path)
            return httpx.Response(found.status_code, content=found.content)
        page = self.anyone.get(path)
        return httpx.Response(page.status_code, content=page.content)

    def reach(self, address: str) -> Reach:
        """The site of a neighbour, which happens to be its own."""
        found = ["93.184.215.14"] if address.startswith(HOME) else ["10.0.0.7"]
        return Reach(address, guarded=True, transport=httpx.MockTransport(self.answer), resolve=lambda host: found)

    def desk(self, email: str = WHO) -> Client:
        """Somebody who has just signed in."""
        client = Client()
        client.cookies["bocage"] = self.instance.cookie(email)
        return client

    def post(self, place: str, email: str = WHO, **values: Any) -> Any:
        return self.desk(email).post(f"/{PLACE}/desk/certificates/{place}", values)

    def listed(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.programs.get(f"/api/{PLACE}/certificates").json()["certificates"]
        return found


@pytest.fixture(scope="module")
def town(relational_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    from tests.portal.taking import instance  # tables: only once Django is configured

    from bocage import evidence
    from bocage.accounts.chosen import Chosen
    from bocage.web.parts import Parts
    from bocage.web.settings import settings

    call_command("flush", verbosity=0, interactive=False)
    data = tmp_path_factory.mktemp("data")
    chosen = Chosen(data, InstanceSettings(public_url=HOME))
    made = Town(instance(data, chosen))
    running = made.instance.parts
    wired = {"data": data, "backups": data, "tokens": running.tokens, "chosen": chosen, "reach": made.reach}
    parts = Parts(store=running.store, clock=running.clock, **wired)
    with override_settings(**settings(hosts=("testserver",)), BOCAGE_PARTS=parts):
        assert made.post("issue", until="2027-06-30").status_code == 302
        yield made
    evidence.connect(None)
    call_command("flush", verbosity=0, interactive=False)


def test_a_certificate_is_public_once_made_and_says_how_each_promise_is_known(town: Town) -> None:
    said = town.anyone.get(f"/{PLACE}/certificates/1?lang=en").content.decode()
    assert "Valid until 30 June 2027" in said
    assert "Measured by the machine" in said
    read = paper.read(town.programs.get(f"/api/{PLACE}/certificates/1.json").content)
    assert read.sound
    assert {one.kind for one in read.certificate.registers if one.commitment} >= {"application"}
    assert not any(one.digest for one in read.certificate.registers if one.commitment)


def test_beyond_a_year_or_without_the_right_none_is_made(town: Town) -> None:
    assert town.post("issue", until="2028-06-30").status_code == 422
    assert town.post("issue", until="soon").status_code == 422
    assert town.post("issue", OTHER, until="2027-06-30").status_code in (403, 404)
    assert "/sign-in" in town.anyone.post(f"/{PLACE}/desk/certificates/issue", {"until": "2027-06-30"}).url
    assert len(town.listed()) == 1


def test_withdrawn_it_stays_with_its_reason_which_is_asked_for(town: Town) -> None:
    assert town.post("issue", until="2027-01-31").status_code == 302
    assert town.post("withdraw", number="2", fr=" ").status_code == 422
    assert town.listed()[0]["withdrawn"] is None
    assert town.post("withdraw", number="2", fr="Une origine manquait").status_code == 302
    assert town.listed()[0]["reason"] == {"fr": "Une origine manquait"}
    page = town.anyone.get(f"/{PLACE}/certificates/2").content.decode()
    assert "Une origine manquait" in page
    assert f'href="/{PLACE}/certificates/1"' in page  # the one that is valid
    assert town.post("withdraw", number="2", fr="Encore").status_code == 409


def _handed(body: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("attestation.json", body, "application/json")


def test_an_application_is_funded_on_a_certificate_that_the_machine_checked_itself(town: Town) -> None:
    from bocage.evidence.knowing import Knowing

    place = f"/api/{PLACE}/registers/application/bancs"
    person = town.instance.client(WHO)

    def put(version: dict[str, str], **values: Any) -> httpx.Response:
        answer: httpx.Response = person.put(
            place, json={"title": {"fr": "Bancs"}, **values}, headers={"Bocage-Request": "1", **version}
        )
        return answer

    by_hand = {"certificate": f"{HOME}/{PLACE}/certificates/1", "certificate_checked": "2026-11-20"}
    assert put({"If-None-Match": "*"}, **by_hand).status_code == 201
    refused = put({"If-Match": '"1"'}, state="funded", **by_hand).json()["refusals"]
    assert [one["code"] for one in refused] == ["r33_funding.certificate-unproved"]

    forged = town.programs.get(f"/api/{PLACE}/certificates/1.json").content.replace(b'"measured"', b'"attested"')
    assert town.post("check", application="bancs", file=_handed(forged)).status_code == 422
    withdrawn = town.post("check", application="bancs", address=f"{HOME}/{PLACE}/certificates/2")
    assert withdrawn.status_code == 422

    town.instead[f"/api/{PLACE}/certificates/9.json"] = f"/api/{PLACE}/certificates/1.json"
    assert town.post("check", application="bancs", address=f"{HOME}/{PLACE}/certificates/9").status_code == 422
    assert "certificate_digest" not in person.get(f"{place}.json").json()["body"]
    assert town.post("check", application="bancs", address=f"{HOME}/{PLACE}/certificates/1").status_code == 200
    assert town.asked[-1] == "donnees.example 93.184.215.14"
    noted = person.get(f"{place}.json").json()["body"]
    assert noted["certificate_digest"] == town.listed()[-1]["digest"]
    assert noted["certificate_ends"] == "2027-06-30"
    knowing = Knowing(territory=PLACE, at=town.instance.parts.clock())
    assert knowing.checked("application", "bancs") == {noted["certificate_digest"]}
    later = msgspec.structs.replace(knowing, at=datetime(2027, 7, 1, 9, tzinfo=UTC))
    assert later.checked("application", "bancs") == frozenset()  # whatever day was written beside it since
    put({"If-Match": '"2"'}, **{**noted, "state": "funded"}).raise_for_status()


@pytest.mark.parametrize(
    "body",
    [
        b"", b"\xff\xfe", b"[]", b"{}", b'{"form": "bocage certificate 1"}', b'{"a": 1, "a": 2}', b'{"a": 1.5}',
        b'{"a": NaN}', b'{"a": ' + b"9" * 400 + b"}", b"[" * 100_000, b'{"a":' * 50_000, b" " * (paper.LARGEST + 1),
        b'{"title": {"fr": ""}}', b'{"form": ["bocage"]}', b"null",
    ],
    ids=range(15),
)  # fmt: skip
def test_whatever_is_handed_over_it_is_a_certificate_or_told_as_none(town: Town, body: bytes) -> None:
    with pytest.raises(Invalid):
        paper.read(body)
    if len(body) < 1000:
        assert town.post("check", file=_handed(body)).status_code == 422


@pytest.mark.parametrize(
    "address",
    [
        "http://donnees.example/val-de-loire/certificates/1", "https://127.0.0.1/val-de-loire/certificates/1",
        "https://inside.example/val-de-loire/certificates/1", "https://a:b@donnees.example/val-de-loire/certificates/1",
        "file:///etc/passwd", "https://donnees.example/", "https://[::1]/val-de-loire/certificates/1",
        "https://donnees.example/val-de-loire/certificates/1?x=y",
    ],
)  # fmt: skip
def test_an_address_that_leads_inside_or_nowhere_is_not_called(town: Town, address: str) -> None:
    before = len(town.asked)
    assert town.post("check", address=address).status_code == 422
    assert len(town.asked) == before


def test_a_head_goes_to_a_witness_that_answers_with_a_receipt_and_refuses_another_history(town: Town) -> None:
    """The second territory of this instance stands for a neighbour."""
    from bocage import evidence, outbox
    from bocage.accounts import OPERATOR
    from bocage.domain.declaration import Key
    from bocage.domain.text import Text
    from bocage.domain.witness import Witness, Witnessed
    from bocage.evidence import witnessing
    from bocage.publish.certificate import receipt, signing
    from bocage.publish.subscribers import Signer
    from bocage.registers import heads

    parts, at = town.instance.parts, town.instance.parts.clock()
    keys = parts.data / "keys"
    key = heads.make_key(keys / "heads.pem")
    there = "/api/marais/witness"
    ours = Witness(title=Text(fr="Le Marais"), address=f"{HOME}{there}")
    theirs = Witnessed(title=Text(fr="Val de Loire"), territory=PLACE, key=signing.signer(key.public_key()).x)
    head = msgspec.json.encode(heads.sign(PLACE, at, key))
    assert town.programs.ask("POST", there, content=head).status_code == 404
    for territory, kind, body in ((PLACE, "witness", ours), ("marais", "witnessed", theirs)):
        put = evidence.Put(key=Key(territory=territory, kind=kind, slug="voisin"), body=body)
        evidence.change(territory, OPERATOR, [put], at)

    def post(address: str, body: bytes, headers: Any) -> tuple[int, bytes]:
        answer = town.programs.ask("POST", address.removeprefix(HOME), content=body, headers=headers)
        return answer.status_code, answer.content

    means = witnessing.Means(keys=keys, public_url=HOME)
    witnessing.tell(PLACE, at, means)
    more = Witness(title=Text(fr="Archives"), active=False)
    evidence.change(PLACE, OPERATOR, [evidence.Put(key=Key(territory=PLACE, kind="witness", slug="a"), body=more)], at)
    told = witnessing.tell(PLACE, at, means)
    parcels = sorted(outbox.parcels(kind=witnessing.KIND), key=lambda one: one.key == f"witness-voisin-{_name(told)}")
    for parcel in reversed(parcels):  # the first head was long on its way: it takes no place of the later one
        witnessing.Errands(Signer(keys / "webhooks.pem"), parts.clock, post).carry(parcel)
    assert len(parcels) == 2
    reached = witnessing.reached(PLACE)["voisin"]
    assert (reached.sequence, reached.digest) == (told.sequence, told.digest)
    assert receipt.read(reached.receipt).place == (PLACE, told.sequence, told.digest)
    kept = town.programs.get(f"{there}?of=voisin").json()["heads"]
    assert {one["sequence"] for one in kept} == {told.sequence - 1, told.sequence}
    assert town.programs.get(there).json() == {"owners": {"voisin": kept}}

    def signed(**values: Any) -> bytes:
        other = msgspec.structs.replace(told, **values, signature="")
        signature = base64.b64encode(key.sign(other.signed_bytes())).decode()
        return msgspec.json.encode(msgspec.structs.replace(other, signature=signature))

    rewritten = signed(digest="0" * 64)
    old = signed(at=at - timedelta(days=31), sequence=1)  # public since: anybody may bring it, and a hundred like it
    assert town.programs.ask("POST", there, content=old).status_code == 422
    assert town.programs.ask("POST", there, content=rewritten).status_code == 409
    forged = json.dumps({**json.loads(rewritten), "sequence": 1}).encode()
    assert town.programs.ask("POST", there, content=forged).status_code == 404
    assert town.programs.ask("POST", there, content=b"x" * 9000).status_code == 413
    assert "Le Marais" in town.anyone.get(f"/{PLACE}/certificates").content.decode()
    assert town.desk().get(f"/{PLACE}/desk/certificates").status_code == 200


def _name(head: Any) -> str:
    return f"{head.territory}-{head.sequence}-{head.at:%Y-%m-%d}"


def test_an_instance_that_answers_without_end_or_is_away_is_told_as_such() -> None:
    def endless(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=(b"x" * 1024 * 1024 for _part in range(64)))

    def moved(request: httpx.Request) -> httpx.Response:
        return httpx.Response(302, headers={"location": "http://127.0.0.1/"})

    for answer in (endless, moved):
        reach = Reach(HOME, transport=httpx.MockTransport(answer))
        with pytest.raises(Unavailable):
            reach.get("/anything")


def test_a_witness_by_mail_is_sent_the_head_and_its_address_stays_out_of_the_chain(town: Town) -> None:
    from bocage import evidence, outbox, registers
    from bocage.accounts import OPERATOR
    from bocage.domain.declaration import Key
    from bocage.domain.text import Text
    from bocage.domain.witness import Witness, WitnessNature
    from bocage.evidence import witnessing

    at, mail = town.instance.parts.clock(), "archives@departement.example"
    body = Witness(title=Text(fr="Archives"), nature=WitnessNature.MAIL, mail=mail)
    key = Key(territory="marais", kind="witness", slug="archives")
    evidence.change("marais", OPERATOR, [evidence.Put(key=key, body=body)], at)
    keys = town.instance.parts.data / "keys"
    assert not outbox.parcels(kind=outbox.MAIL)
    witnessing.tell("marais", at, witnessing.Means(keys=keys, public_url=HOME))
    assert not outbox.parcels(kind=outbox.MAIL)  # no mail leaves where none is set up
    head = witnessing.tell("marais", at, witnessing.Means(keys=keys, public_url=HOME, by_mail=True))
    (parcel,) = outbox.parcels(kind=outbox.MAIL)
    assert head.digest.encode() in parcel.payload
    found = registers.find(key)
    assert found is not None
    assert mail not in town.programs.get("/api/marais/registers/witness/archives.json").text
