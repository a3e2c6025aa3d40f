"""A token is shown once, opens one thing, and is refused from the moment it is revoked."""

from datetime import UTC, datetime, timedelta

import pytest

from bocage.accounts import Machine
from bocage.accounts.tables import Token
from bocage.accounts.tokens import Tokens
from bocage.domain.errors import Invalid, Missing

pytestmark = pytest.mark.usefixtures("db")
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
LATER = AT + timedelta(seconds=1)


def issued(tokens: Tokens, territory: str = "val", source: str = "compteurs") -> str:
    return tokens.issue(territory, "p1", AT, source=source, title=" Passerelle ")


def test_a_token_opens_its_source_and_its_secret_is_kept_nowhere() -> None:
    tokens = Tokens()
    secret = issued(tokens)
    machine = tokens.machine(secret, AT)
    (row,) = Token.objects.all()
    assert machine == Machine(token=row.id, territory="val", source="compteurs")
    assert len(secret) == len("bocage_") + 43
    assert secret not in repr(row.__dict__)
    (listed,) = tokens.listed("val")
    assert (listed.title, listed.source, listed.issued_by, listed.revoked_at) == ("Passerelle", "compteurs", "p1", None)


def test_a_token_is_for_one_source_or_for_datasets_and_never_for_both_or_nothing() -> None:
    tokens = Tokens()
    reader = tokens.machine(tokens.issue("val", "p1", AT, datasets=("velo", "air")), AT)
    assert reader is not None
    assert (reader.source, reader.datasets) == ("", ("velo", "air"))
    for wrong in ({}, {"source": "a", "datasets": ("b",)}):
        with pytest.raises(Invalid):
            tokens.issue("val", "p1", AT, **wrong)


@pytest.mark.parametrize("bearer", ["", "bocage_", "bocage_" + "A" * 43, "é"])
def test_an_unknown_secret_is_nobody(bearer: str) -> None:
    tokens = Tokens()
    issued(tokens)
    assert tokens.known(bearer, AT) is None
    assert tokens.machine(bearer, AT) is None


def test_a_token_once_read_is_known_without_the_database() -> None:
    tokens = Tokens()
    secret = issued(tokens)
    assert tokens.known(secret, AT) is None
    machine = tokens.machine(secret, AT)
    Token.objects.all().delete()
    assert tokens.known(secret, LATER) == machine


def test_a_revoked_token_is_refused_at_once() -> None:
    tokens = Tokens()
    secret, other = issued(tokens), issued(tokens, source="eau")
    machine, kept = tokens.machine(secret, AT), tokens.machine(other, AT)
    assert machine is not None
    tokens.revoke("val", machine.token, LATER)
    assert tokens.known(secret, LATER) is None
    assert tokens.machine(secret, LATER) is None
    assert tokens.known(other, LATER) == kept
    assert [one.revoked_at for one in tokens.listed("val", source="compteurs")] == [LATER]
    with pytest.raises(Missing):
        tokens.revoke("val", machine.token, LATER)


def test_a_token_of_another_territory_cannot_be_revoked_nor_seen() -> None:
    tokens = Tokens()
    secret = issued(tokens, territory="autre")
    machine = tokens.machine(secret, AT)
    assert machine is not None
    with pytest.raises(Missing):
        tokens.revoke("val", machine.token, LATER)
    assert tokens.known(secret, LATER) == machine
    assert tokens.listed("val") == []


def test_what_another_process_revoked_is_noticed_within_half_a_minute() -> None:
    tokens, command = Tokens(), Tokens()
    secret = issued(tokens)
    machine = tokens.machine(secret, AT)
    assert machine is not None
    command.revoke("val", machine.token, LATER)
    assert tokens.known(secret, AT + timedelta(seconds=30)) is None
    assert tokens.machine(secret, AT + timedelta(seconds=30)) is None


class RevokedMeanwhile(Tokens):
    """Another request revokes the token just after this one has read it from the table."""

    def _read(self, digest: bytes) -> Machine | None:
        read = super()._read(digest)
        if read:
            self.revoke("val", read.token, LATER)
        return read


def test_a_revocation_while_the_token_is_read_is_not_forgotten() -> None:
    tokens = RevokedMeanwhile()
    secret = issued(tokens)
    assert tokens.machine(secret, AT) is not None
    assert tokens.known(secret, AT) is None
    assert tokens.machine(secret, AT) is None


def test_last_uses_are_written_in_batches() -> None:
    tokens = Tokens()
    secret = issued(tokens)
    for second in range(5):
        tokens.machine(secret, AT + timedelta(seconds=second))
    assert tokens.listed("val")[0].last_used is None
    assert tokens.flush(AT + timedelta(minutes=1)) == "1"
    assert tokens.listed("val")[0].last_used == AT + timedelta(seconds=4)
    assert tokens.flush(AT + timedelta(minutes=2)) == "0"
