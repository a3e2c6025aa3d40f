"""Pushing over HTTP: who may, what is answered, what is never retried for ever."""

import asyncio
import gzip
import json
from typing import Any

import httpx
import pytest
from backports import zstd
from tests.api.running import AT, BESIDE, MAIN, Instance

from bocage.api import incoming
from bocage.api.language import preferred
from bocage.domain.declaration import Key
from bocage.domain.source import Source
from bocage.domain.text import Text
from bocage.ingest import unpacking
from bocage.upkeep.meter import METER

READING = {"datastream": "classe-1", "time": "2026-11-23T08:00:00Z", "result": 640}


def _post(instance: Instance, content: bytes, territory: str = MAIN, **headers: str) -> httpx.Response:
    sent = {"Authorization": f"Bearer {instance.token}", "Content-Type": "application/json"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}

    async def go() -> httpx.Response:
        transport = httpx.ASGITransport(app=instance.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://bocage.test") as client:
            return await client.post(f"/api/{territory}/push", content=content, headers=sent)

    return asyncio.run(go())


def _json(body: Any) -> bytes:
    return json.dumps(body).encode()


def test_an_undeclared_series_is_refused_with_its_reason_and_the_page_that_mends_it(instance: Instance) -> None:
    answer = _post(instance, _json(READING), Accept_Language="fr")
    assert answer.status_code == 422
    assert answer.headers["content-language"] == "fr"
    [refused] = answer.json()["refusals"]
    assert (refused["promise"], refused["code"]) == ("gdpr_05_purpose", "series-undeclared")
    assert refused["reason"]
    assert refused["reference"]
    assert refused["way_out"] == "/val-de-loire/desk/declare?source=air-ecoles&key=classe-1"


def test_what_is_pushed_is_counted_for_its_territory(instance: Instance) -> None:
    sent = _json(READING)
    METER.take()
    answer = _post(instance, gzip.compress(sent), Content_Encoding="gzip")
    told = METER.take()
    assert told.received == {MAIN: len(gzip.compress(sent))}
    assert told.sent == {MAIN: len(answer.content)}


def test_declared_from_there_and_sent_again_it_is_kept(instance: Instance) -> None:
    from bocage import evidence
    from bocage.accounts import OPERATOR
    from bocage.domain.sensing import Datastream, ObservedProperty, Thing
    from bocage.domain.text import Text

    assert _post(instance, _json({**READING, "datastream": "classe-2"})).status_code == 422
    entities = {
        "ecole": Thing(title=Text(fr="École")),
        "co2-air": ObservedProperty(title=Text(fr="CO2")),
        "classe-2": Datastream(
            title=Text(fr="CO2 de la classe 2"),
            thing="ecole",
            observed_property="co2-air",
            source="air-ecoles",
            dataset="meteo",
        ),
    }
    puts = [evidence.PutEntity(slug=slug, entity=body, expected=None) for slug, body in entities.items()]
    evidence.change(MAIN, OPERATOR, puts, AT)
    answer = _post(instance, _json([{**READING, "datastream": "classe-2"}, READING]))
    assert answer.status_code == 200, answer.text
    assert (answer.json()["accepted"], answer.json()["refused"]) == (1, 1)
    again = _post(instance, _json({**READING, "datastream": "classe-2"}))
    assert again.json() == {"accepted": 0, "known": 1, "corrected": 0, "position": again.json()["position"]}


@pytest.mark.parametrize(
    ("headers", "territory", "status"),
    [
        ({"Authorization": ""}, MAIN, 401),
        ({"Authorization": "Basic eDp5"}, MAIN, 401),
        ({"Authorization": "Bearer bocage_guess"}, MAIN, 401),
        ({}, BESIDE, 403),
        ({}, "nowhere", 403),
        ({"Content_Encoding": "br"}, MAIN, 415),
        ({"Content_Encoding": "gzip"}, MAIN, 400),
    ],
)
def test_who_may_not_push_is_told_so(instance: Instance, headers: dict[str, str], territory: str, status: int) -> None:
    answer = _post(instance, _json(READING), territory, **headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert ("www-authenticate" in answer.headers) is (status == 401)


def test_a_token_that_reads_datasets_writes_nothing(instance: Instance) -> None:
    reader = instance.parts.tokens.issue(MAIN, "operator", AT, datasets=("meteo",))
    assert _post(instance, _json(READING), Authorization=f"Bearer {reader}").status_code == 403


def test_a_revoked_token_is_refused_at_once(instance: Instance) -> None:
    secret = instance.parts.tokens.issue(MAIN, "operator", AT, source="air-ecoles")
    assert _post(instance, _json(READING), Authorization=f"Bearer {secret}").status_code == 422
    machine = instance.parts.tokens.machine(secret, AT)
    assert machine is not None
    instance.parts.tokens.revoke(MAIN, machine.token, AT)
    assert _post(instance, _json(READING), Authorization=f"Bearer {secret}").status_code == 401


def test_a_packed_message_is_unpacked(instance: Instance) -> None:
    answer = _post(instance, gzip.compress(_json(READING)), Content_Encoding="gzip")
    assert answer.status_code == 422
    assert answer.json()["refused"] == 1


@pytest.mark.parametrize("packed", [True, False])
def test_a_message_too_large_is_not_read_to_its_end(instance: Instance, packed: bool) -> None:
    body = b" " * (incoming.LARGEST + 1)
    answer = _post(instance, gzip.compress(body) if packed else body, Content_Encoding="gzip" if packed else "identity")
    assert answer.status_code == 413


def test_a_packed_message_that_stops_halfway_is_refused(instance: Instance) -> None:
    half = gzip.compress(_json(READING) * 100)[:-12]
    assert _post(instance, half, Content_Encoding="gzip").status_code == 400


def test_unreadable_bytes_say_what_was_expected(instance: Instance) -> None:
    answer = _post(instance, b"{nope")
    assert answer.status_code == 400
    assert answer.json()["expected"] == "un document JSON"


def test_a_table_may_be_pushed_to_a_source_that_declares_json(instance: Instance) -> None:
    table = b"datastream,time,result\nclasse-1,2026-11-23T08:00:00Z,640\nclasse-1,hier,1\n"
    answer = _post(instance, table, Content_Type="text/csv; charset=utf-8")
    assert (answer.json()["refused"], answer.json()["unreadable"]) == (1, 1)
    assert answer.json()["errors"][0]["row"] == 3


def test_another_verb_is_no_push(instance: Instance) -> None:
    async def go() -> httpx.Response:
        transport = httpx.ASGITransport(app=instance.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://bocage.test") as client:
            return await client.get(f"/api/{MAIN}/push")

    assert asyncio.run(go()).status_code == 405


@pytest.mark.parametrize(
    ("accept", "lang"),
    [
        ("", "fr"),
        ("en", "en"),
        ("de, en;q=0.5, fr;q=0.4", "en"),
        ("en;q=0.1, fr-FR", "fr"),
        ("*", "fr"),
        ("en;q=x", "en"),
    ],
)
def test_the_answer_is_in_the_language_asked_for(accept: str, lang: str) -> None:
    assert preferred(accept) == lang


def _lines(count: int) -> bytes:
    return b"".join(
        _json({**READING, "time": f"2026-11-22T00:{n // 60:02d}:{n % 60:02d}Z"}) + b"\n" for n in range(count)
    )


@pytest.mark.parametrize("form", ["gzip", "zstd", "identity"])
def test_lines_are_taken_in_however_they_are_packed(instance: Instance, form: str) -> None:
    pack = {"gzip": gzip.compress, "zstd": zstd.compress, "identity": lambda body: body * 10}[form]
    body = pack(_lines(3_000) if form == "identity" else _lines(3))
    answer = _post(instance, body, Content_Type="application/x-ndjson", Content_Encoding=form)
    rows = 30_000 if form == "identity" else 3
    assert (answer.status_code, answer.json()["rows"], answer.json()["refused"]) == (422, rows, rows)
    assert answer.json()["refusals"][0]["code"] == "series-undeclared"


def test_lines_that_unpack_without_end_are_refused_and_what_was_taken_is_told(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "FREE", 1 << 20)
    monkeypatch.setattr(unpacking, "TIMES", 10)
    answer = _post(
        instance, zstd.compress(b"\n" * (1 << 23)), Content_Type="application/x-ndjson", Content_Encoding="zstd"
    )
    assert answer.status_code == 413
    assert answer.json()["taken"]["rows"] == 0


SENSOR = b'{"deviceInfo": {"devEui": "a81758fffe0512aa"}, '


def test_a_network_server_is_never_told_to_send_again_what_was_understood(instance: Instance) -> None:
    from bocage import evidence, registers
    from bocage.accounts import OPERATOR

    lora = Source(title=Text(fr="LoRaWAN"), plugin="chirpstack")
    put = registers.Put(key=Key(territory=MAIN, kind="source", slug="lora"), body=lora)
    evidence.change(MAIN, OPERATOR, [put], AT)
    token = instance.parts.tokens.issue(MAIN, "operator", AT, source="lora")
    answers = [
        _post(instance, body, Authorization=f"Bearer {token}")
        for body in (
            SENSOR + b'"fPort": 5, "data": "AQ==", "object": {"t": 1}}',
            SENSOR + b'"fPort": 5, "data": "AQ=="}',  # nobody reads its bytes
            SENSOR + b'"devAddr": "00189440"}',
            b'{"object": {"t": 1}}',
        )
    ]
    assert [one.status_code for one in answers] == [200, 202, 200, 400]
    assert answers[0].json()["refused"] == 1
    assert answers[1].json()["code"] == "codec"


def test_lines_that_break_off_say_how_many_are_kept(instance: Instance) -> None:
    packed = gzip.compress(_lines(3_000) * 20)[:-9]
    answer = _post(instance, packed, Content_Type="application/x-ndjson", Content_Encoding="gzip")
    assert answer.status_code == 400
    assert answer.json()["taken"]["rows"] == answer.json()["taken"]["refused"] > 10_000
