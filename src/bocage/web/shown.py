"""Any value of a declaration as people read it: words of closed lists, days, links to what it names."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import msgspec
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from bocage import words
from bocage.domain.declaration import Declaration, Notes, fields
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.publish import dtpr

Declared = Mapping[str, Mapping[str, Declaration]]
Link = Callable[[str, str], str]
"""From a kind and a slug to an address."""


@pass_context
def shown(
    context: Context, value: Any, note: Notes | None = None, declared: Declared | None = None, link: Link | None = None
) -> Markup:
    """The value as markup. `declared` gives the titles of what is named, `link` their addresses.

    Where the template says `whole`, a text is shown in both languages: versions are compared there.
    """
    called: Link | None = None if link is None else lambda kind, slug: str(context.call(link, kind, slug))
    lang = str(context.get("lang") or "fr")
    if isinstance(value, Text) and value.en and context.get("whole"):
        return Markup('<span lang="fr">{}</span><br><span lang="en">{}</span>').format(value.fr, value.en)
    return _Showing(lang, declared or {}, called).show(value, note)


_NOTHING: tuple[Any, ...] = (None, "", ())


class _Showing:
    def __init__(self, lang: str, declared: Declared, link: Link | None) -> None:
        self.lang, self.declared, self.link = lang, declared, link

    def show(self, value: Any, note: Notes | None) -> Markup:
        if value in (None, "", ()):
            return Markup('<span class="quiet">{}</span>').format(words.translate(_("not said"), self.lang))
        if note and note.reference:
            return self._named(value, note.reference)
        if note and note.control == "code":
            return Markup('<pre tabindex="0"><code>{}</code></pre>').format(value)
        if isinstance(value, Text):
            return self._text(value)
        if isinstance(value, Labelled):
            return escape(words.translate(value.label, self.lang))
        return self._simple(value, note)

    def _simple(self, value: Any, note: Notes | None) -> Markup:
        if isinstance(value, bool):
            return escape(words.translate(_("Yes") if value else _("No"), self.lang))
        if isinstance(value, date) and not isinstance(value, datetime):
            return escape(words.day(value, self.lang))
        if isinstance(value, int | float):
            return escape(self._number(value, note))
        if isinstance(value, msgspec.Struct):
            return self._nested(value)
        if isinstance(value, tuple):
            return self._several(value, note)
        if isinstance(value, dict):
            return Markup("<pre>{}</pre>").format(json.dumps(value, ensure_ascii=False, indent=1))
        return _address(str(value))

    def _number(self, value: float, note: Notes | None) -> str:
        if note and note.control == "year":
            return str(value)
        if note and note.unit == "s":
            return words.duration(value, self.lang)
        unit = words.translate(note.unit, self.lang) if note and note.unit else ""
        return words.number(value, self.lang, unit)

    def _text(self, value: Text) -> Markup:
        said, lang = value.read(self.lang)
        return escape(said) if lang == self.lang else Markup('<span lang="{}">{}</span>').format(lang, said)

    def _several(self, value: tuple[Any, ...], note: Notes | None) -> Markup:
        if all(isinstance(item, float) for item in value):
            return escape(", ".join(f"{item:.5f}" for item in value))
        if all(isinstance(item, msgspec.Struct) and not isinstance(item, Text) for item in value):
            return self._table(value, note)
        items = Markup("").join(Markup("<li>{}</li>").format(self.show(item, None)) for item in value)
        return Markup("<ul>{}</ul>").format(items)

    def _table(self, rows: tuple[msgspec.Struct, ...], around: Notes | None) -> Markup:
        """Rows as a table, with the columns that any of them fills."""
        struct: type[msgspec.Struct] = type(rows[0])
        columns = [
            (note, words.translate(note.label, self.lang))
            for note in fields(struct)
            if any(getattr(row, note.name) not in _NOTHING for row in rows)
        ]
        head = Markup("").join(Markup('<th scope="col">{}</th>').format(said) for _note, said in columns)
        body = Markup("").join(Markup("<tr>{}</tr>").format(self._cells(row, columns)) for row in rows)
        label = words.translate(around.label, self.lang) if around else columns[0][1]
        frame = Markup('<div class="scroll parts" tabindex="0" role="group" aria-label="{}"><table>{}</table></div>')
        return frame.format(label, Markup("<thead><tr>{}</tr></thead><tbody>{}</tbody>").format(head, body))

    def _cells(self, row: msgspec.Struct, columns: list[tuple[Notes, str]]) -> Markup:
        out = Markup("")
        for place, (note, said) in enumerate(columns):
            value = getattr(row, note.name)
            shown_value = Markup("") if value in _NOTHING else self.show(value, note)
            if place:
                out += Markup('<td data-label="{}">{}</td>').format(said, shown_value)
            else:
                out += Markup('<th scope="row">{}</th>').format(shown_value)
        return out

    def _nested(self, value: msgspec.Struct) -> Markup:
        rows = Markup("").join(
            Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(
                words.translate(note.label, self.lang), self.show(getattr(value, note.name), note)
            )
            for note in fields(type(value))
            if getattr(value, note.name) not in (None, "", ())
        )
        return Markup('<dl class="facts">{}</dl>').format(rows) if rows else self.show(None, None)

    def _named(self, value: Any, kind: str) -> Markup:
        slugs = value if isinstance(value, tuple) else (value,)
        return Markup(", ").join(self._one(kind, str(slug)) for slug in slugs)

    def _one(self, kind: str, slug: str) -> Markup:
        if kind.startswith("dtpr:"):
            term = dtpr.element(kind.removeprefix("dtpr:"), slug)
            return self._text(term.name) if term else escape(slug)
        body = self.declared.get(kind, {}).get(slug)
        title = getattr(body, "title", None)
        said = self._text(title) if isinstance(title, Text) else escape(slug)
        if body is None or self.link is None:
            return said
        return Markup('<a href="{}">{}</a>').format(self.link(kind, slug), said)


def _address(value: str) -> Markup:
    if value.startswith(("https://", "http://")):
        return Markup('<a href="{0}" rel="noopener">{0}</a>').format(value)
    return escape(value)
