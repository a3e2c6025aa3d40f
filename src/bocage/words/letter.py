"""The frame of every mail: one sober sheet, as plain text and as HTML that says the same."""

import textwrap
from html import escape

import msgspec

from bocage.domain.letter import Letter
from bocage.domain.text import message as _
from bocage.words.catalogue import language, translate

WIDTH = 72
_INK, _STONE, _HEDGE, _LINE, _PAPER = "#1d2420", "#5a635c", "#2d5a3d", "#d6d6c8", "#fbfaf6"
_FONT = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """The one thing to do: the words of the link and its whole address."""

    words: str
    address: str


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a mail says, in the reader's language already.

    `subject` is the title of the sheet too. `lines` are paragraphs, `facts` pairs of a name and a value. `why`: why
    this person receives it, at the foot. `sender`: who writes (the territory).
    """

    subject: str
    lines: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    action: Action | None = None
    why: str = ""
    sender: str = "Bocage"


def letter(said: Said, to: str, lang: str, *, until: int = 0) -> Letter:
    """The letter of what is said. Titles people wrote lose their line breaks in the subject and the sender's name."""
    spoken = language(lang)
    return Letter(
        to=to,
        subject=_one_line(said.subject),
        text=_text(said, spoken),
        html=_html(said, spoken),
        sender=_one_line(said.sender),
        lang=spoken,
        until=until,
    )


def _one_line(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _foot(said: Said, lang: str) -> tuple[str, ...]:
    automatic = translate(_("This mail was sent by itself; nobody reads answers to it."), lang)
    return (said.why, automatic) if said.why else (automatic,)


def _text(said: Said, lang: str) -> str:
    blocks = [_wrapped(part) for part in (said.subject, *said.lines)]
    if said.facts:
        colon = ": " if lang == "en" else "\u00a0: "
        blocks.append("\n".join(f"{name}{colon}{value}" for name, value in said.facts))
    if said.action:
        blocks.append(f"{said.action.words}\n{said.action.address}")
    # Two hyphens and a space: mail readers know what follows as a signature.
    foot = "\n".join(["-- ", said.sender, *(_wrapped(line) for line in _foot(said, lang))])
    return "\n\n".join([*blocks, foot]) + "\n"


def _wrapped(paragraph: str) -> str:
    return "\n".join(
        textwrap.fill(line, WIDTH, break_long_words=False, break_on_hyphens=False) for line in paragraph.splitlines()
    )


def _html(said: Said, lang: str) -> str:
    body = "".join(f'<p style="margin:0 0 16px">{_broken(line)}</p>' for line in said.lines)
    small = f"font-size:13px;line-height:1.5;color:{_STONE}"
    foot = "".join(f'<p style="margin:0 0 4px;{small}">{_broken(line)}</p>' for line in _foot(said, lang))
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light">'
        f"<title>{escape(said.subject)}</title></head>"
        f'<body style="margin:0;padding:24px 12px;background:{_PAPER};color:{_INK};font:16px/1.55 {_FONT}">'
        f'<div style="max-width:600px;margin:0 auto;padding:24px;background:#ffffff;border:1px solid {_LINE};'
        f'border-top:4px solid {_HEDGE};border-radius:4px">'
        f'<p style="margin:0 0 8px;{small}">{escape(said.sender)}</p>'
        f'<h1 style="margin:0 0 16px;font-size:22px;line-height:1.25;color:{_INK}">{escape(said.subject)}</h1>'
        f"{body}{_table(said)}{_button(said)}"
        f'<div style="margin-top:24px;padding-top:12px;border-top:1px solid {_LINE}">{foot}</div>'
        "</div></body></html>\n"
    )


def _broken(paragraph: str) -> str:
    return "<br>".join(escape(line) for line in paragraph.splitlines())


def _table(said: Said) -> str:
    if not said.facts:
        return ""
    cell = f"padding:6px 12px 6px 0;border-bottom:1px solid {_LINE};text-align:left;vertical-align:top"
    rows = "".join(
        f'<tr><th scope="row" style="{cell};font-weight:400;color:{_STONE}">{escape(name)}</th>'
        f'<td style="{cell}">{escape(value)}</td></tr>'
        for name, value in said.facts
    )
    return f'<table style="margin:0 0 16px;border-collapse:collapse;width:100%">{rows}</table>'


def _button(said: Said) -> str:
    if said.action is None:
        return ""
    address = escape(said.action.address)
    return (
        f'<p style="margin:0 0 16px"><a href="{address}" style="display:inline-block;padding:10px 16px;'
        f'background:{_HEDGE};color:#ffffff;text-decoration:none;border-radius:4px">{escape(said.action.words)}</a></p>'
        f'<p style="margin:0;font-size:13px;color:{_STONE};word-break:break-all">{address}</p>'
    )
