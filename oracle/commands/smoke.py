"""``oracle smoke``."""

from __future__ import annotations

import shlex

import click

from oracle.adapters.worker.process import Process
from oracle.adapters.worker.smoke import smoke
from oracle.commands.options import own


@click.command("smoke")
@click.argument("worker", metavar="cmd:PROGRAM")
@own
@click.pass_context
def command(ctx: click.Context, worker: str, own: list[str]) -> None:
    """Say what is wrong with a worker's messages, before its numbers are judged.

    Every claim is run in every dtype, and each answer held to the schema of
    docs/worker-protocol.md.

    \b
    Examples:  oracle smoke 'cmd:./my_worker --fast'
               oracle smoke 'cmd:node worker.js'

    Exit codes: 0 all is right, 1 something was found, 2 wrong usage.
    """
    words = shlex.split(worker.removeprefix("cmd:"))
    if not worker.startswith("cmd:") or not words:
        raise click.UsageError(f"{worker!r} is not cmd:PROGRAM ARGS, as for --impl")
    process = Process(words)
    troubles = 0
    for outcome in smoke(process):
        troubles += bool(outcome.trouble)
        click.echo(f"{'wrong' if outcome.trouble else 'ok':<6} {outcome.tried}")
        if outcome.trouble:
            click.echo(f"       {outcome.trouble}")
    process.close()
    if troubles:
        ctx.exit(1)
