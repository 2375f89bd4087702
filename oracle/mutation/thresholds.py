"""A threshold of 0, which clips nothing, taken for one that leaves nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from oracle.mutation.suspects import ARGUMENT, Suspect
from oracle.systems.base import Program, Spec

THRESHOLDS = ("clipnorm", "global_clipnorm", "clipvalue")


def zero_clips(spec: Spec, hyper: Mapping[str, Any]) -> Iterator[Suspect]:
    """Yield the program that clips by a threshold of 0."""
    for name in THRESHOLDS:
        if _is_zero(hyper, name):
            told = f"{name}=0 taken for a threshold, instead of for none"
            yield Suspect(told, (ARGUMENT, 0), partial(_clipping, spec, name))


def _clipping(spec: Spec, name: str, hyper: Mapping[str, Any]) -> Program:
    program = spec.program(hyper)
    if not _is_zero(hyper, name):
        return program
    return replace(program, hyper={**program.hyper, name: 1.0})


def _is_zero(hyper: Mapping[str, Any], name: str) -> bool:
    return bool(hyper.get(name) == 0)
