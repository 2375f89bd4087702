"""More runs than the golden ones: coarse numbers, so that every dtype holds them exactly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

import numpy as np

from oracle.errors import OracleError
from oracle.golden import Case
from oracle.problem import Problem
from oracle.rules.rule import Rule
from oracle.sparse import Sparse
from oracle.systems.base import Spec

STEPS = 4
_SCALES = (-3, 0, 2)
"""Powers of 2 that gradients are scaled by."""


def random_problems(
    spec: Spec, rule: Rule | None, cases: Sequence[Case], count: int
) -> Iterator[tuple[dict[str, Any], Problem]]:
    """Yield ``count`` runs in which ``spec`` runs ``rule`` (None for any), as all ``cases`` do.

    Their hyperparameters are those of golden cases, with the numbers drawn anew.
    """
    random = Random(f"{spec.id} {rule.name if rule else ''}")
    for number in range(count):
        case = cases[number % len(cases)]
        hyper = _drawn_hyper(spec, rule, case.hyper, random)
        scale = 2.0 ** _SCALES[number % len(_SCALES)]
        params = [_numbers(p.shape, random) for p in case.params]
        rows = [case.grads[t % case.steps] for t in range(STEPS)]
        grads = [[_gradient(g, random, scale) for g in row] for row in rows]
        yield hyper, Problem.checked(spec, params, grads)


def _drawn_hyper(
    spec: Spec, rule: Rule | None, given: Mapping[str, Any], random: Random
) -> dict[str, Any]:
    """Return other numbers where the spec takes them and goes on to run the same rule."""
    hyper = dict(given)
    for name, argument in spec.arguments.items():
        value = hyper.get(name, argument.default)
        if isinstance(value, float) and value and random.getrandbits(2):
            drawn = {**hyper, name: (1 + random.getrandbits(4)) / 17 * _reach(value)}
            drawn[name] = round(drawn[name] * 64) / 64 or 1 / 64
            hyper = drawn if _runs(spec, rule, drawn) else hyper
    return hyper


def _reach(value: float) -> float:
    """Return how large a number may be drawn: below 1 for a share, its own double otherwise."""
    return 1.0 if 0 < value < 1 else 2.0 * value


def _runs(spec: Spec, rule: Rule | None, hyper: Mapping[str, Any]) -> bool:
    try:
        complete = spec.validate(hyper)
        sparse = spec.sparse.choose if spec.sparse else None
        if rule is None:
            return True
        return spec.rules(complete) is rule or (sparse is not None and sparse(complete) is rule)
    except (OracleError, ValueError, ArithmeticError):
        return False


def _numbers(shape: tuple[int, ...], random: Random, scale: float = 1.0) -> np.ndarray[Any, Any]:
    """Return multiples of 1/32 between -2 and 2, some of them 0."""
    size = int(np.prod(shape))
    return np.array([(random.getrandbits(7) - 64) / 32 * scale for _ in range(size)]).reshape(shape)


def _gradient(like: Any, random: Random, scale: float) -> Any:
    if like is None:
        return None
    if isinstance(like, Sparse):
        return Sparse(like.indices, _numbers(like.values.shape, random, scale))
    return _numbers(like.shape, random, scale)
