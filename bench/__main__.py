"""Runs benches and prints their figures in one table.

python -m bench                     all of them, with sizes that fit in ten minutes of two cores
python -m bench NAME [OPTIONS]      one: append, reads, answers, bytes, push, sensorthings, readers, serving,
                                    declarations, duties, models, paper, undo, downloads, ways, rules, mqtt, pages,
                                    postgres, codecs, growth, endurance
"""

import runpy
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from os import cpu_count, getloadavg
from pathlib import Path
from platform import python_version, system

# What each is run with when all are; the defaults of each are larger.
ALL = {
    "append": ["--rows", "2000000", "--rounds", "5"],
    "reads": ["--rows", "5000000"],
    "answers": ["--series", "300", "--rounds", "100"],
    "growth": ["--most", "10000000", "--rounds", "30"],
    "bytes": ["--days", "60"],
    "push": ["--singles", "20000", "--batches", "200"],
    "sensorthings": ["--singles", "20000", "--batches", "200"],
    "readers": ["--seconds", "6"],
    "serving": ["--rest", "30"],
    "declarations": ["--streams", "10000"],
    "duties": ["--streams", "5000", "--declarations", "10000", "--linked", "5000"],
    "models": ["--communes", "100"],
    "paper": ["--rounds", "10"],
    "undo": [],
    "downloads": ["--rows", "1000000"],
    "mqtt": ["--messages", "60000", "--rounds", "1"],
    "ways": ["--rows", "500000"],
    "rules": ["--days", "35", "--alone", "48"],
    "postgres": ["--rows", "300000", "--rounds", "5"],
    "codecs": ["--frames", "4000"],
    "endurance": ["--minutes", "1"],
}
VERSIONS = ("duckdb", "numpy", "uvicorn", "uvloop", "django")
HEAD = ("what", "measured", "beside it, in the same run", "promised")


def main() -> None:
    """Run one, or all."""
    names = [path.stem for path in Path(__file__).parent.glob("*.py")]
    if len(sys.argv) > 1:
        name = sys.argv[1]
        if name not in names:
            sys.exit(f"no bench is called {name}: {', '.join(ALL)}")
        sys.argv[:2] = [f"bench {name}"]
        runpy.run_module(f"bench.{name}", run_name="__main__")
        return
    lines, failed = [], []
    for name, options in ALL.items():
        print(f"== {name} {' '.join(options)}, load {getloadavg()[0]:.1f}", flush=True)
        found, code = run(name, options)
        lines += found
        failed += [name] if code else []
    table(lines)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


def run(name: str, options: list[str]) -> tuple[list[str], int]:
    """Run one in a process of its own, show its lines as they come, and keep those that are figures."""
    command = [sys.executable, "-m", f"bench.{name}", *options]
    found = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            if line.count("|") == len(HEAD) - 1:
                found.append(line)
    return found, process.returncode


def table(lines: list[str]) -> None:
    """All figures in Markdown, with the machine they were measured on."""
    versions = ", ".join(f"{name} {version(name)}" for name in VERSIONS)
    print(f"\n{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {system()}, {cpu_count()} cores, load {getloadavg()[0]:.1f},")
    print(f"Python {python_version()}, {versions}\n")
    for cells in (HEAD, ("---",) * len(HEAD), *(line.split("|") for line in lines)):
        print(f"| {' | '.join(cell.strip() for cell in cells)} |")


if __name__ == "__main__":
    main()
