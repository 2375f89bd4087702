"""Wrong versions of what is around the rules: stages, clips, schedules, orders, starts."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import textwrap
from collections.abc import Callable

import numpy as np
import pytest

from oracle.diagnosis.rewritten import rewritten_around
from oracle.golden import available, load
from oracle.golden.read import path_of, read_document
from oracle.mutation.composition import wrong_orders, wrong_rows, wrong_starts
from oracle.mutation.exchange import Exchange
from oracle.mutation.functions import function_versions, is_a_formula
from oracle.mutation.observed import plainly
from oracle.mutation.surroundings import around, function_of, functions_run, parts_named
from oracle.problem import Problem
from oracle.resources import fixtures_dir
from oracle.rules.adam import adam_epsilon_hat
from oracle.rules.ggt import ggt
from oracle.rules.rule import Rule
from oracle.rules.transformations import clipping, schedules
from oracle.rules.wrappers import moving_average
from oracle.specification.step import updates_before
from oracle.systems import spec as find_spec
from oracle.systems.keras3 import base as keras3_base
from oracle.systems.keras3 import schedules as keras3_schedules
from oracle.systems.tf1.contrib.matrix import update_together

ADAM = find_spec("keras3/Adam")
HYPER = {"learning_rate": 0.5, "clipnorm": 1.0, "weight_decay": 0.25}


def problem() -> Problem:
    """Return two steps whose gradients are above and below the threshold."""
    return Problem.checked(ADAM, [[1.0, 2.0]], [[[3.0, 4.0]], [[0.25, 0.5]]])


def names(parts: list) -> set[str]:
    """Return the names of functions and rules."""
    return {getattr(part, "name", "") or part.__name__ for part in parts}


def test_a_chain_has_the_links_that_something_asks_for():
    program = find_spec("keras3/SGD").program(HYPER)
    assert [link.name for link in program.stages] == ["clip_norm", "decay_weights", "update"]
    before = ["unscale", "accumulate", "clip_norm", "clip_global_norm", "clip_value"]
    after = ["set_learning_rate", "decay_weights", "update", "average", "overwrite_with_average"]
    assert [link.name for link in program.links] == [*before, *after]
    assert program.couples_elements
    assert not find_spec("keras3/SGD").program({}).couples_elements


def test_a_link_says_what_it_reads_and_remembers():
    assert keras3_base.average.reads == {"use_ema", "ema_momentum"}
    assert keras3_base.decay_weights.reads == {"weight_decay", "exclude_from_weight_decay"}
    assert list(keras3_base.accumulate.slots) == ["accumulated_gradient"]
    assert keras3_base.accumulate.reads == {"gradient_accumulation_steps"}


@pytest.mark.parametrize("epsilon", ["1e-06", "1e-07"])
def test_the_epsilons_of_pytorch_and_keras_are_added_to_a_norm(epsilon: str):
    versions = [wrong.after for wrong, _ in rewritten_around(ADAM, clipping.by_norm)]
    assert any(f"(xp.norm(g) + {epsilon})" in version for version in versions)


def test_a_run_goes_through_its_rule_its_stages_and_what_these_call():
    """Whatever makes numbers can be wrong; what only carries them is left out."""
    found = names(functions_run(ADAM, HYPER, problem()))
    assert {"adam_epsilon_hat", "clip_norm", "by_norm", "decay_weights", "updates_before"} <= found
    assert not {"by_value", "by_global_norm", "amsgrad_epsilon_hat", "update_with"} & found


def test_what_another_spec_has_of_its_own_is_left_to_it():
    """A wrapper is not tried on every wrong version of the optimizers that it may wrap."""
    spec = find_spec("tf.contrib.opt/MovingAverageOptimizer")
    found = set()
    for case in load(spec.id).cases:
        given = Problem.checked(spec, case.params, case.grads)
        found |= names(functions_run(spec, case.hyper, given))
    assert moving_average.name in found
    assert not {"sgd", "adam_epsilon_hat", "_choose_momentum"} & found


def test_how_schedules_are_serialized_is_tried_on_one_spec():
    """It is the same code for all of Keras 3."""
    hyper = {
        "learning_rate": {
            "class_name": "ExponentialDecay",
            "config": {"initial_learning_rate": 0.5, "decay_steps": 2.0, "decay_rate": 0.5},
        }
    }
    part = keras3_schedules._form
    assert part in functions_run(find_spec("keras3/SGD"), hyper, problem())
    assert part not in functions_run(ADAM, hyper, problem())


def test_updates_are_counted_only_where_they_are_fewer_than_steps():
    """No other library gathers gradients, and SGD asks for no count."""
    assert updates_before in functions_run(ADAM, HYPER, problem())
    other = find_spec("tf.train/AdamOptimizer")
    assert updates_before not in functions_run(other, {}, problem())


def test_a_function_is_exchanged_wherever_it_is_reached_and_nowhere_else():
    """By the globals of a stage, by those of what it calls, and by a table; nothing is changed."""
    version = function_versions(clipping.global_norm)[0]
    exchange = Exchange(clipping.global_norm, version.wrong)
    clip = keras3_base.clip_global_norm
    other = exchange.of(clip)
    assert other is not clip
    reached = other.act.__globals__["clipping"].by_global_norm.__globals__["global_norm"]
    assert reached is version.wrong
    assert clip.act.__globals__["clipping"] is clipping
    assert clipping.by_global_norm.__globals__["global_norm"] is clipping.global_norm
    assert exchange.of(keras3_base.decay_weights) is keras3_base.decay_weights
    assert exchange.of(keras3_base.BEFORE).index(other) == 3


def test_a_rule_that_a_stage_calls_by_its_name_is_exchanged():
    """And so is what a closure holds."""
    wrong = dataclasses.replace(ggt, name="wrong")
    other = Exchange(ggt, wrong).of(update_together)
    assert other.act.__globals__["ggt"] is wrong
    assert update_together.act.__globals__["ggt"] is ggt

    def made(rule: Rule) -> Callable[[], Rule]:
        return lambda: rule

    held = made(ggt)
    held.__module__ = "oracle.systems"
    assert Exchange(ggt, wrong).of(held)() is wrong
    assert held() is ggt


def test_versions_have_ids_of_their_own_and_both_lines():
    """A reader sees what is written, and what might be."""
    versions = function_versions(function_of(keras3_base.accumulate))
    found = {version.id: version for version in versions}
    assert len(found) == len(versions)
    version = found["keras3.base.accumulate:drop-factor:expr.1"]
    assert "step.replace_gradients([total / int(group) for" in version.before
    assert "step.replace_gradients([total for" in version.after
    assert version.where.startswith("oracle/systems/keras3/base.py:")


@pytest.mark.parametrize(
    ("function", "line"),
    [
        (clipping.by_norm, "return [g * clip_norm / xp.maximum(xp.sum(xp.abs(g)), clip_norm)"),
        (keras3_base.clip_norm, "clipping.by_global_norm(step.xp, step.gradients()"),
        (keras3_base.decay_weights, "step.numbers['weight_decay'] * step.numbers['learning_rate']"),
        (keras3_base.average, "first = updates_before(step) != 0"),
        (keras3_base.average, "momentum * held + momentum * p"),
        (keras3_base.overwrite_with_average, "updates_before(step) % int(step.hyper["),
        (schedules.cosine_decay_restarts, "xp.ceil(progress)"),
        (schedules.exponential_decay, "decay_rate**((step + 1) / decay_steps)"),
        (schedules.piecewise_constant_decay, "xp.where(step < boundary, value, rate)"),
    ],
)
def test_the_slips_that_people_make_are_among_them(function, line: str):
    """Each is one edit."""
    versions = function_versions(function_of(function))
    assert any(line in version.after for version in versions)


def test_a_formula_has_no_conditions():
    """Only there is agreement on every run a proof."""
    assert is_a_formula(clipping.by_norm)
    assert is_a_formula(schedules.cosine_decay_warmup)
    assert not is_a_formula(function_of(keras3_base.average))


def test_a_wrong_stage_is_wrong_in_its_program_and_nowhere_else():
    """Two programs run side by side; only one of them has the slip."""
    versions = dict(around(ADAM, keras3_base.decay_weights))
    make = next(m for wrong, m in versions.items() if "p + p" in wrong.after)
    runs = zip(
        plainly(make(HYPER), problem()), plainly(ADAM.program(HYPER), problem()), strict=True
    )
    for wrong, right in runs:
        assert np.all(wrong.params[0].truth.hi > right.params[0].truth.hi)


def test_a_rule_that_a_stage_calls_by_name_can_be_wrong_too():
    """Wrappers hold their formulas themselves."""
    spec = find_spec("tf.contrib.opt/MovingAverageOptimizer")
    hyper = next(c.hyper for c in load(spec.id).cases if c.hyper.get("num_updates") is None)
    function = moving_average.function
    given = Problem.checked(spec, [[1.0, 2.0]], [[[3.0, 4.0]]])
    [right] = plainly(spec.program(hyper), given)
    found = []
    for _, make in around(spec, moving_average):
        [wrong] = plainly(make(hyper), given)
        found.append(
            not np.array_equal(
                wrong.arrays["average", 0].truth.hi, right.arrays["average", 0].truth.hi
            )
        )
    assert any(found)
    assert moving_average.function is function


def test_a_stage_is_left_out_or_comes_at_another_time():
    """Every pair is exchanged once."""
    program = ADAM.program(HYPER)
    orders = [wrong.id for wrong, _ in wrong_orders(ADAM, [program.stages])]
    stages = len(program.stages)
    assert sum(":no-stage:" in id for id in orders) == stages - 1
    assert sum(":order:" in id for id in orders) == stages * (stages - 1) / 2
    assert len(set(orders)) == len(orders)


def test_slots_around_the_rule_start_elsewhere_and_sparse_rows_move_otherwise():
    """What the rule has of its own is a version of the rule."""
    program = ADAM.program({**HYPER, "gradient_accumulation_steps": 2})
    assert [wrong.id for wrong, _ in wrong_starts(ADAM, [program])] == [
        "keras3/Adam:start:accumulated_gradient"
    ]
    assert list(wrong_rows(ADAM)) == []
    lazy = find_spec("tf.contrib.opt/LazyAdamOptimizer")
    assert [wrong.after for wrong, _ in wrong_rows(lazy)] == [
        "moves_all_params=True",
        "moves_all_slots=True",
        "each_occurrence=True",
    ]


def test_the_rule_of_a_spec_is_found_as_well():
    """So that it is tried with its own operators."""
    assert adam_epsilon_hat in functions_run(ADAM, HYPER, problem())


def test_whatever_is_written_wrongly_comes_to_an_end():
    """A slip in a loop with a condition could run for ever, in the middle of somebody's tests."""
    made = {id: read_document(path_of(id, fixtures_dir()))["made_by"] for id in available()}
    loops = [
        function_of(part).__qualname__
        for id, names in made.items()
        for part in parts_named(names, find_spec(id))
        if not isinstance(part, Rule)
        for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function_of(part)))))
        if isinstance(node, ast.While)
    ]
    assert loops == []
