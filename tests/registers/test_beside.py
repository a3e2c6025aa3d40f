"""Opinions and files beside the declarations are sealed in their chain: whoever changes one by SQL is found."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction

from bocage import registers
from bocage.domain.kinds import KINDS
from bocage.domain.text import Text
from bocage.registers import FaultCode, assessed, beside, carrying, heads, opinions, verify
from bocage.registers.tables import AssessmentFile, OpinionRow
from bocage.registers.verification import ends

from . import given

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PIA = b'{"pia": {"name": "Bancs", "author_name": "Camille"}}'


def _sql(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text)


@pytest.fixture
def head(db: Path) -> heads.Head:
    """The head of a territory once an opinion was given, taken back and given again, and a file was brought in."""
    for body in given.ALL[:4]:
        given.put(body)
    words = Text(fr="La durée est juste.")
    made = opinions.give(given.key(given.PURPOSE), opinions.Verdict.RESERVED, words, "a-18", given.AT)
    for back in (False, True):
        opinions.withdraw(given.TOWN, made.number, "a-18", given.later(1), back=back)
    assessed.keep(given.TOWN, "bancs", PIA, "a-17", given.AT)
    return heads.sign(given.TOWN, given.AT, KEY)


OPINION = "territory, kind, slug, version, verdict, text_fr, text_en, account, at, withdrawn, salt"
FILE = "territory, slug, body, account, at, salt"
ADD = "INSERT INTO registers_{0} ({1}, name) SELECT {1}, {2} FROM registers_{0}"
EDITS = (
    ("UPDATE registers_opinionrow SET verdict = 'favourable'", FaultCode.BESIDE),
    ("UPDATE registers_opinionrow SET text_fr = 'Non.'", FaultCode.BESIDE),
    ("UPDATE registers_opinionrow SET withdrawn = 1", FaultCode.BESIDE),
    ("UPDATE registers_opinionrow SET name = ''", FaultCode.ADDED),
    ("DELETE FROM registers_opinionrow", FaultCode.LOST),
    (ADD.format("opinionrow", OPINION, "name"), FaultCode.ADDED),
    (ADD.format("opinionrow", OPINION, "''"), FaultCode.ADDED),
    ("UPDATE registers_assessmentfile SET body = cast('{}' AS blob)", FaultCode.BESIDE),
    ("DELETE FROM registers_assessmentfile", FaultCode.LOST),
    (ADD.format("assessmentfile", FILE, "''"), FaultCode.ADDED),
)


def test_what_stands_beside_declarations_is_held_to_the_chain(head: heads.Head) -> None:
    assert verify(given.TOWN, head) == []
    for text, code in EDITS:
        with transaction.atomic():
            _sql(text)
            assert [fault.code for fault in verify(given.TOWN, head)] in ([code], [code, FaultCode.LOST]), text
            transaction.set_rollback(True)
    assert verify(given.TOWN, head) == []


def test_names_erased_from_a_file_are_no_fault_and_the_digest_of_before_is_of_no_use(
    head: heads.Head, tmp_path: Path
) -> None:
    salt = bytes(AssessmentFile.objects.get().salt)
    assert assessed.forget(tmp_path, given.TOWN, "bancs", given.later(2)) == 1
    assert verify(given.TOWN, head) == []
    assert bytes(AssessmentFile.objects.get().salt) != salt
    assert assessed.again(tmp_path) == 1
    assert verify(given.TOWN, heads.sign(given.TOWN, given.AT, KEY)) == []


def test_what_an_earlier_version_wrote_beside_is_noted_once_and_held_from_then_on(head: heads.Head) -> None:
    row = {"territory": given.TOWN, "kind": "purpose", "slug": "un-purpose", "version": 1, "verdict": "reserved"}
    OpinionRow.objects.create(**row, text_fr="Avant.", account="a-18", at=given.AT)
    assert [fault.code for fault in verify(given.TOWN)] == [FaultCode.ADDED]
    ended = ends()
    assert (beside.note(given.later(3)), beside.note(given.later(4))) == (1, 0)
    assert (beside.noted(), ends()[given.TOWN][0]) == ({given.TOWN: 1}, ended[given.TOWN][0])
    assert verify(given.TOWN) == []
    _sql("UPDATE registers_opinionrow SET text_fr = 'Après.' WHERE text_fr = 'Avant.'")
    assert [fault.code for fault in verify(given.TOWN)] == [FaultCode.BESIDE]


def test_what_stands_beside_goes_with_the_chain_to_another_instance(head: heads.Head) -> None:
    lines = list(carrying.carried(given.TOWN))
    known = [beside.values(row) for _kind, row in beside.rows(given.TOWN)]
    for table in ("personal", "reference", "current", "version", "chain", "opinionrow", "assessmentfile"):
        _sql(f"DELETE FROM registers_{table}")
    carrying.restore(given.TOWN, lines)
    assert [beside.values(row) for _kind, row in beside.rows(given.TOWN)] == known
    assert verify(given.TOWN) == []
    assert {entry.key.kind for entry in registers.recent(given.TOWN)} <= set(KINDS)
