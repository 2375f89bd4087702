"""A failure names the wrong line: what wrong candidates compute is found from their numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
from wrong import FAULTS
from wrong.fault import HONEST, fault

from oracle.conformance.bench import Bench
from oracle.conformance.explanation import Allowance
from oracle.conformance.golden import GoldenCheck, checks
from oracle.conformance.guard import Guard
from oracle.conformance.outcomes import Finding
from oracle.diagnosis.hypotheses import _numbers
from oracle.dtypes import DTYPES
from oracle.implementation import Implementation
from oracle.systems import spec as find_spec

EXPLAINED = {
    "adam_epsilon_inside_the_root": ("coarse", "p_t = p - alpha_t * m_t / xp.sqrt(v_t + epsilon)"),
    "adam_epsilon_beside_the_corrected_root": ("coarse", "epsilon * xp.sqrt(1 - beta_2**t)"),
    "adam_without_first_correction": ("coarse", "alpha_t = learning_rate * xp.sqrt(1 - beta_2**t)"),
    "adam_without_second_correction": ("coarse", "alpha_t = learning_rate / (1 - beta_1**t)"),
    "adam_second_correction_without_root": ("coarse", "learning_rate * (1 - beta_2**t) /"),
    "adam_counts_steps_from_two": ("coarse", "1 - beta_2**(t + 1)) / (1 - beta_1**(t + 1))"),
    "adam_betas_swapped": ("coarse", "m_t = beta_2 * m + (1 - beta_2) * g"),
    "adam_without_first_moment": ("coarse", "p_t = p - alpha_t * g / (xp.sqrt(v_t) + epsilon)"),
    "adam_without_root": ("coarse", "p_t = p - alpha_t * m_t / (v_t + epsilon)"),
    "adam_gradient_not_squared": ("coarse", "(1 - beta_2) * xp.abs(g)"),
    "adam_old_first_moment": ("coarse", "p_t = p - alpha_t * m / (xp.sqrt(v_t) + epsilon)"),
    "adam_old_second_moment": ("coarse", "p_t = p - alpha_t * m_t / (xp.sqrt(v) + epsilon)"),
    "adam_rate_one_percent_off": ("coarse", "1.01 * learning_rate"),
    "adam_ascends": ("coarse", "p_t = p + alpha_t * m_t / (xp.sqrt(v_t) + epsilon)"),
    "adam_epsilon_times_ten": ("coarse", "epsilon=0.625, ten times instead of epsilon=0.0625"),
    "sgd_momentum_dampened": ("only-momentum", "learning_rate * ((1 - momentum) * g)"),
    "sgd_old_velocity": ("only-momentum", "p_t = p + v` instead of `p_t = p + v_t"),
    "nesterov_ignored": ("other", "nesterov=False, the default, instead of nesterov=True"),
    "rmsprop_old_mean_square": ("defaults", "xp.sqrt(v + epsilon)"),
    "rmsprop_mean_never_fades": ("only-centered", "mg_t = mg + (1 - rho) * g"),
    "adagrad_starts_at_zero": ("defaults", "a starts at 0"),
    "adagrad_epsilon_outside_the_root": ("only-epsilon", "(xp.sqrt(a_t) + epsilon)"),
    "lion_without_sign": ("defaults", "p_t = p - learning_rate * c_t"),
}
"""Faults of ``tests/wrong``, each with a golden case and what its first explanation says."""


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    guard = Guard(60, "a wrong optimizer")
    yield guard
    guard.close()


def golden(bench: Bench, case: str) -> GoldenCheck:
    """Return the check of one golden case."""
    return next(check for check in checks(bench) if check.case == case)


def explanations(bench: Bench, case: str) -> list[str]:
    """Return what a failing case is explained by."""
    with pytest.raises(Finding) as caught:
        golden(bench, case).holds()
    lines = [line.strip() for line in str(caught.value).splitlines()]
    return [line for line in lines if line.startswith(("looks like: ", "also is: "))]


@pytest.mark.long
@pytest.mark.parametrize("name", EXPLAINED)
def test_the_first_explanation_is_the_fault(name: str, guard: Guard):
    """From parameters alone, as these candidates show no slots."""
    [wrong] = [wrong for wrong in FAULTS if wrong.name == name]
    case, said = EXPLAINED[name]
    bench = Bench(wrong.implementation, name, guard, dtypes=("float32",), explaining=Allowance())
    first, *_ = explanations(bench, case)
    assert said in first
    assert re.search(r", fits to \S+ bound$", first)


def test_the_numbers_of_another_system_are_recognised(guard: Guard):
    """Keras 2's RMSprop claimed to be Keras 3's: epsilon stands elsewhere."""
    [wrong] = [f for f in FAULTS if f.name == "rmsprop_epsilon_outside_the_root"]
    bench = Bench(wrong.implementation, "it", guard, dtypes=("float32",), explaining=Allowance())
    lines = explanations(bench, "rho-zero")
    assert any(line.startswith("also is: keras2/RMSprop -- ") for line in lines)


ADAM = "keras3/Adam"
ROOT = "(np.sqrt(v) + epsilon)"
FURTHER = {
    "a number that nobody listed": (
        fault("adam_rate_threefold", ADAM, "p - alpha", "p - self.number(3) * alpha"),
        "coarse",
        "3.0 * learning_rate instead of learning_rate",
    ),
    "two slips in one statement": (
        fault("adam_epsilon_squared", ADAM, ROOT, "np.sqrt(v + epsilon * epsilon)"),
        "only-epsilon",
        "xp.sqrt(v_t + epsilon**2)",
    ),
    "what holds in other cases, too": (
        fault("adam_maximum", ADAM, ROOT, "np.maximum(np.sqrt(v), epsilon)"),
        "small-gradients",
        "xp.maximum(xp.sqrt(v_max_t), epsilon)",
    ),
    "one slip in each of two statements": (
        fault(
            "adam_of_magnitudes_with_epsilon_inside",
            ADAM,
            "(g * g - slots",
            "(np.abs(g) - slots",
            ROOT,
            "np.sqrt(v + epsilon)",
        ),
        "coarse",
        "(1 - beta_2) * xp.abs(g); p_t = p - alpha_t * m_t / xp.sqrt(v_t + epsilon)",
    ),
    "a slip in one use of a number": (
        fault(
            "nadam_half_a_schedule",
            "keras3/Nadam",
            "g_hat = (one - mu) * g",
            "g_hat = (one - beta_1 * (one - np.power(self.number(0.96), t))) * g",
        ),
        "defaults",
        "m_bar = (1 - beta_1 * (1 - 0.96**t)) * g_hat + mu_next * m_hat",
    ),
    "one number that stands in two statements": (
        fault("nadam_base", "keras3/Nadam", "1, 0.5, 0.96", "1, 0.5, 0.9"),
        "defaults",
        "mu_t = beta_1 * (1 - 0.5 * 0.9**t); mu_next = beta_1 * (1 - 0.5 * 0.9**(t + 1))",
    ),
}
"""Faults that one likely slip, looked at in one case, does not explain."""


def scheduled(**wrong: object) -> Implementation:
    """Return SGD whose schedules have some of their arguments replaced."""
    it = Implementation("it", dtypes=DTYPES, schedules=True)

    @it.implements("keras3/SGD")
    def sgd(params, **hyper):
        rate = hyper.get("learning_rate")
        if isinstance(rate, dict):
            hyper["learning_rate"] = {**rate, "config": {**rate["config"], **wrong}}
        return HONEST["keras3/SGD"](params, **hyper)

    return it


SCHEDULED = {
    "polynomial-root": ({"end_learning_rate": 0.25}, "end_learning_rate=0.25 instead of end_learn"),
    "inverse-time": ({"staircase": True}, "staircase=True, the opposite, instead of staircase=Fa"),
    "exponential": ({"decay_steps": 5}, "decay_steps=5, one more, instead of decay_steps=4 in the"),
    "cosine": ({"alpha": 0.0}, "alpha=0.0, the default, instead of alpha=0.125 in the schedule"),
    "piecewise": (
        {"values": [0.5, 0.125, 0.75, 0.0625, 0.375]},
        "a learning rate of 0.75 instead of 0.25 in step 5: `piecewise_constant_decay`",
    ),
}


@pytest.mark.parametrize("case", SCHEDULED)
def test_a_wrong_schedule_is_named_by_its_argument_or_by_the_rate_that_it_took(
    case: str, guard: Guard
):
    """Golden cases of schedules; the last one is no slip that is looked for."""
    wrong, said = SCHEDULED[case]
    it = scheduled(**wrong)
    bench = Bench(it, "it", guard, dtypes=("float32",), explaining=Allowance(600.0, 60.0))
    assert explanations(bench, case)[0].startswith(f"looks like: {said}")


@pytest.mark.long
@pytest.mark.parametrize("name", FURTHER)
def test_a_rarer_fault_is_found_as_well(name: str, guard: Guard):
    """Where nothing likely fits, or where several slips fit one case alike."""
    wrong, case, said = FURTHER[name]
    generous = Allowance(seconds=600.0, longest=60.0)
    bench = Bench(wrong.implementation, "it", guard, dtypes=("float32",), explaining=generous)
    assert said in explanations(bench, case)[0]


@pytest.mark.long
def test_what_nobody_thought_of_has_no_explanation(guard: Guard):
    """It is told to have none, and not explained by what comes near."""
    wrong = fault("adam_cubic_root", ADAM, ROOT, "(np.cbrt(v) + epsilon)")
    bench = Bench(wrong.implementation, "it", guard, dtypes=("float32",), explaining=Allowance())
    [line] = explanations(bench, "coarse")
    assert line.startswith("looks like: no explanation ")


def test_a_fault_in_a_copy_of_another_statement_is_found(guard: Guard):
    """Nesterov's look ahead takes another step from the new velocity."""
    [wrong] = [f for f in FAULTS if f.name == "nesterov_look_ahead_doubled"]
    bench = Bench(wrong.implementation, "it", guard, dtypes=("float32",), explaining=Allowance())
    [line] = explanations(bench, "other")
    assert "p_t = p + momentum * (momentum * v_t - learning_rate * g) - learning" in line


def test_a_gradient_that_was_wrong_before_the_update_is_told(guard: Guard):
    """Nothing that is looked for makes it, but both slots and the parameter agree to it."""

    class Shifted(HONEST[ADAM]):
        def apply(self, grads):
            shift = self.iterations / 64
            super().apply([np.asarray(g + g.dtype.type(shift)) for g in grads])

    it = Implementation("it", dtypes=DTYPES)
    it.implements(ADAM)(Shifted)
    bench = Bench(it, "it", guard, dtypes=("float32",), explaining=Allowance())
    [line] = explanations(bench, "coarse")
    assert (
        "a gradient of -0.429687 instead of -0.445312 in step 2, param 0[1, 1]: what comes before"
        in line
    )


def test_a_gradient_does_not_exonerate_a_statement_that_all_outputs_need(guard: Guard):
    """Momentum's velocity is the parameter's way: a wrong one is some gradient, too."""

    class Rooted(HONEST["keras3/SGD"]):
        def update(self, p, g, slots, lr):
            return super().update(p, np.cbrt(g), slots, lr)

    it = Implementation("it", dtypes=DTYPES)
    it.implements("keras3/SGD")(Rooted)
    bench = Bench(it, "it", guard, dtypes=("float32",), explaining=Allowance())
    [line] = explanations(bench, "only-momentum")
    assert "what comes before the update or `v_t = momentum * v - learning_rate * g` (" in line


def test_a_schedule_is_not_blamed_for_what_is_wrong_without_one(guard: Guard):
    """Each step moves by another share of its rate, whatever the rate is made of."""

    class Drifting(HONEST["keras3/SGD"]):
        def update(self, p, g, slots, lr):
            drift = np.cbrt(self.number(self.iterations + 2))
            return super().update(p, g, slots, lr * drift)

    it = Implementation("it", dtypes=DTYPES, schedules=True)
    it.implements("keras3/SGD")(Drifting)
    bench = Bench(it, "it", guard, dtypes=("float32",), explaining=Allowance())
    assert not any("a learning rate of" in line for line in explanations(bench, "exponential"))


def test_a_run_that_has_spent_its_time_says_so(guard: Guard):
    """So that hundreds of failures do not take an hour."""
    [wrong] = [f for f in FAULTS if f.name == "adam_ascends"]
    bench = Bench(wrong.implementation, "it", guard, explaining=Allowance(0.0))
    [line] = explanations(bench, "coarse")
    assert line.startswith("looks like: not looked for, as this run has spent its time of looking;")
    assert line.endswith(" the command below looks for it")


def test_nobody_who_does_not_ask_waits_for_an_explanation(guard: Guard):
    """Without an allowance nothing is searched."""
    [wrong] = [f for f in FAULTS if f.name == "adam_ascends"]
    assert explanations(Bench(wrong.implementation, "it", guard), "coarse") == []


def test_an_epsilon_of_zero_is_told_as_one_that_underflows():
    """And not as the default of a library that has one of 0."""
    numbers = dict(_numbers(find_spec("keras3/Adam"), "epsilon", 1e-7))
    assert numbers[0.0] == "as where it underflows,"
