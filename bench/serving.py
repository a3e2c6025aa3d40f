"""Memory of a serving instance at rest, and the time from its start to its first page.

python -m bench serving [--rest 30] [--starts 3]

`bocage serve` as an operator starts it, on an empty instance and on the demonstration: seconds from the start of the
process to the first 200 of the portal's home; resident memory after it has rested, then after pages were opened.
"""

import argparse
import re
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

from bench.given import tell
from bench.instance import Access, got, made, resident, served

HOME = "/"
MEMORY, FIRST = "under 200 MiB", "within 3 s"
LINKS = re.compile(rb'href="(/[^"#?]*)"')


def measured(label: str, access: Access, rest: float, starts: int) -> None:
    """Start it some times, let it rest the last time, walk through it, and tell."""
    times = []
    for _ in range(starts - 1):
        with served(access, HOME) as (_process, spent):
            times.append(spent)
    with served(access, HOME) as (process, spent):
        times.append(spent)
        sleep(rest)
        now, most = resident(process)
        walked = walk(access.port)
        after, peak = resident(process)
    tell(f"first page after the start, {label}", f"{median(times):.2f} s", "the portal's home, answered 200", FIRST)
    tell(f"memory at rest ({rest:.0f} s), {label}", f"{now:.0f} MiB", f"most until then {most:.0f} MiB", MEMORY)
    tell(f"memory after {walked} pages of the portal, {label}", f"{after:.0f} MiB", f"most {peak:.0f} MiB")


def walk(port: int, most: int = 200) -> int:
    """Open every page one can reach from the portal's home; how many answered 200."""
    seen, waiting, found = {HOME}, [HOME], 0
    while waiting and found < most:
        status, body = got(port, waiting.pop(0))
        found += status == 200
        for link in sorted({link.decode() for link in LINKS.findall(body)} - seen):
            seen.add(link)
            if not link.startswith(("/static/", "/sign-in")):
                waiting.append(link)
    return found


def main() -> None:
    """Measure, and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rest", type=float, default=30)
    asked.add_argument("--starts", type=int, default=3)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        measured("empty", made(Path(name) / "empty"), given.rest, given.starts)
        begin = perf_counter()
        demonstration = made(Path(name) / "demo", demonstration=True)
        tell("demonstration made, history loaded", f"{perf_counter() - begin:.1f} s", "", "within 180 s")
        measured("demonstration", demonstration, given.rest, given.starts)


if __name__ == "__main__":
    main()
