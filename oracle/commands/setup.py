"""``oracle setup``."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import click

from oracle.adapters.tf1 import environment


@click.command("setup")
@click.argument("what", type=click.Choice(["tf1"]))
@click.option("--python", "interpreter", type=click.Path(path_type=Path), help="A Python 3.7.")
@click.pass_context
def command(ctx: click.Context, what: str, interpreter: Path | None) -> None:
    """Make the environment that an old library needs.

    tf1 is TensorFlow 1.15.5 with Keras 2.3.1 under Python 3.7, for `pytest --impl=keras2` and
    `pytest --impl=tf1`. It goes to the user's cache; doing it again changes nothing.

    \b
    Examples:  oracle setup tf1
               oracle setup tf1 --python /opt/python3.7/bin/python3.7

    Exit codes: 0 it is there, 1 it could not be made, 2 wrong usage, 3 no Python 3.7.
    """
    folder = environment.home()
    if environment.complete(folder):
        click.echo(f"{folder} is complete")
        return
    python = interpreter or environment.find_python37()
    if python is None:
        click.echo(environment.NO_PYTHON, err=True)
        ctx.exit(3)
    _make(ctx, python, folder)
    click.echo(f"{folder} is complete; now: pytest --impl=keras2")


def _make(ctx: click.Context, python: Path, folder: Path) -> None:
    """Build beside the final place and move it there, so that nobody finds a half environment."""
    unfinished = folder.with_name(f"{folder.name}.{os.getpid()}")
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    try:
        for words in environment.commands(python, unfinished):
            click.echo("$ " + " ".join(words))
            if subprocess.run(words, check=False).returncode:
                click.echo("this failed; what was made of the environment is removed", err=True)
                ctx.exit(1)
        if not environment.complete(unfinished):
            click.echo("the libraries are installed, but cannot be imported", err=True)
            ctx.exit(1)
        shutil.rmtree(folder, ignore_errors=True)
        unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
