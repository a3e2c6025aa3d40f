"""Compiles the catalogues of every language: `python -m bocage.words.compile`."""

import sys

from bocage.words.catalogue import LANGUAGES, compiled, merge


def compile_catalogues() -> list[str]:
    """Write the merged catalogue of each language; the languages written."""
    for lang in LANGUAGES:
        path = compiled(lang)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(merge(lang))
    return list(LANGUAGES)


if __name__ == "__main__":
    sys.stdout.write(f"catalogues compiled: {', '.join(compile_catalogues())}\n")
