"""The gradient of the page's model is the derivative of its loss, and its bound is honest."""

from __future__ import annotations

import itertools

import mpmath
import numpy as np
import pytest
from numpy_training import gradients, gradients_by_reciprocal, softmax_as_written

from oracle.arithmetic.bounded import as_bounded
from oracle.conformance.training_cases import batches, start, training_cases
from oracle.dtypes import float_type
from oracle.training import Batch, Training, same

FEATURES, UNITS, SAMPLES = 3, 4, 2


def small() -> tuple[list[np.ndarray], Batch]:
    rng = np.random.default_rng(3)
    weights = [rng.integers(-8, 9, (FEATURES, UNITS)) / 8, rng.integers(-8, 9, UNITS) / 8]
    x = rng.integers(-8, 9, (SAMPLES, FEATURES)) / 4
    return weights, Batch(x, rng.integers(0, 2, (SAMPLES, UNITS)) * 1.0)


def loss(weights: list[mpmath.mpf], batch: Batch) -> mpmath.mpf:
    """The mean squared error, written out number by number."""
    kernel, bias = weights[: FEATURES * UNITS], weights[FEATURES * UNITS :]
    squares = []
    for x, y in zip(batch.x.tolist(), batch.y.tolist(), strict=True):
        logits = [
            bias[j] + sum(x[i] * kernel[i * UNITS + j] for i in range(FEATURES))
            for j in range(UNITS)
        ]
        total = sum(mpmath.exp(z) for z in logits)
        squares += [(mpmath.exp(z) / total - t) ** 2 for z, t in zip(logits, y, strict=True)]
    return sum(squares) / len(squares)


def test_the_gradient_is_the_derivative_of_the_loss():
    weights, batch = small()
    flat = [mpmath.mpf(w) for array in weights for w in array.ravel().tolist()]
    training = Training("keras2/SGD", dtype="float64")
    found = training.gradients(training.start(weights), batch)
    exact = [g for number in found for g in as_bounded(number).value.ravel()]
    with mpmath.workdps(60):
        for k, g in enumerate(exact):
            wanted = mpmath.diff(
                lambda w, k=k: loss([*flat[:k], w, *flat[k + 1 :]], batch), flat[k]
            )
            assert abs(mpmath.mpf(g) - wanted) < mpmath.mpf(10) ** -25


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "honest",
    [gradients, gradients_by_reciprocal, lambda *a: gradients(*a, softmax=softmax_as_written)],
    ids=["shifted", "by reciprocal", "as written"],
)
def test_every_honest_form_is_within_the_bound(honest, dtype):
    kind = float_type(dtype).numpy
    training = Training("keras2/SGD", dtype=dtype)
    for batch, size in itertools.product(batches()[:2], (1.0, 32.0)):
        weights = [w * size for w in start()]
        found = training.gradients(training.start(weights), batch)
        given = honest(
            [w.astype(kind) for w in weights], batch.x.astype(kind), batch.y.astype(kind)
        )
        for got, number in zip(given, found, strict=True):
            bounded = as_bounded(number)
            error = np.abs((got - bounded.value).astype(np.float64))
            assert (error <= bounded.error).all()
            assert error.max() > 0


def test_half_a_percent_of_a_gradient_is_outside_the_bound():
    training = Training("keras2/SGD", dtype="float32")
    found = training.gradients(training.start(start()), batches()[0])
    for number in map(as_bounded, found):
        outside = np.abs(number.value) * 0.005 > number.error
        assert outside.mean() > 0.9


def test_a_late_counter_is_seen_where_the_mathematics_read_it():
    for id, seen in {"keras2/Adam": True, "keras2/SGD": False, "keras2/RMSprop": False}.items():
        training = Training(id, dtype="float32")
        state = training.start(start())
        grads = training.gradients(state, batches()[0])
        late = training.step(state, grads, late=True)
        assert same(training.step(state, grads), late) is not seen
        assert late.iterations == 1


def test_the_batches_clip_and_do_not_clip():
    training = Training("keras2/SGD", dtype="float32")
    state = training.start(start())
    for batch, clips in zip(batches()[:2], (True, False), strict=True):
        grads = training.floats(training.gradients(state, batch))
        norm = np.sqrt(sum((g**2).sum() for g in grads))
        assert (norm > 1) == clips
        assert (max(np.abs(g).max() for g in grads) > 0.5) == clips


def test_every_dtype_holds_the_inputs():
    for dtype in ("float32", "float64"):
        kind = float_type(dtype)
        arrays = [*start(), *(a for batch in batches() for a in (batch.x, batch.y))]
        assert all((kind.round(a) == a).all() for a in arrays)


def test_each_optimizer_is_trained_as_the_page_writes_it():
    cases = [training_case.case for training_case in training_cases("keras2/SGD", by_name=True)]
    assert cases == ["page", "clipnorm", "clipvalue", "by-name"]
    assert [
        training_case.case
        for training_case in training_cases("tf.contrib.opt/AdamWOptimizer", by_name=False)
    ] == ["page"]
