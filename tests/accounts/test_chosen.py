"""Settings chosen on the screen are durable, hold at once, and never go over the operator's file."""

import stat
from pathlib import Path

import msgspec
import pytest

from bocage.accounts.chosen import FILE, Chosen
from bocage.domain.errors import Conflict, Invalid
from bocage.domain.instance_settings import Backups, InstanceSettings, Mail

MAIL = Mail(host="mail.example", sender="bocage@ville.example")
ALL = InstanceSettings(public_url="https://ville.example", mail=MAIL, backups=Backups(hour=3, keep=2))


def test_what_was_chosen_holds_at_once_and_after_a_restart(tmp_path: Path) -> None:
    chosen = Chosen(tmp_path)
    chosen.choose(ALL)
    assert chosen.now == ALL
    assert Chosen(tmp_path).now == ALL


def test_nothing_chosen_is_nothing_set(tmp_path: Path) -> None:
    assert Chosen(tmp_path).now == InstanceSettings()
    assert Chosen().fixed == frozenset()


def test_the_settings_file_goes_over_what_was_chosen(tmp_path: Path) -> None:
    Chosen(tmp_path).choose(ALL)
    over = Chosen(tmp_path, InstanceSettings(public_url="https://fixed.example"))
    assert over.now.public_url == "https://fixed.example"
    assert over.now.mail == MAIL
    assert over.fixed == {"public_url"}
    with pytest.raises(Conflict):
        over.choose(ALL)


@pytest.mark.parametrize(
    "address", ["ftp://ville.example", "https://ville.example/page", "ville.example", "https://a b"]
)
def test_an_address_that_is_none_changes_nothing(tmp_path: Path, address: str) -> None:
    chosen = Chosen(tmp_path)
    with pytest.raises(Invalid):
        chosen.choose(InstanceSettings(public_url=address))
    assert chosen.now == InstanceSettings()
    assert not (tmp_path / FILE).exists()


def test_who_follows_is_told_now_and_at_each_choice(tmp_path: Path) -> None:
    chosen, told = Chosen(tmp_path), []
    chosen.follow(told.append)
    chosen.choose(ALL)
    assert told == [InstanceSettings(), ALL]


def test_a_secret_lies_apart_for_the_owner_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = Chosen(tmp_path)
    chosen.choose(ALL)
    chosen.keep_secret("mail", "entre nous")
    path = tmp_path / "keys" / "mail.secret"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "entre nous" not in (tmp_path / FILE).read_text()
    assert Chosen(tmp_path).secret("mail") == "entre nous"
    monkeypatch.setenv("BOCAGE_SECRET_MAIL", "de l’environnement")
    assert chosen.secret("mail") == "de l’environnement"
    monkeypatch.delenv("BOCAGE_SECRET_MAIL")
    chosen.keep_secret("mail", "")
    assert chosen.secret("mail") == ""
    assert not path.exists()


def test_a_file_somebody_spoilt_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("public_url = 3")
    with pytest.raises(Invalid, match=r"chosen\.toml"):
        Chosen(tmp_path)


def test_replacing_one_setting_leaves_the_others(tmp_path: Path) -> None:
    chosen = Chosen(tmp_path)
    chosen.choose(ALL)
    chosen.choose(msgspec.structs.replace(chosen.now, mail=None))
    assert chosen.now == InstanceSettings(public_url=ALL.public_url, backups=ALL.backups)


def test_what_another_process_chose_is_read_when_it_says_so(tmp_path: Path) -> None:
    here, there = Chosen(tmp_path), Chosen(tmp_path)
    there.say = here.again
    there.choose(InstanceSettings(public_url="https://data.example.org"))
    assert here.now.public_url == "https://data.example.org"
