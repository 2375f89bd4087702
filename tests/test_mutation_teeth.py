"""What becomes of wrong versions: killed, not wrong at all, hidden by rounding, or still alive."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from oracle.arithmetic.model import Model
from oracle.bulk import Bulk
from oracle.dtypes import DTYPES
from oracle.golden import limits, load
from oracle.golden.cases import plans_for
from oracle.golden.cases.draw import inputs
from oracle.golden.cases.searched import searched_id, searched_plan
from oracle.mutation import flat
from oracle.mutation.equivalence import Right
from oracle.mutation.hunt import EQUIVALENT, KILLED, SURVIVOR, UNKILLABLE, Hunt
from oracle.mutation.kill import Group, Trials, cover_of
from oracle.mutation.observed import plainly
from oracle.mutation.substitute import substituted
from oracle.mutation.trial import Trial
from oracle.mutation.wrong import Wrong
from oracle.problem import Problem
from oracle.rules.ftrl import ftrl, ftrl_clamped
from oracle.rules.sgd import sgd, sgd_momentum
from oracle.systems import spec as find_spec

SGD = "keras2/SGD"


@pytest.fixture(scope="module")
def trials() -> Trials:
    """The runs of Keras 2's gradient descent."""
    return Trials(SGD)


def group_of(trials: Trials, part: object) -> Group:
    """Return the wrong versions of one part."""
    return next(group for group in trials.groups if group.part is part)


def fates_of(trials: Trials, part: object, dtype: str) -> dict[str, object]:
    """Return what becomes of each version of a part in one dtype."""
    group = group_of(trials, part)
    fates = [f for v, make in group.versions.items() for f in trials.judge(group, v, make, [dtype])]
    return {fate.version.id: fate for fate in fates}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_golden_cases_kill_wrong_momentum(trials: Trials, dtype: str):
    """Every version is told from the right one, each by a case that lists the dtype."""
    fates = fates_of(trials, sgd_momentum, dtype).values()
    assert {fate.kind for fate in fates} == {KILLED}
    known = {trial.id: trial for trial in trials.golden}
    assert all(known[fate.run].shows(dtype) for fate in fates)


def test_without_its_cases_a_version_survives():
    """A drawn run tells what no golden case of the dtype does."""
    blind = Trials(SGD, [replace(case, dtypes=()) for case in load(SGD).cases])
    fates = fates_of(blind, sgd_momentum, "float32")
    assert fates["sgd_momentum:swap-sign:v_t.1"].kind == SURVIVOR
    known = {trial.id for trial in blind.golden}
    assert fates["sgd_momentum:swap-sign:v_t.1"].run not in known


def test_rounding_hides_one_per_cent_in_bfloat16(trials: Trials):
    """Its numbers are further apart than that; the effect that was seen is told."""
    fate = fates_of(trials, sgd_momentum, "bfloat16")["sgd_momentum:scale-rate:v_t.1"]
    assert fate.kind == UNKILLABLE
    assert 0 < fate.effect <= 1


@pytest.mark.long
def test_what_is_only_written_differently_is_equivalent():
    """Momentum without any momentum is gradient descent: 50 digits show that it is no fault."""
    fates = fates_of(Trials("keras3/SGD"), sgd, "float32")
    assert fates["sgd:other-form:sgd_momentum"].kind == EQUIVALENT


def test_agreement_needs_thirty_digits():
    """A change in the 25th digit is a difference, one in the 45th is none."""
    spec = find_spec("keras3/SGD")
    problem = Problem.checked(spec, [[1.0]], [[[1.0]]])
    right = Right(spec.program({"learning_rate": "0.5"}), problem)
    assert right.agrees(spec.program({"learning_rate": "0.5" + "0" * 44 + "1"}))
    assert not right.agrees(spec.program({"learning_rate": "0.5" + "0" * 24 + "1"}))


def test_numbers_that_are_not_finite_agree_only_with_themselves():
    """Balls cannot tell; mpmath can."""
    spec = find_spec("keras3/SGD")
    problem = Problem.checked(spec, [[1.0, 1.0]], [[[np.inf, np.nan]]])
    right = Right(spec.program({"learning_rate": "0.5"}), problem)
    assert right.agrees(spec.program({"learning_rate": "0.25"}))
    assert not right.agrees(spec.program({"learning_rate": "-0.25"}))


@pytest.mark.parametrize(
    ("other", "expected"),
    [({"learning_rate": float("inf")}, np.inf), ({}, 0.0), ({"learning_rate": 0.02}, None)],
)
def test_an_effect_is_a_difference_over_both_bounds(other: dict, expected: float | None):
    """A version that is not finite where the truth is cannot pass; the right one has none."""
    spec = find_spec("keras3/SGD")
    problem = Problem.checked(spec, [[1.0, 2.0], 3.0], [[[1.0, 0.5], -1.0]])
    model = Model.declared("float32")
    [right] = Bulk(spec.program({}), problem, model)
    [wrong] = Bulk(spec.program(other), problem, model)
    found = flat.effect(flat.Flat.of([right]), flat.Flat.of([wrong]))
    mine, its = right.params[0], wrong.params[0]
    distance = abs(mine.truth.hi - its.truth.hi)
    by_hand = distance / (mine.bound + its.bound)
    assert found == (by_hand.max() if expected is None else expected)


def test_only_what_both_have_is_compared():
    """A version may keep more slots, or other ones; another shape is wrong."""
    spec = find_spec("keras3/SGD")
    problem = Problem.checked(spec, [[1.0, 2.0]], [[[1.0, 0.5]], [[1.0, 0.5]]])
    hyper = {"learning_rate": 0.5}
    right = flat.Flat.of(list(plainly(spec.program(hyper), problem)))
    more = flat.Flat.of(list(plainly(spec.program({**hyper, "use_ema": True}), problem)))
    assert flat.effect(right, more) == flat.effect(more, right) == 0
    other = Problem.checked(spec, [[1.0]], [[[1.0]], [[1.0]]])
    assert flat.effect(right, flat.Flat.of(list(plainly(spec.program(hyper), other)))) == np.inf


@pytest.mark.parametrize("spec_id", [SGD, "keras3/Adam", "tf.contrib.opt/AGNOptimizer"])
def test_drawn_cases_are_the_same_every_time_and_held_exactly(spec_id: str):
    """They follow from the planned case that their id names, and the spec accepts them."""
    plans = plans_for(spec_id)[:9]
    first, second = (
        [searched_plan(spec_id, searched_id(plan, 0), plan) for plan in plans] for _ in range(2)
    )
    assert first == second
    assert len({str(plan.hyper) for plan in first}) > 5
    for plan in first:
        find_spec(spec_id).program(plan.hyper)
        for array in inputs(spec_id, plan)[0]:
            assert np.array_equal(array.astype(np.float16).astype(float), array)


def test_a_wrong_default_is_killed_by_the_case_that_leaves_it_alone(trials: Trials):
    """Whoever starts from another library's learning rate is seen."""
    fate = fates_of(trials, None, "float32")[f"{SGD}:default:learning_rate=0.001"]
    assert fate.kind == KILLED
    case = next(trial for trial in trials.golden if trial.id == fate.run)
    assert "learning_rate" not in case.hyper


def test_a_sparse_kernel_has_versions_of_its_own():
    """Its rule is exchanged where sparse gradients come, and only there."""
    spec = find_spec("tf.train/FtrlOptimizer")
    other = substituted(spec, ftrl_clamped, ftrl)
    hyper = next(
        hyper
        for hyper in (spec.validate(case.hyper) for case in load(spec.id).cases)
        if spec.sparse_form(hyper).rule is ftrl_clamped
    )
    assert other.sparse_form(hyper).rule is ftrl
    assert other.form(hyper) is not ftrl


def test_a_drawn_run_kills_what_it_will_kill_as_a_case():
    """Its bounds grow by a little when it is written."""
    spec, plan = find_spec(SGD), next(p for p in plans_for(SGD) if p.id == "coarse")
    drawn = Trial.drawn(spec, plan)
    written = Trial.golden(spec, load(SGD).case("coarse"))

    def wrong(hyper):
        return spec.program({**hyper, "learning_rate": 0.1251})

    effects = [trial.effect(wrong, "float32") for trial in (drawn, written)]
    assert effects[0] <= effects[1] <= effects[0] * limits.WRITTEN_LARGER
    assert effects[0] > 1


def test_more_runs_are_made_only_of_a_near_miss():
    """What the bounds hide by far is given up at once."""
    hunt = Hunt(Wrong("id", "slip", "a", "b", "here"), None, ["float16", "bfloat16"])
    hunt.effects = {"float16": 0.9, "bfloat16": 0.1}
    hunt.give_up()
    assert hunt.pending == ["float16"]
    assert [(fate.dtype, fate.kind, fate.effect) for fate in hunt.fates] == [
        ("bfloat16", UNKILLABLE, 0.1)
    ]


def test_what_cannot_be_run_is_no_version(trials: Trials):
    """Nobody ships a program that breaks at once."""
    group = group_of(trials, sgd_momentum)

    def broken(hyper):
        raise TypeError

    version = next(iter(group.versions))
    assert trials.judge(group, version, broken, DTYPES) == []


def test_few_runs_are_taken_and_only_usable_ones():
    """The one that kills most comes first; what it leaves decides about the others."""
    kills = {
        "one": {("a", "x")},
        "two": {("a", "x"), ("b", "x")},
        "three": {("b", "x"), ("c", "x")},
        "four": set(),
    }
    assert cover_of(kills, lambda case: True) == ["two", "three"]
    assert cover_of(kills, lambda case: case != "two") == ["three", "one"]
    assert cover_of({}, lambda number: True) == []
