"""Serving: told to systemd, logged as JSON, ended by a signal with nothing left undone."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
from tests.process import BESIDE, Serving, beside, bocage_, instance


def test_systemd_hears_when_it_is_ready_and_when_it_stops(tmp_path: Path) -> None:
    settings = instance(tmp_path / "instance")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(30)
        with subprocess.Popen(
            [sys.executable, "-m", "bocage", "--settings", str(settings), "serve"],
            env={**os.environ, "NOTIFY_SOCKET": str(tmp_path / "notify")}, stderr=subprocess.PIPE,
        ) as process:  # fmt: skip
            try:
                assert systemd.recv(100) == b"READY=1"
                process.send_signal(signal.SIGTERM)
                assert systemd.recv(100) == b"STOPPING=1"
                logged = process.communicate(timeout=30)[1]
            finally:
                process.kill()
    assert process.returncode == 0
    lines = [json.loads(line) for line in logged.splitlines()]
    assert {"at", "level", "logger", "message"} <= set(lines[0])
    assert lines[0]["at"].endswith("+00:00")


def test_it_ends_by_itself_with_status_0_when_its_time_is_over(tmp_path: Path) -> None:
    settings = instance(tmp_path / "instance")
    bocage_(settings, "apply", beside(tmp_path / BESIDE))
    bocage_(settings, "serve", "--seconds", "1")
    assert not (settings.parent / "data" / "bocage.sock").exists()


def test_a_second_process_is_told_who_serves(tmp_path: Path) -> None:
    settings = instance(tmp_path / "instance")
    with Serving(settings) as serving:
        assert str(serving.process.pid) in bocage_(settings, "serve", code=6).stderr


def test_a_port_in_use_is_told_and_everything_is_closed(tmp_path: Path) -> None:
    settings = instance(tmp_path / "instance")
    port = int(settings.read_text().split("port = ")[1].split()[0])
    with socket.create_server(("127.0.0.1", port)):
        assert f"127.0.0.1:{port}" in bocage_(settings, "serve", code=6).stderr
    bocage_(settings, "serve", "--seconds", "0.5")


def test_a_stream_without_an_end_does_not_hold_it_back(tmp_path: Path) -> None:
    settings = instance(tmp_path / "instance")
    bocage_(settings, "apply", beside(tmp_path / BESIDE))
    with (
        Serving(settings) as serving,
        httpx.Client(base_url=serving.url, timeout=30) as client,
        client.stream("GET", f"/api/{BESIDE}/live") as live,
    ):
        lines = live.iter_lines()
        assert next(lines)
        begin = time.monotonic()
        serving.process.send_signal(signal.SIGTERM)
        assert list(lines) is not None  # it ends as a whole answer does, not as a broken one
        assert serving.process.wait(30) == 0
        assert time.monotonic() - begin < 4
    assert "Traceback" not in serving.errors.read_text()
