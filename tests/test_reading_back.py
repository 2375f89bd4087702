"""A candidate that computes wider than it stores may read a slot back within the same step."""

from __future__ import annotations

import numpy as np
import pytest

import oracle
from oracle.rules.adam import adam_epsilon_hat, amsgrad_epsilon_hat
from oracle.rules.sgd import sgd_momentum
from oracle.truth import Truth

HYPER = {"learning_rate": 1.0, "beta_1": 0.5, "beta_2": 0.0, "epsilon": 1.0}


def adam_that_reads_back(p, gradients, storage):
    m = v = np.zeros_like(p)
    for t, g in enumerate(gradients, 1):
        wide = [x.astype(np.float64) for x in (p, m, v, g)]
        p, m, v, g = wide
        m = (0.5 * m + 0.5 * g).astype(storage).astype(np.float64)
        v = (g**2).astype(storage).astype(np.float64)
        alpha = 1 / (1 - 0.5**t)
        p = p - alpha * m / (np.sqrt(v) + 1.0)
        p, m, v = (x.astype(storage) for x in (p, m, v))
    return p


@pytest.mark.parametrize("storage", ["float16", "float32"])
def test_such_an_adam_is_within_the_bound(storage):
    random = np.random.default_rng(0)
    p = np.zeros(2000, storage)
    gradients = [random.normal(size=2000).astype(storage) for _ in range(3)]
    run = oracle.trajectory("keras3/Adam", [p], [[g] for g in gradients], HYPER)
    got = adam_that_reads_back(p, gradients, storage)
    error = Truth.of(run.params[3][0]).error_of(got)
    assert np.all(error <= run.bound(storage, "float64", "float64")[3][0])


def test_without_a_wider_arithmetic_nothing_is_added():
    p, g = np.float32([1.0]), np.float32([0.3])
    run = oracle.trajectory("keras3/Adam", [p], [[g]], HYPER)
    assert run.bound("float32") == run.bound("float32", "float32", "float32")


def names_kept(rule):
    kept = []

    class Xp:
        keeps = True

        def keep(self, new, old):
            kept.append(old)
            return new

        def __getattr__(self, name):
            return lambda *operands: operands[0]

    slots = tuple(range(2, 2 + len(rule.slots)))
    rule(Xp(), 1, 1.0, 1.0, slots, dict.fromkeys(rule.hyper, 0.5))
    return kept


@pytest.mark.parametrize(
    ("rule", "kept"),
    [(sgd_momentum, [2]), (adam_epsilon_hat, [2, 3]), (amsgrad_epsilon_hat, [2, 3, 4])],
)
def test_every_slot_is_kept_where_it_is_assigned(rule, kept):
    assert names_kept(rule) == kept
