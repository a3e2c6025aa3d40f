"""Words of a file compared without case, accents or signs, what they may name, and the short names they give."""

import re
import unicodedata
from collections.abc import Container

_PERSON = re.compile(r"^(m|mr|mme|mlle|monsieur|madame|mademoiselle|dr|maitre)\b")
# Words that name a body rather than somebody, without accents.
_WORDS = """commune mairie ville communaute metropole syndicat departement region ccas cias etablissement regie societe
  association sarl sas sa sasu scop eurl gie groupe centre office agence service services caisse ecole college lycee
  prefecture tresorerie urssaf dgfip direction ministere mutuelle assurance banque maison federation comite hopital chu
  epci cdg sdis insee caf cpam pole"""
_BODIES = frozenset(_WORDS.split())


def folded(text: str) -> str:
    """Lower-case words with single spaces: accents, signs and line ends off."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", " ", plain.lower()).strip()


def free(slug: str, taken: Container[str]) -> str:
    """A short name that nobody has yet: this one, else the first with a number behind it."""
    again, found = 1, slug
    while found in taken:
        again += 1
        found = f"{slug}-{again}"
    return found


def somebody(text: str) -> bool:
    """Whether a text rather names a person than a body: such a name goes into no public register."""
    plain = folded(text)
    if "@" in text or _PERSON.match(plain):
        return True
    words = text.split()
    if set(plain.split()) & _BODIES or not 2 <= len(words) <= 3:
        return False
    return all(word[:1].isupper() and word.replace("-", "").replace("'", "").isalpha() for word in words)
