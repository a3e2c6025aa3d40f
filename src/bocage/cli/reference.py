"""The reference of all commands, made from the commands themselves."""

from collections.abc import Iterator

import click


def walked(group: click.Group, above: str = "bocage") -> Iterator[tuple[str, click.Command]]:
    """Every command with its whole name, those of groups after the group."""
    for name, command in sorted(group.commands.items()):
        path = f"{above} {name}"
        yield path, command
        if isinstance(command, click.Group):
            yield from walked(command, path)


def commands(group: click.Group) -> str:
    """The reference as Markdown: one section per command, with what it takes."""
    return "\n\n".join(_section(path, command) for path, command in walked(group))


def _section(path: str, command: click.Command) -> str:
    takes = [name for one in command.params if isinstance(one, click.Argument) and (name := one.make_metavar(_none()))]
    lines = [f"## `{' '.join([path, *takes])}`", "", *_paragraphs(command.help or "")]
    options = [one for one in command.params if isinstance(one, click.Option) and not one.hidden]
    if options:
        lines += ["", *(f"- `{', '.join(one.opts)}`: {one.help or ''}".rstrip(": ") for one in options)]
    return "\n".join(lines)


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.strip().split("\n")]


def _none() -> click.Context:
    return click.Context(click.Command("bocage"))
