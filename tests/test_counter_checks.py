"""A counter that stops is seen, and its place told; honest counters pass, however far they go."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import oracle
from oracle import Implementation
from oracle.claim import Precision
from oracle.conformance.clocks import STOPS, Clock, Hour, hours, shown
from oracle.conformance.counting import counting
from oracle.systems.optax import transformations
from oracle.systems.torch.asked import ASKED
from oracle.systems.torch.averaging import AVERAGING
from oracle.systems.torch.cycles import CYCLES
from oracle.systems.torch.schedulers import SIMPLE
from oracle.systems.torch.several import SEVERAL

COUNTS = Path(__file__).parent / "candidates" / "counts.py"
SUITE = "suites/test_counters.py"
CHECK = f"{SUITE}::test_long_runs[keras3/Adam-{{}}]"
PLACES = {
    "to_101": (101, 102),
    "to_127": (127, 128),
    "to_256": (256, 257),
    "to_2048": (2048, 2049),
}

_PLAIN = ("GradientDescent", "Adagrad", "Adadelta", "Ftrl", "RMSProp", "Momentum")
_PROXIMAL = ("ProximalGradientDescent", "ProximalAdagrad")
_OTHERS = ("MomentumW", "RegAdagrad", "LARS", "GGT", "Shampoo")
_EXTENDED = "tf.contrib.opt/extend_with_decoupled_weight_decay."
_SCHEDULERS = [spec.id for spec in (*SIMPLE, *CYCLES, *SEVERAL, *AVERAGING, *ASKED)]
_BY_ITSELF = ("factored_rms", "sm3", "adadelta", "adamax", "optimistic_gradient", "belief", "radam")
_BY_ITSELF += ("lion", "novograd", "rms", "rprop", "stddev", "rss", "yogi")
_NEVER_AT_REST = ("adabelief", "adafactor", "adamax", "adamaxw", "radam", "rmsprop", "yogi")
COUNTLESS = {
    *(f"tf.train/{name}Optimizer" for name in (*_PLAIN, *_PROXIMAL)),
    *(f"{_EXTENDED}{name}Optimizer" for name in (*_PLAIN[:-1], *_PROXIMAL)),
    *(f"{_EXTENDED}{name}Optimizer" for name in ("RegAdagrad", "Shampoo")),
    *(
        f"tf.contrib.opt/{name}Optimizer"
        for name in ("MomentumW", "RegAdagrad", "LARS", "GGT", "Shampoo")
    ),
    *(name for name in oracle.specs() if name.startswith("tf/")),
    *(f"torch/{name}" for name in ("SGD", "Adamax", "RAdam", "RMSprop", "Adadelta")),
    *(f"torch/{name}" for name in ("Rprop", "ASGD")),
    *(name for name in oracle.specs("torch") if name[len("torch/")].islower()),
    *(
        spec.id
        for spec in (*transformations.CLIPS, *transformations.LINKS)
        if spec.name not in ("apply_every", "ema", "scale_by_learning_rate")
    ),
    *(f"optax/{name}" for name in _NEVER_AT_REST),
    *(f"optax/scale_by_{name}" for name in _BY_ITSELF),
    *(f"optax.contrib/scale_by_{name}" for name in ("acprop", "cocob")),
    *_SCHEDULERS,
    "torch/GradScaler",
    *("torch/LBFGS", "torch/Muon", "optax/lbfgs", "optax/scale_by_lbfgs"),
    *(f"optax.contrib/{name}" for name in ("acprop", "dog", "dowg", "prodigy", "dadapt_adamw")),
    "optax/polyak_sgd",
    "optax/scale_by_polyak",
    "optax.contrib/reduce_on_plateau",
    *(f"optax.contrib/{name}" for name in ("normalize", "scale_by_muon")),
    "optax/rprop",
    "optax/sm3",
    "keras3/Adafactor",
}
"""The specs whose late steps are the same whenever they come, or that take no vectors.

Shampoo, Adafactor and PyTorch's Adamax never rest, of RAdam only doubles are sure, ASGD has its
rate in a slot, and a scheduler makes each rate of the one before it.
"""


def judged(pytester: pytest.Pytester, name: str, *arguments: str) -> pytest.RunResult:
    return pytester.runpytest(f"--impl={COUNTS}:{name}", *(arguments or (SUITE,)))


@pytest.mark.parametrize("name", ["for_ever", "settable"])
def test_an_honest_counter_passes(name: str, pytester: pytest.Pytester):
    judged(pytester, name).assert_outcomes(passed=2)


@pytest.mark.parametrize("name", PLACES)
def test_a_counter_that_stops_is_told_with_its_place(name: str, pytester: pytest.Pytester):
    right, wrong = PLACES[name]
    result = judged(pytester, name, CHECK.format("float64"))
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            f"keras3/Adam float64: step {wrong}, *got *, want * error *x the bound*",
            f"  the step counter: right up to step {right}, wrong from {wrong} on",
            f"  looks like: a step counter that stops at {right}",
            "  repro: pytest *",
        ]
    )


@pytest.mark.parametrize("name", ["to_101", "to_127", "to_256", "to_2048"])
def test_it_is_seen_in_float32_as_well(name: str, pytester: pytest.Pytester):
    judged(pytester, name, CHECK.format("float32")).assert_outcomes(failed=1)


def test_a_counter_of_eight_bits_begins_anew(pytester: pytest.Pytester):
    result = judged(pytester, "in_eight_bits", CHECK.format("float64"))
    result.stdout.fnmatch_lines(["  the step counter: right up to step 255, wrong from 256 on"])


def test_what_is_rounded_is_not_laid_on_the_counter(pytester: pytest.Pytester):
    result = judged(pytester, "narrow", CHECK.format("float64"))
    by_less = "by less than a step more or less would make, so that it is no wrong count"
    result.stdout.fnmatch_lines([f"  right up to step 1, wrong from 2 on: {by_less}"])


def test_a_long_way_is_gone_where_steps_are_cheap(pytester: pytest.Pytester):
    result = judged(pytester, "to_65536", SUITE, "--impl-profile=thorough")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["  looks like: a step counter that stops at 65536"])


def test_a_counter_that_can_be_set_ahead_is_seen_at_once(pytester: pytest.Pytester):
    result = judged(pytester, "settable_to_65536")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*, counted from set_step(*"])


def test_how_far_counters_were_seen_is_told(pytester: pytest.Pytester):
    result = judged(pytester, "settable")
    result.stdout.fnmatch_lines(["step counters: one that stops shows up to step 65536 (2 checks)"])


def counted(spec: str) -> list[tuple[dict[str, Any], Clock]]:
    """What is run for a claim of everything that a spec has."""
    asked = Implementation("asked", schedules=True)
    asked.implements(spec)(lambda params, **hyper: params)
    return list(counting(asked.claims[0], Precision("float32")))


SHORT = ("optax.contrib/simplified_ademamix", "optax.contrib/scale_by_simplified_ademamix")
"""Specs whose rounding hides a stop at 2**16: this one takes the square off and adds it again."""


@pytest.mark.parametrize("spec", oracle.specs())
def test_every_stop_shows_for_every_spec_that_counts(spec: str):
    found = counted(spec)
    assert bool(found) == (spec not in COUNTLESS)
    for hyper, clock in found:
        reach = 2**16 if spec in SHORT else 2**17
        far = [hour for hour in hours(reach) if not clock.counts_apart or hour.step < 300]
        expected = {stop for stop in STOPS if stop < far[-1].step}
        assert shown(clock, far) == expected, hyper


def test_what_rests_is_what_the_program_does_in_as_many_steps():
    hyper = {"learning_rate": 0.5, "beta_1": 0.75, "beta_2": 0.875, "epsilon": 0.25}
    grads = [[[0.0]]] * 6 + [[[1.0]]]
    for spec in ("keras3/Adam", "keras3/Nadam", "keras2/Adamax"):
        run = oracle.trajectory(spec, [[0.0]], grads, hyper)
        (moved,) = Clock(spec, hyper, Precision("float64")).moved([Hour(7)])
        want = run.params[7][0][0]
        assert abs(float(want) - float(moved.truth.hi)) <= abs(float(want)) * 2**-52
        assert moved.bound >= float(run.bound("float64")[7][0][0]) / 2


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_number_that_all_share_is_looked_at_in_every_arithmetic(dtype: str):
    """In float64 the clock goes in digits."""
    usual = {"learning_rate": 0.5, "beta_1": 0.75, "beta_2": 0.875}
    assert Clock("keras3/Nadam", usual, Precision(dtype)).rests


def test_a_program_that_never_rests_is_not_asked():
    hyper = {"learning_rate": 0.5}
    assert not Clock("tf.train/RMSPropOptimizer", hyper, Precision("float32")).rests
