"""The demonstration comes up by itself, ends with status 0, and is taken up again where it stopped."""

import socket
from pathlib import Path

from tests.process import bocage_


def test_the_demonstration_comes_up_ends_and_is_taken_up_again(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    arguments = ("demo", "--folder", tmp_path / "demo", "--port", port, "--seconds", "2")
    first = bocage_(tmp_path / "unused.toml", *arguments, lang="fr", timeout=110)
    assert "vraies mesures chargées" in first.stdout
    assert f"http://127.0.0.1:{port}/welcome/" in first.stdout
    assert "Authorization: Bearer bocage_" in first.stdout
    assert first.stderr == ""
    again = bocage_(tmp_path / "unused.toml", *arguments, timeout=110)
    assert "real measurements loaded" in again.stdout
    assert "Nothing was altered" in bocage_(tmp_path / "demo" / "bocage.toml", "verify").stdout
