"""Words shown to people: French required, English optional."""

import msgspec


class Text(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A sentence in French, and in English when somebody translated it."""

    fr: str
    en: str = ""

    def __post_init__(self) -> None:
        if not self.fr.strip():
            raise ValueError("the French text is required")

    def read(self, lang: str) -> tuple[str, str]:
        """The text for a reader of `lang` and the language it is really in (for the `lang` attribute)."""
        if lang.startswith("en") and self.en:
            return self.en, "en"
        return self.fr, "fr"


def message(text: str) -> str:
    """Mark an English source message for the catalogues; `words` translates it at the edge."""
    return text
