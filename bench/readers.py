"""Pages read by several at once while readings flow in: readers never wait for writers.

python -m bench readers [--readers 8] [--seconds 10] [--rate 1000]

The demonstration is served by the real command. Readers open the same pages one after the other, each as fast as it is
answered: first while nothing else arrives, then while a second territory of the same instance takes in `rate`
observations a second over HTTP, a hundred in a message. Everything runs on one machine, readers included.
"""

import argparse
import http.cookiejar
import re
import tempfile
import threading
import urllib.parse
import urllib.request
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

import msgspec
from bench.given import PLACE, tell
from bench.instance import Access, made, resident, served
from bench.push import Bodies

MAIN = "/val-de-loire"
PAGES = {
    "portal, home": f"{MAIN}/",
    "portal, sensors with their map": f"{MAIN}/sensors",
    "portal, points of the map": f"{MAIN}/points.json",
    "portal, a dataset": f"{MAIN}/data/comptages-loire",
    "portal, register of purposes": f"{MAIN}/registers/purpose",
    "portal, promises": f"{MAIN}/promises",
    "desk, overview": f"{MAIN}/desk/",
    "desk, things": f"{MAIN}/desk/things",
}
PASSWORD = "un mot de passe de banc d'essai"


def signed_in(access: Access) -> str:
    """The cookie of the first administrator, who follows the one-time link as a person does."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = opener.open(access.link).read().decode()
    secret = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    names = re.findall(r'<input[^>]*type="password"[^>]*name="([^"]+)"|name="([^"]+)"[^>]*type="password"', page)
    assert secret is not None, "a form to choose a password"
    form = {"csrfmiddlewaretoken": secret[1], **{one or other: PASSWORD for one, other in names}}
    asked = urllib.request.Request(access.link, urllib.parse.urlencode(form).encode(), {"Referer": access.link})
    opener.open(asked).read()
    cookie = "; ".join(f"{one.name}={one.value}" for one in jar)
    assert len(jar) == 2, cookie  # that of forms, and that of the session
    return cookie


class Readers:
    """So many threads that open pages until they are told to stop; what each page took, by its name."""

    def __init__(self, port: int, cookie: str, count: int) -> None:
        self._port, self._cookie = port, cookie
        self._stopping = threading.Event()
        self.spent: dict[str, list[float]] = {name: [] for name in PAGES}
        self.failed: list[str] = []
        self._threads = [threading.Thread(target=self._run, args=(place,)) for place in range(count)]
        for one in self._threads:
            one.start()

    def _run(self, place: int) -> None:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        names = list(PAGES)
        while not self._stopping.is_set():
            place += 1
            name = names[place % len(names)]
            headers = {"Cookie": self._cookie} if name.startswith("desk") else {}
            begin = perf_counter()
            connection.request("GET", PAGES[name], headers=headers)
            answer = connection.getresponse()
            answer.read()
            self.spent[name].append((perf_counter() - begin) * 1e3)
            if answer.status != 200:
                self.failed.append(f"{name}: {answer.status}")
        connection.close()

    def stop(self) -> None:
        """Let each finish its page."""
        self._stopping.set()
        for one in self._threads:
            one.join()


class Flow:
    """Sends so many observations a second, a hundred in a message."""

    def __init__(self, access: Access, rate: int) -> None:
        self._access, self._rate = access, rate
        self._stopping = threading.Event()
        self.sent, self.spent = 0, [0.0]
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        bodies, begin = Bodies(), perf_counter()
        connection = HTTPConnection("127.0.0.1", self._access.port, timeout=60)
        headers = {"Authorization": f"Bearer {self._access.token}", "Content-Type": "application/json"}
        while not self._stopping.is_set():
            body = msgspec.json.encode([msgspec.Raw(bodies.single()) for _ in range(100)])
            sent = perf_counter()
            connection.request("POST", f"/api/{PLACE}/push", body, headers)
            answer = connection.getresponse()
            told = answer.read()
            assert answer.status == 200, told
            self.spent.append((perf_counter() - sent) * 1e3)
            self.sent += 100
            sleep(max(0.0, begin + self.sent / self._rate - perf_counter()))
        connection.close()

    def stop(self) -> None:
        """Stop."""
        self._stopping.set()
        self._thread.join()


def measured(access: Access, cookie: str, given: argparse.Namespace) -> None:
    """The same readers in quiet, then while readings flow."""
    found = []
    for rate in (0, given.rate):
        flow = Flow(access, rate) if rate else None
        readers, begin = Readers(access.port, cookie, given.readers), perf_counter()
        sleep(given.seconds)
        readers.stop()
        seconds = perf_counter() - begin
        if flow:
            flow.stop()
            each = sorted(flow.spent)
            beside = f"a message within {median(each):.0f} / {each[int(len(each) * 0.95)]:.0f} ms (p50 / p95)"
            tell("observations taken in meanwhile", f"{flow.sent / seconds:,.0f} /s", beside, f"{rate:,} /s")
        assert not readers.failed, readers.failed[:3]
        found.append(readers.spent)
        pages = sum(map(len, readers.spent.values()))
        label = f"{rate:,} observations /s" if rate else "nothing else"
        tell(f"pages for {given.readers} readers beside {label}", f"{pages / seconds:,.1f} /s")
    for name in PAGES:
        quiet, busy = (f"{p(each[name], 0.5):.0f} / {p(each[name], 0.95):.0f} ms" for each in found)
        tell(f"{name}, {given.readers} readers, p50 / p95", busy, f"in quiet {quiet}")


def p(spent: list[float], part: float) -> float:
    """A percentile; none when nothing was read in so short a time."""
    return sorted(spent)[int(len(spent) * part)] if spent else float("nan")


def main() -> None:
    """Measure, and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--readers", type=int, default=8)
    asked.add_argument("--seconds", type=float, default=10)
    asked.add_argument("--rate", type=int, default=1_000)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        access = made(Path(name), streams=1_000, demonstration=True)
        with served(access, f"{MAIN}/") as (process, _spent):
            cookie = signed_in(access)
            one = argparse.Namespace(readers=1, seconds=given.seconds / 2, rate=given.rate)
            measured(access, cookie, one)
            measured(access, cookie, given)
            tell("memory after that", f"{resident(process)[0]:.0f} MiB")


if __name__ == "__main__":
    main()
