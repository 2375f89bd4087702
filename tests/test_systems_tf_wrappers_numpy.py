"""The wrapping optimizers against numpy, written once more; numpy gone wrong is out of bounds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import oracle

RATE, KEPT = 0.25, 0.5
OPT = {"class_name": "MomentumOptimizer", "config": {"learning_rate": RATE, "momentum": KEPT}}
STEPS, SHAPE = 8, (3, 4)


class Momentum:
    """Gradient descent with momentum, the rate outside the buffer."""

    def __init__(self) -> None:
        self.buffer = np.zeros(SHAPE)

    def __call__(self, p: Any, g: Any) -> Any:
        self.buffer = KEPT * self.buffer + g
        return p - RATE * self.buffer


def averaging(p, grads, *, before=False):
    """The averages; ``before`` takes the parameter before its update in."""
    step, average = Momentum(), p
    for g in grads:
        new = step(p, g)
        average = 0.75 * average + 0.25 * (p if before else new)
        p = new
        yield average


def multitask(p, grads, *, steps_anyway=False):
    step = Momentum()
    for g in grads:
        if g.any() or steps_anyway:
            p = step(p, g)
        yield p


def clipping(p, grads, *, inverted=False, gradient=False, axis=1):
    step = Momentum()

    def clip(x):
        norm = np.sqrt(np.sum(x**2, axis=axis, keepdims=True))
        return np.where(norm > 0.75, x * (norm / 0.75 if inverted else 0.75 / norm), x)

    for g in grads:
        p = step(p, clip(g)) if gradient else clip(step(p, g))
        yield p


def dropping(p, grads, *, applies=False):
    """Under a staleness of -1 everything is dropped."""
    step = Momentum()
    for g in grads:
        if applies:
            p = step(p, g)
        yield p


def elastic(p, grads, *, pulls=True, moves=True, lags=True):
    step, local, center = Momentum(), p, p
    for t, g in enumerate(grads, 1):
        p = step(p, g + 0.5 * (p - local) if pulls else g)
        if t % 2 == 0:
            local, moved = center, 0.125 * (p - center)
            center = center + moved
            p = p - moved if moves else p
            local = local if lags else center
        yield p


def accumulated(p, grads, *, keeps=False, sums=False, shares=False):
    """One step by the mean gradient every two; ``keeps`` goes on from where the parameter is."""
    local, far, center, total = Momentum(), Momentum(), p, 0.0
    far = local if shares else far
    for t, g in enumerate(grads, 1):
        p, total = local(p, g), total + g
        if t % 2 == 0:
            center = far(center, total if sums else total / 2)
            p, total = (p if keeps else center), 0.0
        yield p


def replicas(p, grads, *, stale=False, sums=False):
    """The third gradient is stale; the means of two others are applied."""
    step, held = Momentum(), []
    for t, g in enumerate(grads, 1):
        held += [g] if t != 3 or stale else []
        if len(held) == 2:
            p, held = step(p, sum(held) if sums else sum(held) / 2), []
        yield p


Run = Callable[..., Any]
ALONE = {"num_worker": 1, "communication_period": 2}
CASES: dict[str, tuple[str, Run, dict[str, Any], tuple[dict[str, Any], ...]]] = {
    "average": (
        "tf.contrib.opt/MovingAverageOptimizer",
        averaging,
        {"opt": OPT, "average_decay": 0.75},
        ({"before": True},),
    ),
    "multitask": (
        "tf.contrib.opt/MultitaskOptimizerWrapper",
        multitask,
        {"opt": OPT},
        ({"steps_anyway": True},),
    ),
    "clipping": (
        "tf.contrib.opt/VariableClippingOptimizer",
        clipping,
        {"opt": OPT, "vars_to_clip_dims": {"0": [1]}, "max_norm": 0.75},
        ({"inverted": True}, {"gradient": True}, {"axis": 0}, {"axis": None}),
    ),
    "dropping": (
        "tf.contrib.opt/DropStaleGradientOptimizer",
        dropping,
        {"opt": OPT, "staleness": -1},
        ({"applies": True},),
    ),
    "elastic": (
        "tf.contrib.opt/ElasticAverageOptimizer",
        elastic,
        {"opt": OPT, **ALONE, "moving_rate": 0.125, "rho": 0.5},
        ({"pulls": False}, {"moves": False}, {"lags": False}),
    ),
    "accumulated": (
        "tf.contrib.opt/AGNOptimizer",
        accumulated,
        {"optimizer": OPT, **ALONE},
        ({"keeps": True}, {"sums": True}, {"shares": True}),
    ),
    "replicas": (
        "tf.train/SyncReplicasOptimizer",
        replicas,
        {"opt": OPT, "replicas_to_aggregate": 2},
        ({"stale": True}, {"sums": True}),
    ),
}
WRONG = [(name, wrong) for name, case in CASES.items() for wrong in case[3]]


def errors(name: str, **wrong: Any) -> list[Any]:
    """By how many bounds numpy's elements are off, step by step."""
    id, run, hyper, _ = CASES[name]
    rng = np.random.default_rng(11)
    start = rng.normal(size=SHAPE)
    grads = [rng.normal(size=SHAPE) * (t not in (2, 5)) for t in range(STEPS)]
    if name != "multitask":
        grads = [rng.normal(size=SHAPE) for _ in range(STEPS)]
    exact = oracle.trajectory(id, [start], [[g] for g in grads], hyper)
    bounds = exact.bounds("float64", flushes_subnormals=False)
    truth, bound = [p[0] for p in exact.params], [b.params[0] for b in bounds]
    if name == "average":
        truth = [slots["average"][0] for slots in exact.slots]
        bound = [b.slots["average"][0] for b in bounds]
    got = run(start, grads, **wrong)
    return [np.abs(np.asarray(truth[t], float) - x) - bound[t] for t, x in enumerate(got, 1)]


@pytest.mark.parametrize("name", CASES)
def test_numpy_stays_within_the_bounds(name):
    assert max(error.max() for error in errors(name)) <= 0


@pytest.mark.parametrize(("name", "wrong"), WRONG)
def test_numpy_gone_wrong_does_not(name, wrong):
    assert max(error.max() for error in errors(name, **wrong)) > 1e-3
