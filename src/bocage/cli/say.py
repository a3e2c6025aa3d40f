"""How commands speak: French unless the terminal says English, on the error stream when it failed."""

import copy
import os

import click

from bocage import words
from bocage.domain.errors import BocageError, Refused
from bocage.domain.text import message as _

_LABELS = {
    "invalid": _("This is not of the expected form"),
    "payload": _("These bytes cannot be read"),
    "setting": _("The settings file is wrong"),
    "missing": _("This does not exist"),
    "conflict": _("This does not fit what is there"),
    "unavailable": _("Impossible for now"),
}


def language() -> str:
    """The language of the terminal: French unless LC_ALL, LC_MESSAGES or LANG says English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "en" if value.lower().startswith("en") else "fr"
    return "fr"


def translated(message: str, **values: object) -> str:
    """A message in the terminal's language, its values filled in."""
    return words.translate(message, language()).format(**values)


def say(message: str, **values: object) -> None:
    """One line for the person at the terminal."""
    click.echo(translated(message, **values))


def spoken(command: click.Command, lang: str) -> click.Command:
    """The same command, its help in this language."""
    told = copy.copy(command)
    told.help = words.translate(command.help or "", lang) or None
    told.params = [_spoken_option(one, lang) for one in command.params]
    if isinstance(command, click.Group) and isinstance(told, click.Group):
        told.commands = {name: spoken(one, lang) for name, one in command.commands.items()}
    return told


def _spoken_option(parameter: click.Parameter, lang: str) -> click.Parameter:
    if not isinstance(parameter, click.Option):
        return parameter
    told = copy.copy(parameter)
    told.help = words.translate(parameter.help or "", lang) or None
    return told


def _in(lang: str, message: str, error: BocageError) -> str:
    told = words.translate(message, lang)
    try:
        return told.format_map(error.values)
    except (KeyError, ValueError):  # braces of its own: it quotes what was found
        return told


def tell_failure(error: BocageError, lang: str) -> None:
    """A failure on the error stream: what was expected, what was found, what to do; refusals in four lines."""
    if isinstance(error, Refused):
        for refusal in error.refusals:
            sentence = words.sentence(refusal, lang)
            for line in (sentence.what, sentence.why, sentence.rule, sentence.way_out):
                click.echo(line, err=True)
        return
    label = words.translate(_LABELS.get(error.code, _("It failed")), lang)
    parts = (_in(lang, error.expected, error), error.found, _in(lang, error.remedy, error))
    space = "" if lang == "en" else "\N{NARROW NO-BREAK SPACE}"
    click.echo(f"{label}{space}: " + f"{space}; ".join(part for part in parts if part), err=True)
