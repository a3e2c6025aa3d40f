"""The catalogues of one language, merged from one file per package, and the translation of a message.

Source messages are English. Sentences of refusals and findings have symbolic messages ("gdpr_05_purpose.kept.what")
that the English catalogue spells out too.
"""

import functools
import gettext as standard
import io
from pathlib import Path

from bocage.domain.text import Text
from bocage.words.typography import typeset

DOMAIN = "bocage"
LANGUAGES = ("fr", "en")


def folder() -> Path:
    """Where the catalogues are."""
    return Path(__file__).parent / "catalogues"


def language(lang: str) -> str:
    """The nearest language there is: French first."""
    return "en" if lang.lower().startswith("en") else "fr"


def sources(lang: str) -> list[Path]:
    """The catalogue files of a language, one per package."""
    return sorted((folder() / lang).glob("*.po"))


def compiled(lang: str) -> Path:
    """The merged, compiled catalogue of a language."""
    return folder() / lang / "LC_MESSAGES" / f"{DOMAIN}.mo"


def merge(lang: str) -> bytes:
    """All catalogue files of a language as one compiled catalogue, typeset for that language."""
    from babel.messages.catalog import Catalog, Message
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    whole = Catalog(locale=lang)
    for path in sources(lang):
        with path.open("rb") as file:
            for entry in read_po(file, locale=lang, abort_invalid=True):
                if entry.id and entry.string and not entry.fuzzy:
                    set_in = typeset(entry.string, lang) if isinstance(entry.string, str) else entry.string
                    if not isinstance(set_in, str):
                        set_in = tuple(typeset(form, lang) for form in set_in)
                    whole[entry.id] = Message(entry.id, set_in, context=entry.context)
    out = io.BytesIO()
    write_mo(out, whole)
    return out.getvalue()


@functools.cache
def gettext(lang: str) -> standard.GNUTranslations:
    """The translations of a language, as Jinja's i18n extension takes them.

    The compiled file is used while it is newer than its sources; otherwise they are read here, more slowly.
    """
    lang = language(lang)
    newest = max((path.stat().st_mtime for path in sources(lang)), default=0.0)
    path = compiled(lang)
    if path.exists() and path.stat().st_mtime >= newest:
        with path.open("rb") as file:
            return standard.GNUTranslations(file)
    return standard.GNUTranslations(io.BytesIO(merge(lang)))


def translate(message: str, lang: str) -> str:
    """The message in a language; the English message itself where no translation is there."""
    return gettext(language(lang)).gettext(message) if message else ""


def both(message: str) -> Text:
    """The message in both languages."""
    return Text(fr=translate(message, "fr"), en=translate(message, "en"))
