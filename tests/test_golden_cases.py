"""The tables of cases: drawn the same for ever, and aimed at what they say."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

import oracle
from oracle.dtypes import DTYPES
from oracle.golden.cases import plans_for, plans_of
from oracle.golden.cases.draw import FAMILIES, Stream, inputs
from oracle.golden.cases.plan import OWN, Plan
from oracle.golden.cases.schedules import SCHEDULES
from oracle.golden.sight import carries
from oracle.rules.adam import adam_epsilon_hat
from oracle.specification.checks import optional, real
from oracle.specification.domains import DecayRate, Domain, Epsilon, Indices, Rate
from oracle.specification.spec import Argument, Spec, System
from oracle.specification.update import update_with
from oracle.systems.keras3.base import decay_weights

DECAY = ("weight_decay",)
NORMS = Plan("norms", "The norms of the parameters are 3 and 4", gradients="norms")


@pytest.mark.parametrize("spec", oracle.specs())
def test_no_two_cases_of_a_spec_have_the_same_id(spec: str):
    names = [plan.id for plan in plans_for(spec)]
    assert len(names) == len(set(names)) > 12


class Mine(System):
    """A library that nobody knows: it decays the weights before its update if asked to."""

    name, version = "mine", "1"

    def check_gradients(self, gradients, step):
        """Take all."""

    def program(self, spec, hyper):
        """Decay, then update."""
        rule = spec.form(hyper)
        return spec.chain(hyper, rule, decay_weights, update_with(rule, spec.names))


MINE = Spec(
    Mine(),
    "Adam",
    {
        argument.name: argument
        for argument in (
            Argument("learning_rate", 0.001, Rate(), "step size"),
            Argument("beta_1", 0.9, DecayRate(), "decay rate of the first moment"),
            Argument("beta_2", 0.999, DecayRate(), "decay rate of the second moment"),
            Argument("epsilon", 1e-7, Epsilon(), "keeps the denominator away from 0"),
            Argument("weight_decay", None, Domain(optional(real)), "share that weights lose"),
            Argument("exclude_from_weight_decay", None, Indices(), "who keeps it", needs=DECAY),
        )
    },
    {(): adam_epsilon_hat},
    (),
    "Adam of my own.",
)


def test_the_cases_of_a_spec_of_any_library_follow_from_its_arguments():
    plans = {plan.id: plan for plan in plans_of(MINE)}
    assert {"coarse", "only-beta-2", "beta-1-zero", "missing-gradients", "everything"} <= set(plans)
    assert plans["coarse"].hyper == {
        "learning_rate": 0.125,
        "beta_1": 0.5,
        "beta_2": 0.75,
        "epsilon": 0.0625,
    }
    assert plans["only-weight-decay"].hyper == {**plans["coarse"].hyper, "weight_decay": 0.5}
    alone = plans["only-exclude-from-weight-decay"].hyper
    assert alone == {**plans["only-weight-decay"].hyper, "exclude_from_weight_decay": [0]}
    assert set(plans["everything"].hyper) == set(MINE.arguments)
    assert not any(plan.id.startswith("sparse") for plan in plans.values())
    for plan in plans.values():
        MINE.program(plan.hyper)


def test_the_stream_of_numbers_is_pinned():
    """The first numbers of a stream are those of the first day, on every Python."""
    stream = Stream("keras2/SGD/defaults")
    assert [stream.number() for _ in range(4)] == [-0.19921875, 0.15234375, -0.3203125, 1.96875]


def test_the_draw_depends_on_nothing_but_the_name():
    """A case added in front of another one does not change it; a shared one is the library's."""
    plan = plans_for("keras3/Adam")[3]
    own = replace(plan, role=OWN)
    assert str(inputs("keras3/Adam", plan)) == str(inputs("keras3/AdamW", plan))
    assert str(inputs("keras3/Adam", plan)) != str(inputs("keras2/Adam", plan))
    assert str(inputs("keras3/Adam", own)) != str(inputs("keras3/AdamW", own))
    assert str(inputs("keras3/Adam", own)) == str(inputs("keras3/Adam", own))


@pytest.mark.parametrize(
    "family", sorted(set(FAMILIES) - {"tiny", "huge", "vanishing", "enormous"})
)
def test_every_dtype_carries_what_is_drawn(family: str):
    """Eight bits are enough for every input, so that one case serves all dtypes."""
    params, grads = inputs("any", Plan("any", "Few bits are enough", gradients=family, steps=5))
    assert all(carries(dtype, [params, *grads]) for dtype in DTYPES)


def test_norms_are_exact_and_on_both_sides_of_the_threshold():
    """Half of, exactly, and twice the norms 3, 4 and, together, 5."""
    for step, scale in zip(inputs("any", NORMS)[1], (0.5, 1.0, 2.0), strict=True):
        matrix, scalar, empty = (math.sqrt(float(np.sum(np.square(g)))) for g in step)
        assert (matrix, scalar, empty) == (3 * scale, 4 * scale, 0)


def test_levels_lie_inside_at_and_outside_the_threshold():
    """clipvalue=1 meets elements below, at and above it, on both sides."""
    plan = Plan("levels", "Levels lie around one", gradients="levels", steps=6)
    drawn = {float(g) for step in inputs("any", plan)[1] for tensor in step for g in tensor.flat}
    assert {-2.5, -1.0, 0.0, 0.5, 1.0, 1.5} == drawn


def test_a_missing_gradient_is_missing_and_only_that():
    """Steps count from 1."""
    plan = Plan("gaps", "One gradient is missing", missing=((2, 1),))
    grads = inputs("any", plan)[1]
    assert [[g is None for g in step] for step in grads] == [
        [False] * 3,
        [False, True, False],
        [False] * 3,
    ]


def test_every_schedule_is_shown_plainly_by_sgd():
    """All six classes with their branches, on the optimizer that hides nothing."""
    shown = {plan.id for plan in plans_for("keras3/SGD")}
    assert {schedule.id for schedule in SCHEDULES} <= shown
    assert len({schedule.class_name for schedule in SCHEDULES}) == 6


@pytest.mark.parametrize("spec", oracle.specs())
def test_each_decay_rate_of_a_moment_is_0_once(spec: str):
    arguments = oracle.spec(spec).arguments.values()
    rates = [a for a in arguments if a.doc.startswith("decay rate of ") and not a.domain.check(0.0)]
    at_zero = {name for plan in plans_for(spec) for name, v in plan.hyper.items() if v == 0}
    assert {rate.name for rate in rates} <= at_zero


def test_every_piece_of_a_piecewise_rate_is_seen_at_its_boundary_and_beside_it():
    [piecewise] = [s for s in SCHEDULES if s.class_name == "PiecewiseConstantDecay"]
    config = dict(piecewise.config)
    assert len(config["boundaries"]) >= 3
    assert len(set(config["values"])) == len(config["values"])
    ends = config["boundaries"]
    assert {end + n for end in ends for n in (1, 2)} <= set(piecewise.checkpoints)


def test_no_period_divides_the_steps_of_its_schedule():
    for schedule in SCHEDULES:
        config = dict(schedule.config)
        period = config.get("decay_steps", config.get("first_decay_steps"))
        assert period is None or schedule.steps % period
