"""What averages gradients over steps is bounded by every way to keep their mean."""

from __future__ import annotations

import numpy as np
import pytest

import oracle
from oracle.bulk import bulk
from oracle.systems.tf1.wrappers.sync import pattern

GROUP = 5
SPECS = {
    "keras3/SGD": {"learning_rate": 1.0, "gradient_accumulation_steps": GROUP},
    "tf.train/SyncReplicasOptimizer": {
        "opt": {"class_name": "GradientDescentOptimizer", "config": {"learning_rate": 1.0}},
        "replicas_to_aggregate": GROUP,
    },
}


def gradients(size: int = 512):
    rng = np.random.default_rng(5)
    rows = rng.normal(size=(GROUP, size))
    rows[1] *= 1000
    rows[2] = -rows[1] * (1 + 1e-3 * rng.normal(size=size))
    return rows.astype(np.float32)


def running_mean(rows):
    mean = np.zeros_like(rows[0])
    for k, row in enumerate(rows, 1):
        mean = mean + (row - mean) / np.float32(k)
    return mean


@pytest.mark.parametrize("id", SPECS)
def test_a_running_mean_lies_in_the_bound(id):
    rows, start = gradients(), np.zeros(512, np.float32)
    *_, last = bulk(id, [start], [[row] for row in rows], SPECS[id], dtype="float32")
    [interval] = last.params
    assert 0.2 < np.max(interval.ratio_of(start - running_mean(rows))) <= 1


@pytest.mark.parametrize("id", SPECS)
def test_the_sum_that_is_shown_is_held_to_a_sum(id):
    rows = gradients()[: GROUP - 1]
    run = oracle.trajectory(id, [np.zeros(512, np.float32)], [[row] for row in rows], SPECS[id])
    bound = run.slot_bound("float32")[-1]["accumulated_gradient"][0]
    assert np.all(bound <= 2.0**-24 * np.sum(np.abs(np.cumsum(rows, axis=0)), axis=0) * 1.001)


def test_a_gradient_that_is_dropped_is_charged_nothing():
    """The sixth one is stale."""
    id, hyper = "tf.train/SyncReplicasOptimizer", SPECS["tf.train/SyncReplicasOptimizer"]
    assert pattern(2 * GROUP, GROUP, GROUP)[GROUP] == (False, False)
    rows = np.ones((2 * GROUP + 1, 1), np.float32)
    *_, small = bulk(id, [rows[0]], [[row] for row in rows], hyper, dtype="float32")
    rows[GROUP] = 1e6
    *_, before, large = bulk(id, [rows[0]], [[row] for row in rows], hyper, dtype="float32")
    assert large.params[0].bound == small.params[0].bound
    assert large.params[0].truth.hi == small.params[0].truth.hi != before.params[0].truth.hi
