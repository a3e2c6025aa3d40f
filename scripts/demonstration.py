"""Copies the real open series of the demonstration from a folder of downloads: `demonstration.py SERIES`.

The weather file keeps the columns that are used, sorted by time; every other file is the one that was published.
"""

import csv
import shutil
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "src/bocage"
TARGET = PACKAGE / "cli/demonstration/series"
SHIPPED = PACKAGE / "ingest/series"
COPIED = {
    "eco-compteur-loire/measure/exemple-valide-eco-compteur.csv": "loire.csv",
    "batiment-energie-eemeter/uk-gas-hdd-only-hourly-sample-0.csv.gz": "dwelling-gas.csv.gz",
}
ELECTRICITY = "batiment-energie-eemeter/uk-electricity-hdd-only-hourly-sample-0.csv.gz"  # for any instance
WEATHER = "meteo-orly-synop/synop-07149-orly-2020-09_2021-10.csv"
WEATHER_COLUMNS = ("numer_sta", "date", "t", "td", "u", "dd", "ff", "raf10", "pres", "rr3")
BICYCLES = (
    "avenue-jean-jaures",
    "berges-du-rhone",
    "cours-gambetta",
    "pont-clemenceau",
    "pont-de-la-mulatiere",
    "pont-de-lattre-de-tassigny",
    "pont-gallieni",
    "pont-lafayette",
    "pont-morand",
    "quai-augagneur",
    "rue-paul-bert",
    "tunnel-croix-rousse",
)
CARS = ("cours-gambetta", "pont-lafayette", "tunnel-croix-rousse")


def weather(source: Path, target: Path) -> None:
    """The used columns of the station's reports, by time."""
    with source.open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["date"])
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, WEATHER_COLUMNS, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    """Write everything under `cli/demonstration/series`, and under `ingest/series` what the first hour shows too."""
    source = Path(sys.argv[1])
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, copy in COPIED.items():
        shutil.copyfile(source / name, TARGET / copy)
    shutil.copyfile(source / ELECTRICITY, SHIPPED / "dwelling-electricity.csv.gz")
    weather(source / WEATHER, TARGET / "weather.csv")
    for folder, names in (("velo", BICYCLES), ("voiture", CARS)):
        target = TARGET / f"lyon-{folder}"
        target.mkdir(exist_ok=True)
        for name in names:
            shutil.copyfile(source / "lyon-compteurs" / folder / f"{name}.json", target / f"{name}.json")


if __name__ == "__main__":
    main()
