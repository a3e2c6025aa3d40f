"""What a browser calls itself, in words a person knows their own by."""

from typing import Final

from bocage.domain.text import message as _
from bocage.words import translate

# In this order: most browsers also call themselves by the names of older ones.
BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Safari/", "Safari"),
)
SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def browser(agent: str, lang: str) -> str:
    """Firefox on Windows; what cannot be told is called a program."""
    name = next((called for sign, called in BROWSERS if sign in agent), "")
    system = next((called for sign, called in SYSTEMS if sign in agent), "")
    if not name:
        return translate(_("a program"), lang)
    return translate(_("%(browser)s on %(system)s"), lang) % {"browser": name, "system": system} if system else name
