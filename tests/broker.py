"""A real broker for tests: Mosquitto on a port of its own, started and ended by the test that asks for it."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from bocage.domain.broker import Broker, Version
from bocage.ingest.mqtt.connection import Connection
from bocage.ingest.mqtt.packets import Opening

PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
REQUIRED = os.environ.get("BOCAGE_REQUIRE_BROKER") == "1"
_LISTENING = """declaration = {{ schema = 1 }}
plugin = "bocage-json"
transport = "mqtt"
purpose = "air-des-classes"
hosting = "salle-serveurs"

[title]
fr = "Capteurs d'air des écoles"

[broker]
host = "127.0.0.1"
port = {port}
tls = false
topics = ["ecoles/+"]
group = "{group}"
"""


def listening(port: int, group: str = "") -> str:
    """The declaration, as a file, of a source of the demonstration that listens to what schools say."""
    return _LISTENING.format(port=port, group=group)


def program() -> str:
    """Where Mosquitto is; the test is skipped, or fails where a broker is required, when it is not there."""
    found = shutil.which("mosquitto", path=PATH)
    if found is None and REQUIRED:
        raise AssertionError("BOCAGE_REQUIRE_BROKER=1, and mosquitto is not installed")
    return found or pytest.skip("mosquitto is not installed: the tests of brokers were not run")


def free_port() -> int:
    """A port of loopback nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Mosquitto:
    """One broker. What it keeps for absent clients lies in `folder`, and survives a stop."""

    def __init__(self, folder: Path, *lines: str) -> None:
        self.folder, self.port = folder, free_port()
        self._program = program()
        folder.mkdir(parents=True, exist_ok=True)
        held = (
            f"listener {self.port} 127.0.0.1",
            *(("allow_anonymous true",) if not any("allow_anonymous" in line for line in lines) else ()),
            *(("user root",) if os.geteuid() == 0 else ()),
            "persistence true",
            f"persistence_location {folder}/",
            "max_inflight_messages 500",
            "max_queued_messages 0",
            *lines,
        )
        (folder / "mosquitto.conf").write_text("\n".join(held) + "\n", encoding="utf-8")

    def start(self) -> "Mosquitto":
        """Start it, and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            command = [self._program, "-c", str(self.folder / "mosquitto.conf")]
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        until = time.monotonic() + 20
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > until:
                raise AssertionError((self.folder / "log").read_text()[-2000:])
            time.sleep(0.01)
        return self

    def stop(self) -> None:
        """End it; it writes down what it keeps."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(20)

    def _answers(self) -> bool:
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", self.port)) == 0

    def declared(self, *topics: str, **more: object) -> Broker:
        """The broker as a source declares it."""
        return Broker(host="127.0.0.1", port=self.port, **{"tls": False, "topics": topics, **more})  # type: ignore[arg-type]


async def published(
    broker: Broker,
    messages: Sequence[tuple[str, bytes]],
    *,
    retained: bool = False,
    heard: bool = False,
    pause: float = 0,
) -> None:
    """Publish some messages, each acknowledged by the broker; `heard`: once somebody listens to the first one.

    `pause`: seconds between twenty messages and the next.
    """
    opening = Opening(client=f"tests-{time.monotonic_ns()}", version=Version.FIVE, clean=True)
    connection, _kept = await Connection.opened(broker, opening, None)
    while heard and not await connection.publish(*messages[0]):  # noqa: ASYNC110 - the broker alone knows
        await asyncio.sleep(0.05)
    for first in range(0, len(messages), 20):
        some = messages[first : first + 20]
        await asyncio.gather(*(connection.publish(topic, body, retained=retained) for topic, body in some))
        await asyncio.sleep(pause)
    await connection.close()
