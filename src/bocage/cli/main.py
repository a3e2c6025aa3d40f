"""The `bocage` command: its groups, and the one place where failures become exit codes."""

import sys
from pathlib import Path

import click

from bocage.cli import certificates, declarations, measures, models, people, running, shared, stores
from bocage.cli.say import language, say, spoken, tell_failure
from bocage.domain.errors import BocageError
from bocage.domain.text import message as _

# What a script may rely on; anything else is a fault of Bocage itself (1 with a traceback).
EXIT_CODES = {"invalid": 2, "payload": 2, "setting": 2, "missing": 3, "conflict": 4, "refused": 5, "unavailable": 6}


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    help=_("Bocage: the software of a territory that keeps its word."),
)
@click.option(
    "--settings",
    "path",
    envvar="BOCAGE_SETTINGS",
    default="bocage.toml",
    show_default=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help=_("The settings file of the instance."),
)
@click.version_option(package_name="bocage")
@click.pass_context
def bocage(context: click.Context, path: Path) -> None:
    context.obj = path


_GROUPS = (declarations, certificates, measures, models, people, running, shared, stores)
for command in (one for group in _GROUPS for one in group.COMMANDS):
    bocage.add_command(command)


def main() -> None:
    """Run the command line; a failure is told in its sentence and ends with its code."""
    try:
        spoken(bocage, language())(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        say(_("Interrupted."))
        sys.exit(130)
    except BocageError as error:
        tell_failure(error, language())
        sys.exit(EXIT_CODES.get(error.code, 1))
