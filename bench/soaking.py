"""Those who use an instance during a soak: writers over HTTP and MQTT that count what was acknowledged, and readers."""

import asyncio
import threading
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from time import monotonic, sleep

import msgspec
from bench.given import PLACE, QUARTER
from bench.instance import Access
from bench.sensorthings import ROOT, arrays, written

from bocage.domain.broker import Broker, Version
from bocage.ingest.mqtt.connection import Connection
from bocage.ingest.mqtt.packets import Opening
from bocage.ingest.mqtt.trouble import Broken

PEAK, HIGH = 50, 58.0  # every so many quarters of an hour, every series is as high as that
PATIENCE = 30  # seconds for one answer of the broker
Rows = list[tuple[int, int, float]]


def tick(numbers: range, start: int, turn: int) -> Rows:
    """(series, UTC ms, value): one value of each, some quarters of an hour after the start."""
    values = [HIGH if turn % PEAK == PEAK - 1 else 10 + (turn * 7 + number) % 200 / 10 for number in numbers]
    return [(number, start + turn * QUARTER, value) for number, value in zip(numbers, values, strict=True)]


def readings(rows: Rows) -> list[dict[str, object]]:
    """The same as the format of Bocage."""
    return [{"datastream": f"s{number}", "time": written(at), "result": value} for number, at, value in rows]


class Writer(threading.Thread):
    """Sends one value of each of its series every `pause` seconds until it is told to stop."""

    def __init__(self, name: str, numbers: range, start: int, pause: float) -> None:
        super().__init__(name=name, daemon=True)
        self.numbers, self._start, self._pause = numbers, start, pause
        self._stopping = threading.Event()
        self.turns = self.acknowledged = 0
        self.errors: list[str] = []

    def stop(self) -> None:
        """Let it finish what it sent."""
        self._stopping.set()
        self.join()

    def _ticks(self, send: Callable[[Rows], int]) -> None:
        begin = monotonic()
        while not self._stopping.is_set() and not self.errors:
            self.acknowledged += send(tick(self.numbers, self._start, self.turns))
            self.turns += 1
            self._stopping.wait(max(0.0, begin + self.turns * self._pause - monotonic()))


class HttpWriter(Writer):
    """Over HTTP: push, or CreateObservations."""

    def __init__(self, name: str, access: Access, numbers: range, start: int, pause: float) -> None:
        super().__init__(name, numbers, start, pause)
        self._token, self._push = access.token, name == "push"
        self._connection = HTTPConnection("127.0.0.1", access.port, timeout=60)

    def run(self) -> None:
        self._ticks(self._send)
        self._connection.close()

    def _send(self, rows: Rows) -> int:
        path = f"/api/{PLACE}/push" if self._push else f"{ROOT}/CreateObservations"
        body = msgspec.json.encode(readings(rows)) if self._push else arrays(rows)
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        try:
            self._connection.request("POST", path, body, headers)
            answer = self._connection.getresponse()
            told = answer.read()
        except (OSError, HTTPException) as error:
            self.errors.append(f"{self.name}: {error!r}")
            return 0
        said = msgspec.json.decode(told) if answer.status in {200, 201} else None
        if isinstance(said, dict):
            taken = int(said.get("accepted", 0))
        else:
            taken = sum("Observations(" in one for one in said or ())
        if taken != len(rows):
            self.errors.append(f"{self.name}: {answer.status} {told[:200]!r}")
        return taken


class MqttWriter(Writer):
    """Over a broker, QoS 1; what the broker did not acknowledge is sent again once it is back."""

    def __init__(self, broker: Broker, numbers: range, start: int, pause: float) -> None:
        super().__init__("mqtt", numbers, start, pause)
        self._broker, self.reconnected = broker, 0

    def run(self) -> None:
        asyncio.run(self._run())

    async def _run(self) -> None:
        connection = await self._opened()
        begin = monotonic()
        while not self._stopping.is_set() and not self.errors:
            waiting = tick(self.numbers, self._start, self.turns)
            while waiting:
                waiting = await self._published(connection, waiting)
                if waiting:
                    connection.abort()
                    connection = await self._opened()
                    self.reconnected += 1
            self.turns += 1
            await asyncio.sleep(max(0.0, begin + self.turns * self._pause - monotonic()))
        await connection.close()

    async def _opened(self) -> Connection:
        while True:
            try:
                opening = Opening(client="soak", version=Version.FIVE, clean=True)
                return (await Connection.opened(self._broker, opening, None))[0]
            except (OSError, Broken, TimeoutError):
                await asyncio.sleep(0.2)

    async def _published(self, connection: Connection, rows: Rows) -> Rows:
        """Publish; those that were not acknowledged."""
        sent = (
            asyncio.wait_for(connection.publish(f"soak/s{row[0]}", msgspec.json.encode(one)), PATIENCE)
            for row, one in zip(rows, readings(rows), strict=True)
        )
        answers = await asyncio.gather(*sent, return_exceptions=True)
        for one in answers:
            if isinstance(one, BaseException) and not isinstance(one, Broken | OSError | TimeoutError):
                self.errors.append(f"mqtt: {one!r}")
        left = [row for row, one in zip(rows, answers, strict=True) if isinstance(one, BaseException)]
        self.acknowledged += len(rows) - len(left)
        return left


class Reader(threading.Thread):
    """Opens one address again and again until it is told to stop."""

    def __init__(self, port: int, name: str, path: str, pause: float = 0.2) -> None:
        super().__init__(name=name, daemon=True)
        self._port, self._path, self._pause = port, path, pause
        self._stopping = threading.Event()
        self.read = 0
        self.errors: list[str] = []

    def run(self) -> None:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        while not self._stopping.is_set():
            try:
                connection.request("GET", self._path)
                answer = connection.getresponse()
                told = answer.read()
                if answer.status != 200:
                    self.errors.append(f"{self.name}: {answer.status} {told[:200]!r}")
                self.read += 1
            except (OSError, HTTPException) as error:
                self.errors.append(f"{self.name}: {error!r}")
                connection.close()
            sleep(self._pause)
        connection.close()

    def stop(self) -> None:
        """Let it finish its page."""
        self._stopping.set()
        self.join()
