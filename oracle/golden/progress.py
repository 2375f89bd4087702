"""How far long work has come: a bar on a terminal, a line now and then in a log."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

T = TypeVar("T")

EVERY = 5.0
"""Seconds between two lines in a log; what takes no longer writes none."""


def with_progress(items: Iterable[T], total: int, label: str) -> Iterator[T]:
    """Yield the items, and show on stderr how many are done."""
    console = Console(stderr=True)
    shown = _with_bar if console.is_terminal else _with_lines
    yield from shown(console, items, total, label)


def _with_bar(console: Console, items: Iterable[T], total: int, label: str) -> Iterator[T]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(label, total=total)
        for item in items:
            yield item
            progress.advance(task)


def _with_lines(console: Console, items: Iterable[T], total: int, label: str) -> Iterator[T]:
    begin = told = time.monotonic()
    for done, item in enumerate(items, 1):
        yield item
        now = time.monotonic()
        if now - told >= EVERY and done < total:
            console.out(f"{done} of {total} {label}, {now - begin:.0f} s", highlight=False)
            told = now
