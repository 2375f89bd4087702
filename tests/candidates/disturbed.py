"""The oracle's own run, each parameter a step away from where it should be, in any precision."""

from __future__ import annotations

from itertools import count

import numpy as np

import oracle
from oracle import Implementation
from oracle.arithmetic.doubles import Doubles, as_floats
from oracle.dtypes import DTYPES
from oracle.problem import Problem
from oracle.trajectories import states

HALF = ("float16", "bfloat16")


def stepping(spec_id):
    """Return a factory for a spec, which it runs in float64."""
    spec = oracle.spec(spec_id)

    def factory(params, **hyper):
        start, given = [p.copy() for p in params], []
        every = (Problem.checked(spec, start, [given.pop()]).grads[0] for _ in count())
        run = states(Doubles(), spec.program(hyper), Problem(tuple(start), every))
        next(run)

        def step(grads):
            given.append(grads)
            exact = [as_floats(number) for number in next(run).params]
            return [
                np.asarray(p + (1 + abs(p)) * 3, q.dtype) for p, q in zip(exact, start, strict=True)
            ]

        return step

    return factory


def candidate(name, dtypes=DTYPES, **precision):
    """Return the candidate with a claim for every spec, in one declared precision."""
    found = Implementation(
        name,
        dtypes=dtypes,
        schedules=True,
        missing_gradients=True,
        sparse_gradients=True,
        **precision,
    )
    for spec_id in oracle.specs():
        found.implements(spec_id)(stepping(spec_id))
    return found


own = candidate("own")
wider = candidate("wider", HALF, compute_dtype="float32")
held_wide = candidate("held_wide", hyper_dtype="float64")
held_narrow = candidate("held_narrow", hyper_dtype="float32")
held_apart = candidate("held_apart", hyper_dtype={"learning_rate": "float64", "*": "float32"})
