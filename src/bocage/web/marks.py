"""Signs that go with every state, so that colour never speaks alone."""

from markupsafe import Markup

_PATHS = {
    "kept": "M3 8.5 6.5 12 13 4.5",
    "refused": "M4 4 12 12 M12 4 4 12",
    "watch": "M8 2 14.5 13.5H1.5Z M8 6.5V9.5 M8 11.4V11.6",
    "unconcerned": "M3 8H13",
    "next": "M3 8H13 M9 4 13 8 9 12",
    "todo": "M8 2.5A5.5 5.5 0 1 0 8 13.5 5.5 5.5 0 1 0 8 2.5",
    "unchecked": "M5.5 6A2.5 2.5 0 1 1 8 8.5V10 M8 12.4V12.6",
    "closed": "M4 7.5H12V13.5H4Z M5.5 7.5V5A2.5 2.5 0 0 1 10.5 5V7.5",
    "open": "M4 7.5H12V13.5H4Z M5.5 7.5V5A2.5 2.5 0 0 1 10.3 4",
    "measured": "M2 12 6 6 9 9 14 3",
    "silent": "M3 3V13 M7 13H13 M7 9H9",
    "search": "M7 12A5 5 0 1 0 7 2 5 5 0 1 0 7 12 M10.8 10.8 14.5 14.5",
    "alert": "M3 11.5H13 M4.2 11.5V7.2A3.8 3.8 0 0 1 11.8 7.2V11.5 M8 1.6V3.2 M6.8 13.6A1.3 1.3 0 0 0 9.2 13.6",
    "rule": "M2.5 4H13.5 M2.5 8H9 M2.5 12H6.5 M10.5 11 12.2 12.8 14.5 9.5",
    "book": "M8 4C6 2.5 4 2.5 2 3V13C4 12.5 6 12.5 8 14 10 12.5 12 12.5 14 13V3C12 2.5 10 2.5 8 4Z M8 4V14",
    "plug": "M6 2V5 M10 2V5 M4 5H12V8A4 4 0 0 1 4 8Z M8 12V14.5",
    "person": "M8 8A2.7 2.7 0 1 0 8 2.6 2.7 2.7 0 1 0 8 8 M2.5 14C3 10.5 5.5 10 8 10S13 10.5 13.5 14",
    "wheel": (
        "M8 11A3 3 0 1 0 8 5 3 3 0 1 0 8 11 M8 1.5V4 M8 12V14.5 M1.5 8H4 M12 8H14.5 M3.4 3.4 5.2 "
        "5.2 M10.8 10.8 12.6 12.6 M12.6 3.4 10.8 5.2 M5.2 10.8 3.4 12.6"
    ),
    "sensor": "M8 14V8 M8 8A2 2 0 1 0 8 4 2 2 0 1 0 8 8 M3.5 9.5A5 5 0 0 1 3.5 2.5 M12.5 9.5A5 5 0 0 0 12.5 2.5",
}


def mark(name: str) -> Markup:
    """The sign of a state as a small drawing hidden from screen readers: the word beside it says the same."""
    return Markup(
        '<svg class="mark mark-{}" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">'
        '<path d="{}" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" '
        'stroke-linejoin="round"/></svg>'
    ).format(name, _PATHS[name])
