"""What a printed document costs: the process that makes it, its memory, its time; and asking again.

python -m bench paper [--rounds 20]
"""

import argparse
import resource
import subprocess
import sys
from importlib.metadata import files
from pathlib import Path
from statistics import median
from time import perf_counter

import msgspec
from bench.given import tell

from bocage.publish import paper
from bocage.publish.paper.press import APART

ADDRESS = "https://donnees.exemple.fr/ville/notices/"


def sheet(number: int, signs: int) -> paper.Sheet:
    """Signs in three languages; the number makes them another document."""
    said = [
        {"language": "fr", "what": f"Passages vélos {number}", "why": "Nous comptons pour aménager.", "contact": ""},
        {"language": "en", "what": "Bicycles", "why": "We count to improve the routes.", "contact": "Town hall"},
        {"language": "de", "what": "Fahrräder", "why": "Wir zählen, um zu verbessern.", "contact": ""},
    ]
    places = [f"compteur-{number}-{n}" for n in range(signs)]
    values = {
        "title": "Affichettes",
        "language": "fr",
        "size": "a4",
        "territory": "Ville d'essai",
        "signs": [
            {"picture": slug, "code": "Code", "address": ADDRESS[8:] + slug, "place": "École", "said": said,
             "contact": "Accueil de la mairie : 05 46 00 00 00, du lundi au vendredi, de 9 h à 12 h."}
            for slug in places
        ],
        "words": {"here": "Ici, on mesure :", "ask": "Une question ?", "more": "Tout savoir"},
    }  # fmt: skip
    return paper.Sheet(template="sign", values=values, pictures={slug: paper.qr(ADDRESS + slug) for slug in places})


def printed(one: paper.Sheet) -> tuple[float, int]:
    """Seconds and bytes of one document, as it is made for a reader."""
    begin = perf_counter()
    made = paper.pdf(one.template, one.values, one.pictures)
    return perf_counter() - begin, len(made)


def memory() -> int:
    """Most memory of the process that makes one sign, in bytes."""
    call = (
        "import resource, runpy, sys; "
        f"runpy.run_path({str(APART)!r}, run_name='__main__'); "
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, file=sys.stderr)"
    )
    one = sheet(0, 1)
    pictures = {name: {"format": "svg", "content": held.decode()} for name, held in one.pictures.items()}
    asked = {"template": "sign.typ", "values": msgspec.json.encode(one.values).decode()}
    asked["pictures"] = msgspec.json.encode(pictures).decode()
    ran = subprocess.run(
        [sys.executable, "-I", "-c", call], input=msgspec.msgpack.encode(asked), capture_output=True, check=True
    )
    return int(ran.stderr.split()[-1])


def started() -> float:
    """Seconds a process takes to have Typst at hand."""
    begin = perf_counter()
    subprocess.run([sys.executable, "-I", "-c", "import typst, msgspec"], check=True)
    return perf_counter() - begin


def installed() -> int:
    """Bytes of the library on disk."""
    return sum(Path(str(one.locate())).stat().st_size for one in files("typst") or ())


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.0f} ms"


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    tell("typst installed", f"{installed() / 1e6:.0f} MB")
    tell("a process with typst at hand", _ms(median(started() for _ in range(rounds))))
    ones = [printed(sheet(number, 1)) for number in range(rounds)]
    tell("one sign in three languages, A4", _ms(median(took for took, _size in ones)), f"{ones[0][1]:,} bytes")
    many = [printed(sheet(number, 100)) for number in range(max(2, rounds // 5))]
    tell("100 signs in one document", _ms(median(took for took, _size in many)), f"{many[0][1]:,} bytes")
    tell("memory of the process of one sign, at most", f"{memory() / 2**20:.0f} MiB")
    press, again = paper.Press(), sheet(0, 1)
    press.printed(again)
    begin = perf_counter()
    for _ in range(1000):
        press.printed(again)
    tell("the same sign asked again", f"{(perf_counter() - begin) * 1e3:.0f} us")
    tell("memory of this process, at most", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
