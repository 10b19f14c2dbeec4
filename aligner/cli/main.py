"""The command `aligner`: its subcommands, each loaded only when it is called, and the exit codes."""

from __future__ import annotations

import importlib
import sys
from typing import Final

import click

from aligner.errors import (
    EXIT_DONE,
    EXIT_FAILED,
    EXIT_INTERRUPTED,
    EXIT_USAGE,
    AlignerError,
    KeyRefused,
    UsageError,
)

COMMANDS: Final = {
    "run": "speak documents: mp3 with captions and word timings",
    "caption": "make new captions from timing files, without speaking",
    "voices": "list what the engine can speak with",
    "latency": "measure how fast an engine answers",
    "serve": "run the embedded speech service by itself",
}


class _Group(click.Group):
    """Subcommands by name: start-up stays fast because their libraries are not loaded to print a help text."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"aligner.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="aligner")
def cli() -> None:
    """Turn documents into speech with captions that are exactly on time.

    Start with:  aligner run FOLDER --out OUT
    """


def main() -> None:
    """Run the command line; every error becomes one sentence and an exit code."""
    sys.exit(call(sys.argv[1:]))


def call(arguments: list[str]) -> int:
    """Run a command line and give its exit code: 0, 1, 2 or 130."""
    try:
        code = cli.main(arguments, "aligner", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return EXIT_USAGE
    except (UsageError, KeyRefused) as error:
        click.echo(f"Error: {error}", err=True)
        return EXIT_USAGE
    except AlignerError as error:
        click.echo(f"Error: {error}", err=True)
        return EXIT_FAILED
    except (KeyboardInterrupt, click.Abort):
        click.echo("Interrupted: what was done stays; the same command goes on from there.", err=True)
        return EXIT_INTERRUPTED
    return code if isinstance(code, int) else EXIT_DONE


if __name__ == "__main__":
    main()
