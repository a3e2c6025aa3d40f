"""A real address that takes orders as equipment does: it checks the signature and does each thing once."""

import json
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives.serialization import load_pem_public_key


class Equipment:
    """What it was told, and what it is set to; `answers` is the status it gives."""

    def __init__(self, public: str, safe: float) -> None:
        self.key: Any = load_pem_public_key(public.encode())
        self.answers, self.value, self.address = 200, safe, ""
        self.heard: list[dict[str, Any]] = []
        self.numbers: list[str] = []
        self.done: set[str] = set()

    def take(self, headers: Any, body: bytes) -> int:
        """Check who sends it, and do it once."""
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        self.key.verify(b64decode(headers["webhook-signature"].removeprefix("v1a,")), signed)
        number = headers["webhook-id"]
        self.numbers.append(number)
        if self.answers == 200 and number not in self.done:
            self.done.add(number)
            told = json.loads(body)
            self.heard.append(told)
            self.value = told["data"]["value"]
        return self.answers

    def types(self) -> list[str]:
        """What it did, in order."""
        return [one["type"] for one in self.heard]


@contextmanager
def listening(public: str, safe: float = 100.0) -> Iterator[Equipment]:
    """Equipment at an address of this machine, until the end of the block."""
    equipment = Equipment(public, safe)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status = equipment.take(self.headers, self.rfile.read(int(self.headers["content-length"])))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *said: object) -> None:
            """Nothing on the screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    equipment.address = f"http://127.0.0.1:{server.server_port}/orders"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield equipment
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
