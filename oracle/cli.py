"""The command ``oracle``; each of its commands is a module of its own, imported when it is run."""

from __future__ import annotations

from importlib import import_module

import click

from oracle import __version__
from oracle.errors import OracleError

FINE, FOUND, USAGE = 0, 1, 2
"""Exit codes: all is right; something was found; the command was not understood."""

_COMMANDS = {
    "list": "List the specs: optimizers as a library defines them.",
    "show": "Show one spec: arguments, defaults, slots, formula, sources.",
    "generate": "Compute golden fixtures anew, with two independent witnesses.",
    "check": "Say which fixtures are stale, missing, damaged or edited.",
    "lint": "Say which fixtures are not worth reading, by rule.",
    "precision": "Say what a candidate may lose by how it holds its hyperparameters.",
    "measure": "Measure what the operations of a library on a device really lose.",
    "identify": "Say which library's optimizer a candidate is, whatever it claims.",
    "teeth": "Say which wrong optimizers the fixtures let pass.",
    "docs": "Write the reference of every spec as Markdown, or say which pages are stale.",
    "report": "Put the reports of several runs into one table of verdicts.",
    "setup": "Make the environment of an old library (TensorFlow 1.15 with Keras 2.3.1).",
    "smoke": "Say what is wrong with a worker (--impl=cmd:...) before its numbers are judged.",
}


class _Commands(click.Group):
    """The commands by name, so that help for one does not import what the others need."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"oracle.commands.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> object:
        from oracle.systems.registered import as_before

        try:
            with as_before():
                return super().invoke(ctx)
        except OracleError as error:
            raise click.UsageError(str(error)) from error


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="oracle")
def main() -> None:
    """The exact answer for every optimizer step, and how far honest rounding may stray.

    \b
    Look around:       oracle list 'keras3/*'
                       oracle show keras3/Adam
    Keep fixtures:     oracle generate --only 'keras3/*' --jobs 2
                       oracle check --fast
                       oracle lint
    Judge a library:   pytest --impl=numpy

    Exit codes: 0 all is right, 1 something was found, 2 the command was not understood.
    """
