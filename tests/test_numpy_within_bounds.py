"""The candidate `numpy` and the oracle agree within the bound, whatever the hyperparameters.

They are written independently from the same sources, so that a disagreement is a mistake in one.
"""

from __future__ import annotations

from functools import cache
from random import Random

import numpy as np
import pytest

import oracle
from oracle import trajectory
from oracle.adapters.numpy import numpy as candidate
from oracle.dtypes import DTYPES, float_type
from oracle.record import Record
from oracle.specification.domains import ScheduledRate
from oracle.verdict import judge

CLAIMS = {claim.spec: claim for claim in candidate.claims}
RUNS = 4
STARTS = (1, 1, 0, 1)
"""The scale of each start; from 0 an update is visible however small it is."""

SCHEDULES = (
    {
        "class_name": "ExponentialDecay",
        "config": {"initial_learning_rate": 0.1, "decay_steps": 3, "decay_rate": 0.5},
    },
    {
        "class_name": "PiecewiseConstantDecay",
        "config": {"boundaries": [0, 2], "values": [0.5, 0.1, 0.25]},
    },
    {
        "class_name": "PolynomialDecay",
        "config": {"initial_learning_rate": 0.5, "decay_steps": 2, "power": 2.0, "cycle": True},
    },
    {
        "class_name": "InverseTimeDecay",
        "config": {"initial_learning_rate": 0.1, "decay_steps": 3, "decay_rate": 0.5},
    },
    {
        "class_name": "CosineDecay",
        "config": {
            "initial_learning_rate": 0.01,
            "decay_steps": 3,
            "alpha": 0.1,
            "warmup_target": 0.5,
            "warmup_steps": 2,
        },
    },
    {
        "class_name": "CosineDecayRestarts",
        "config": {"initial_learning_rate": 0.5, "first_decay_steps": 2, "m_mul": 0.5},
    },
)

CLIPS = ("clipnorm", "clipvalue", "global_clipnorm")
"""Keras 3 takes at most one of them."""


def values_of(argument):
    """The default, which is drawn more often, and what the domain shows the argument by."""
    domain = argument.domain
    shown = [*domain.coarse, *domain.others, *domain.decimals]
    scheduled = SCHEDULES if isinstance(domain, ScheduledRate) else ()
    return [argument.default, argument.default, *shown, *scheduled]


def drawn_hyper(spec, random):
    arguments = oracle.spec(spec).arguments
    hyper = {name: random.choice(values_of(argument)) for name, argument in arguments.items()}
    hyper = {n: value for n, value in hyper.items() if value is not None and CLAIMS[spec].takes(n)}
    clips = [name for name in CLIPS if name in hyper]
    kept = random.choice(clips) if clips and spec.startswith("keras3/") else None
    return {n: v for n, v in hyper.items() if kept is None or n not in CLIPS or n == kept}


@cache
def run(spec, number):
    """One random run in numbers that every dtype can hold, and its truth."""
    random = Random(f"{spec} {number}")
    rng = np.random.default_rng(random.getrandbits(32))
    coarsest = float_type("bfloat16")
    shapes, steps = [(3,), (), (5, 1), (0,)], random.choice((1, 3, 6))

    def normal(shape, scale):
        return coarsest.round(rng.normal(size=shape) * scale)

    params = [normal(shape, scale) for shape, scale in zip(shapes, STARTS, strict=True)]
    scales = [random.choice((1e-4, 0.01, 1, 10)) for _ in shapes]
    grads = [[normal(s, c * random.choice((1, 1, 0))) for s, c in zip(shapes, scales, strict=True)]]
    grads += [[normal(s, c) for s, c in zip(shapes, scales, strict=True)] for _ in range(steps - 1)]
    if spec.startswith("keras3/") and random.random() < 0.5:
        for row in grads:
            row[random.randrange(2)] = None
    return trajectory(spec, params, grads, drawn_hyper(spec, random))


def observations(spec, truth, dtype):
    kind = float_type(dtype).numpy
    optimizer = CLAIMS[spec].factory([p.astype(kind) for p in truth.problem.params], **truth.hyper)
    for t, row in enumerate(truth.problem.grads, 1):
        params = optimizer.step([None if g is None else g.astype(kind) for g in row])
        slots = optimizer.slots()
        assert set(slots) == set(truth.slots[t])
        yield Record.of(t, params, slots)


@pytest.mark.long
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("spec", CLAIMS)
def test_candidate_stays_within_the_bound(spec, dtype):
    checked = 0
    for number in range(RUNS):
        truth = run(spec, number)
        verdict = judge(
            dtype,
            truth.problem.params,
            list(truth.intervals(dtype=dtype, flushes_subnormals=False))[1:],
            list(observations(spec, truth, dtype)),
        )
        assert not verdict.failed, f"{verdict.worst}, {truth.hyper}"
        checked += verdict.real
    assert checked, "no bound is smaller than its update"
