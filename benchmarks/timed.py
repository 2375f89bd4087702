"""Candidates that measure their own time: ``pytest --impl=benchmarks/timed.py:numpy``.

The seconds spent inside the candidate are appended to the file that TIMED_SECONDS names when
pytest ends, so that `benchmarks/suites.py` can tell them from the seconds of the checking.
"""

from __future__ import annotations

import atexit
import os
import time
from collections.abc import Callable
from typing import Any

from oracle import Implementation
from oracle.adapters.keras import keras as real_keras
from oracle.adapters.numpy import numpy as real_numpy

_seconds = 0.0


@atexit.register
def _write() -> None:
    path = os.environ.get("TIMED_SECONDS")
    if path:
        with open(path, "a") as file:
            file.write(f"{_seconds}\n")


def _timed(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        global _seconds
        start = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            _seconds += time.perf_counter() - start

    return call


class _TimedStep:
    """A candidate whose every method counts."""

    def __init__(self, candidate: Any) -> None:
        self.step = _timed(getattr(candidate, "step", candidate))
        if hasattr(candidate, "slots"):
            self.slots = _timed(candidate.slots)


def _timed_factory(build: Callable[..., Any]) -> Callable[..., _TimedStep]:
    def factory(params: Any, **hyper: Any) -> _TimedStep:
        return _TimedStep(build(params, **hyper))

    return factory


def _timed_implementation(real: Implementation) -> Implementation:
    copy = Implementation(
        real.name,
        dtypes=real.dtypes,
        known_failures=real.known_failures,
        slow=real.slow,
        schedules=real.schedules,
        missing_gradients=real.missing_gradients,
    )
    for claim in real.claims:
        copy.implements(
            claim.spec,
            mode=claim.mode,
            dtypes=claim.dtypes,
            hyper_dtype=claim.hyper_dtype,
            compute_dtype=claim.compute_dtype,
            flushes_subnormals=claim.flushes_subnormals,
            reciprocal_math=claim.reciprocal_math,
            compiles=claim.compiles,
        )(_timed_factory(_timed(claim.factory)))
    return copy


numpy = _timed_implementation(real_numpy)
keras = _timed_implementation(real_keras)
