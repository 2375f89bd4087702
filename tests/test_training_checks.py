"""Training is judged step by step: wrong models and optimizers fail, a late counter is named."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from numpy_training import (
    bench,
    candidate,
    gradients,
    gradients_by_reciprocal,
    late,
)

from oracle import Implementation
from oracle.conformance import training_cases as training_cases
from oracle.conformance.outcomes import Finding, NotClaimed
from oracle.conformance.training import TrainingCheck, trained_runs
from oracle.record import Interval, Record
from oracle.training import Training


def check(it: Implementation, spec: str, case: str, dtype: str = "float32") -> TrainingCheck:
    checks = trained_runs(bench(it))
    return next(c for c in checks if (c.claim.spec, c.case, c.dtype) == (spec, case, dtype))


def finding(it: Implementation, spec: str, case: str, dtype: str = "float32") -> str:
    with pytest.raises(Finding) as caught:
        check(it, spec, case, dtype).holds()
    return str(caught.value)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("backward", [gradients, gradients_by_reciprocal])
def test_honest_candidates_pass(backward, dtype):
    for spec, case in [
        ("keras2/SGD", "page"),
        ("keras2/SGD", "by-name"),
        ("keras2/Adam", "by-name"),
    ]:
        judged = check(candidate(backward), spec, case, dtype)
        judged.holds()
        assert 0 < judged.largest <= 1


WRONG = {
    "a softmax whose units do not depend on each other": {
        "backward": partial(gradients, coupled=False)
    },
    "a sum where the mean over samples is meant": {"backward": partial(gradients, mean=64)},
    "a mean over units left out": {"backward": partial(gradients, mean=12)},
    "nesterov ignored": {"nesterov": False},
    "momentum ignored": {"momentum": 0.0},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_models_and_optimizers_fail(wrong):
    told = finding(candidate(**WRONG[wrong]), "keras2/SGD", "page")
    assert "keras2/SGD float32 case page: step " in told
    assert "the bound" in told
    assert "lr=0.01, decay=1e-06, momentum=0.9, nesterov=True" in told


def test_a_decay_of_a_millionth_that_is_ignored_fails_in_float64():
    check(candidate(decay=0.0), "keras2/SGD", "page").holds()
    assert "step 2" in finding(candidate(decay=0.0), "keras2/SGD", "page", "float64")


def test_a_wrong_default_behind_a_name_fails():
    told = finding(candidate(named={"lr": 0.1}), "keras2/SGD", "by-name")
    assert "hyperparameters: the defaults" in told


def test_a_clip_that_is_not_claimed_is_told_so():
    with pytest.raises(NotClaimed):
        check(candidate(), "keras2/SGD", "clipnorm").holds()


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ((1, 3), "in steps 1, 3 (Adam saw t = 2, 2, 4, 4, 5, 6 instead of 1, 2, 3, 4, 5, 6)"),
        ((6,), "in step 6 (Adam saw t = 1, 2, 3, 4, 5, 7 instead of 1, 2, 3, 4, 5, 6)"),
        (range(1, 7), "in every step (Adam saw t = 2, 3, 4, 5, 6, 7 instead"),
    ],
)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_steps_that_read_their_counter_late_are_named(steps, told, dtype):
    it = candidate(counter=late(*steps))
    said = finding(it, "keras2/Adam", "by-name", dtype)
    assert f"the step counter was read after its increment {told}" in said
    assert "every weight is within the bound" in said


def test_a_decay_of_a_millionth_shows_a_late_counter_in_float64():
    it = candidate(counter=late(1, 2))
    check(it, "keras2/SGD", "page").holds()
    assert "in steps 1, 2 (SGD saw t = 2, 3, 3" in finding(it, "keras2/SGD", "page", "float64")


def test_where_the_counter_is_not_read_it_may_be_late():
    check(candidate(counter=late(1, 2)), "keras2/SGD", "by-name").holds()


def test_a_counter_that_is_two_too_large_is_no_late_reading():
    it = candidate(counter=lambda counts: (k + 2 for k in counts))
    assert "counter" not in finding(it, "keras2/Adam", "by-name")


def test_a_wrong_optimizer_with_a_late_counter_is_an_ordinary_failure():
    it = candidate(counter=late(1, 2), beta_1=0.8)
    assert "counter" not in finding(it, "keras2/Adam", "by-name")


def test_a_candidate_that_raises_is_told_where():
    def raises(weights, x, y):
        raise FloatingPointError("no gradient today")

    told = finding(candidate(raises), "keras2/SGD", "page")
    assert "step 1: the candidate raises FloatingPointError: no gradient today" in told


def test_who_does_not_train_has_no_such_checks():
    assert not list(trained_runs(bench(Implementation("it"))))


def test_each_mode_is_trained_with_what_it_declares():
    it = candidate(named={"lr": 0.1})
    it.trains("keras2/SGD", mode="compiled")(lambda weights: pytest.fail("called by its name"))
    it.trains_by_name("keras2", mode="compiled")(candidate().trainers_by_name["keras2", ""])
    ids = [judged.id for judged in trained_runs(bench(it)) if judged.case == "by-name"]
    assert "keras2/SGD-by-name-float32" in ids
    assert "keras2/SGD-by-name-float32-compiled" in ids
    check = next(
        c for c in trained_runs(bench(it)) if c.id == "keras2/SGD-by-name-float32-compiled"
    )
    check.holds()


def weights_after(spec: str, hyper: dict[str, float]) -> Record[Interval]:
    training = Training(spec, hyper, dtype="float32")
    state = training.start(training_cases.start())
    for batch in training_cases.batches():
        state = training.step(state, training.gradients(state, batch))
    return training.weights(state)


@pytest.mark.parametrize("threshold", ["clipnorm", "clipvalue"])
@pytest.mark.parametrize("spec", ["keras2/SGD", "keras3/SGD", "keras2/Adam"])
def test_the_threshold_of_a_training_case_clips(spec: str, threshold: str):
    [training_case] = [
        each
        for each in training_cases.training_cases(spec, by_name=False)
        if each.case == threshold
    ]
    others = {name: value for name, value in training_case.hyper.items() if name != threshold}
    clipped, free = weights_after(spec, training_case.hyper), weights_after(spec, others)
    pairs = zip(clipped.params, free.params, strict=True)
    assert any(np.any(mine.ratio_of(other.truth.hi) > 1) for mine, other in pairs)
