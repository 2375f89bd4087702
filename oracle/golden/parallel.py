"""The fixtures of several specs at once, in worker processes that never outlive their parent."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TypeVar

from oracle.golden.compute import document_for
from oracle.golden.given import missing_records
from oracle.golden.model import GoldenError
from oracle.golden.read import Document, path_of, recorded_ids
from oracle.systems.own import load
from oracle.systems.registered import loaded

Outcome = tuple[str, "Document | GoldenError"]

T = TypeVar("T")
R = TypeVar("R")


def documents(specs: Sequence[str], folder: Path, jobs: int) -> Iterator[Outcome]:
    """Yield (spec, its fixture or why there is none) as each is ready, in any order.

    It has all shared cases that a spec can have, and the drawn ones of the file in ``folder``.
    """
    return spread(partial(_outcome, folder), specs, jobs)


def spread(work: Callable[[T], R], items: Sequence[T], jobs: int) -> Iterator[R]:
    """Yield ``work(item)`` for every item as each is ready, in any order, from ``jobs`` processes.

    Raises `GoldenError` where a process dies.
    """
    if jobs <= 1 or len(items) <= 1:
        yield from map(work, items)
        return
    context = multiprocessing.get_context("spawn")
    others = multiprocessing.active_children()
    pool = ProcessPoolExecutor(min(jobs, len(items)), context, _begin, (loaded(),))
    try:
        for done in as_completed([pool.submit(work, item) for item in items]):
            yield done.result()
    except BrokenProcessPool as error:
        raise GoldenError(
            "a worker process died, perhaps for want of memory; go on with `--jobs 1`"
        ) from error
    except BaseException:
        _end([child for child in multiprocessing.active_children() if child not in others])
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _end(workers: Sequence[BaseProcess]) -> None:
    """Do not make whoever pressed Ctrl-C wait for fixtures that nobody will see."""
    for worker in workers:
        worker.terminate()


def _outcome(folder: Path, spec: str) -> Outcome:
    try:
        recorded = recorded_ids(path_of(spec, folder))
        missing = missing_records(spec, recorded)
        return spec, document_for(spec, [*recorded, *missing], list(missing.values()))
    except GoldenError as error:
        return spec, error


def _begin(references: Sequence[str]) -> None:
    """Know the specs that the parent knows, and live no longer than it."""
    _live_no_longer_than_parent()
    for reference in references:
        load(reference)


def _live_no_longer_than_parent() -> None:
    """Leave Ctrl-C to the parent, and end with it even when it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
