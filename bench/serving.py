"""How soon an instance serves its first page and how much memory it takes, empty and with the demonstration's history.

python bench/serving.py [--rounds 3]
"""

import argparse
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import tomli_w

import bocage.cli

DEMONSTRATION = Path(bocage.cli.__file__).parent / "demonstration"
PAGES = ("val-de-loire/", "val-de-loire/sensors", "val-de-loire/data", "val-de-loire/promises", "marais/")


def command(settings: Path, *arguments: str | Path) -> list[str]:
    """A `bocage` command of this installation."""
    return [sys.executable, "-m", "bocage", "--settings", str(settings), *map(str, arguments)]


def page(url: str) -> bytes:
    """A page, asked for until the instance answers."""
    while True:
        try:
            with urllib.request.urlopen(url, timeout=30) as answer:
                return bytes(answer.read())
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.01)


def resident(process: int) -> float:
    """Memory in use, MiB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


def measured(settings: Path, url: str, rest: float) -> dict[str, float]:
    """Serve once: seconds to the first page, MiB at rest, MiB after every page was read."""
    begin = time.perf_counter()
    with subprocess.Popen(command(settings, "serve"), stderr=subprocess.DEVNULL) as process:
        page(url)
        first = time.perf_counter() - begin
        time.sleep(rest)
        at_rest = resident(process.pid)
        for name in PAGES:
            page(url + name)
        read = resident(process.pid)
        process.send_signal(signal.SIGTERM)
    return {"first page, s": first, "at rest, MiB": at_rest, "pages read, MiB": read}


def told(title: str, found: list[dict[str, float]]) -> None:
    """The median of the rounds, and the promise beside it."""
    promised = {"first page, s": 3.0, "at rest, MiB": 200.0}
    for name in found[0]:
        middle = statistics.median(one[name] for one in found)
        promise = f"   (promised: {promised[name]:.0f})" if name in promised else ""
        print(f"{title:24} {name:16} {middle:8.1f}{promise}")


def main() -> None:
    """Measure, and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--rest", type=float, default=3.0)
    given = asked.parse_args()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="bocage-bench-"))
    try:
        settings, url = folder / "bocage.toml", f"http://127.0.0.1:{port}/"
        settings.write_text(tomli_w.dumps({"port": port}), encoding="utf-8")
        for territory in ("val-de-loire", "marais"):
            copy = shutil.copytree(DEMONSTRATION / territory, folder / territory)  # applying notes in the files
            apply = command(settings, "apply", copy, "--territory", territory)
            subprocess.run(apply, check=True, stdout=subprocess.DEVNULL)
        told("two territories, empty", [measured(settings, url, given.rest) for _ in range(given.rounds)])
        demo = command(settings, "demo", "--folder", folder / "demo", "--port", str(port), "--seconds", "1")
        begin = time.perf_counter()
        subprocess.run(demo, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        print(f"{'demonstration':24} {'prepared, s':16} {time.perf_counter() - begin - 1:8.1f}   (promised: 180)")
        again = [measured(folder / "demo" / "bocage.toml", url, given.rest) for _ in range(given.rounds)]
        told("demonstration, replayed", again)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
