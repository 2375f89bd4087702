"""TensorFlow 1's wrapping optimizers against facts worked out by hand."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from mpmath import mpf
from single import close

import oracle
from oracle.errors import HyperparameterError, ShapeError
from oracle.systems.tf1.wrappers.sync import pattern

CONTRIB = "tf.contrib.opt"
MOVING = f"{CONTRIB}/MovingAverageOptimizer"
MULTITASK = f"{CONTRIB}/MultitaskOptimizerWrapper"
CLIPPING = f"{CONTRIB}/VariableClippingOptimizer"
DROPPING = f"{CONTRIB}/DropStaleGradientOptimizer"
ELASTIC = f"{CONTRIB}/ElasticAverageOptimizer"
MODEL = f"{CONTRIB}/ModelAverageOptimizer"
AGN = f"{CONTRIB}/AGNOptimizer"
SYNC = "tf.train/SyncReplicasOptimizer"
KERAS = "keras2/TFOptimizer"
WRAPPERS = (MOVING, MULTITASK, CLIPPING, DROPPING, ELASTIC, MODEL, AGN, SYNC, KERAS)


@pytest.fixture(autouse=True)
def fifty_digits():
    """The expected values are computed in mpmath's own context."""
    with mpmath.workdps(60):
        yield


def wrapped(name, **config):
    return {"class_name": f"{name}Optimizer", "config": config}


DESCENT = wrapped("GradientDescent", learning_rate=0.5)
MOMENTUM = wrapped("Momentum", learning_rate=0.5, momentum=0.5)
ADAM = wrapped("Adam", learning_rate=0.5, beta1=0.5, beta2=0.5, epsilon=0.25)
ALONE = {"num_worker": 1}


def scalars(id, gradients, start=1.0, **hyper):
    """The parameter after each step, and its slots after the last."""
    run = oracle.trajectory(id, [start], [[g] for g in gradients], hyper)
    return [p[0].item() for p in run.params[1:]], {n: v[0].item() for n, v in run.slots[-1].items()}


def test_the_average_takes_in_the_parameter_after_its_update():
    """3/4 of 1 and 1/4 of the parameter 0; the one before the update would leave it at 1."""
    params, slots = scalars(MOVING, [2.0], opt=DESCENT, average_decay=0.75)
    assert (params, slots["average"]) == ([0], 0.75)


@pytest.mark.parametrize(("updates", "kept"), [(0, "0.1"), (8, "0.5"), (980, "0.75")])
def test_few_updates_limit_the_decay(updates, kept):
    """(1 + n) / (10 + n), or the decay where that is less."""
    _, slots = scalars(MOVING, [2.0], opt=DESCENT, average_decay=0.75, num_updates=updates)
    assert close(slots["average"], mpf(kept))


def test_a_gradient_of_zero_rests_and_the_powers_move_on():
    """As if the first gradient were missing: Adam's moments are new, its powers are not."""
    rested = oracle.trajectory(MULTITASK, [[1.0]], [[[0.0]], [[2.0]]], {"opt": ADAM})
    grads = [[None, [1.0]], [[2.0], [1.0]]]
    missing = oracle.trajectory("tf.train/AdamOptimizer", [[1.0], [1.0]], grads, ADAM["config"])
    assert rested.params[2][0] == missing.params[2][0] != 1


def test_one_element_that_is_not_zero_moves_the_others():
    run = oracle.trajectory(
        MULTITASK, [[1.0, 1.0]], [[[2.0, 2.0]], [[0.0, 1.0]], [[0.0, 0.0]]], {"opt": MOMENTUM}
    )
    assert run.slots[2]["b"][0].tolist() == [1, 2] == run.slots[3]["b"][0].tolist()
    assert run.params[2][0].tolist() == [-0.5, -1] == run.params[3][0].tolist()


def test_not_a_number_is_not_zero():
    run = oracle.trajectory(MULTITASK, [[1.0, 1.0]], [[[float("nan"), 0.0]]], {"opt": DESCENT})
    assert run.params[1][0][0] != run.params[1][0][0]
    assert run.params[1][0][1] == 1


def test_the_parameter_is_clipped_after_its_update():
    """From (5, 12) by (-2, -4) at 1/2 is (6, 14); rows of norm 3 and 4 become 1."""
    run = oracle.trajectory(
        CLIPPING,
        [[[3.0, 0.0], [0.0, 5.0]], [9.0]],
        [[[[0.0, 0.0], [0.0, 2.0]], [2.0]]],
        {"opt": DESCENT, "vars_to_clip_dims": {"0": [1]}, "max_norm": 1.0},
    )
    assert run.params[1][0].tolist() == [[1, 0], [0, 1]]
    assert run.params[1][1].tolist() == [8]


def test_axes_choose_what_a_norm_is_taken_of():
    """Columns (3, 4) and (0, 12) of norm 5 and 12; the whole has norm 13."""
    start = [[[3.0, 0.0], [4.0, 12.0]]]
    by_axes = {
        (0,): [[Fraction(3, 5), 0], [Fraction(4, 5), 1]],
        (0, 1): [[Fraction(3, 13), 0], [Fraction(4, 13), Fraction(12, 13)]],
        (): [[1, 0], [1, 1]],
    }
    for axes, want in by_axes.items():
        hyper = {"opt": DESCENT, "vars_to_clip_dims": {"0": list(axes)}, "max_norm": 1.0}
        run = oracle.trajectory(CLIPPING, start, [[np.zeros((2, 2))]], hyper)
        got = run.params[1][0]
        assert all(
            close(got[i, k], mpf(Fraction(x).numerator) / Fraction(x).denominator)
            for i, row in enumerate(want)
            for k, x in enumerate(row)
        )


@pytest.mark.parametrize(
    ("dims", "said"),
    [
        ({"1": [0]}, "vars_to_clip_dims names parameter 1, and there are 1"),
        ({"0": [1]}, "there is no axis 1 in an array of shape (2,)"),
    ],
)
def test_what_is_to_be_clipped_has_to_be_there(dims, said):
    hyper = {"opt": DESCENT, "vars_to_clip_dims": dims, "max_norm": 1.0}
    with pytest.raises(ShapeError) as refused:
        oracle.trajectory(CLIPPING, [[1.0, 2.0]], [[[1.0, 1.0]]], hyper)
    assert str(refused.value) == said


def test_a_negative_staleness_drops_every_gradient():
    params, slots = scalars(DROPPING, [2.0, 2.0], opt=MOMENTUM, staleness=-1)
    assert (params, slots) == ([1, 1], {"b": 0, "stale_counter": 2})
    params, slots = scalars(DROPPING, [2.0, 2.0], opt=MOMENTUM, staleness=0)
    assert (params, slots) == ([0, -1.5], {"b": 3, "stale_counter": 0})


def test_elastic_averaging_by_hand():
    """Steps from 1: to 0; by 2 - 1/2 to -3/4, then 1/4 of the distance 7/4 is exchanged."""
    hyper = {**ALONE, "communication_period": 2, "moving_rate": 0.25, "rho": 0.5}
    params, slots = scalars(ELASTIC, [2.0, 2.0, 2.0], opt=DESCENT, **hyper)
    assert params[:2] == [0, Fraction(-3, 4) + Fraction(7, 16)]
    assert slots == {"local_center": 1, "global_center": Fraction(9, 16)}
    pulled = 2 + (params[1] - 1) / 2
    assert params[2] == params[1] - pulled / 2


def test_the_local_center_lags_behind_by_one_exchange():
    """The first exchange takes 1/2 of 1 over, from 0 and 1; the second copies what it left."""
    hyper = {**ALONE, "communication_period": 1, "moving_rate": 0.5, "rho": 0.0}
    _, first = scalars(ELASTIC, [2.0], opt=DESCENT, **hyper)
    assert first == {"local_center": 1, "global_center": 0.5}
    _, second = scalars(ELASTIC, [2.0, 0.0], opt=DESCENT, **hyper)
    assert second["local_center"] == 0.5


def test_elastic_defaults_are_divided_in_doubles():
    program = oracle.spec(ELASTIC).program({"opt": wrapped("Ftrl", learning_rate=0.3), **ALONE})
    assert program.numeric["moving_rate"] == 0.9 / 10 / 1
    assert program.numeric["rho"] == 0.9 / 10 / 1 / 0.3


@pytest.mark.parametrize("opt", [ADAM, wrapped("GradientDescent", learning_rate=0.0)])
def test_a_default_of_rho_that_cannot_be_is_refused(opt):
    with pytest.raises(HyperparameterError, match="rho=None is refused: it is moving_rate / "):
        oracle.spec(ELASTIC).validate({"opt": opt, **ALONE})
    assert oracle.spec(ELASTIC).validate({"opt": opt, **ALONE, "rho": 0.5})


def test_a_parameter_without_a_gradient_is_pulled_all_the_same():
    hyper = {"opt": DESCENT, **ALONE, "rho": 0.5, "communication_period": 1, "moving_rate": 0.25}
    run = oracle.trajectory(ELASTIC, [1.0, 1.0], [[2.0, 2.0], [2.0, None]], hyper)
    pull = (run.params[1][1].item() - 1) / 2
    before = run.params[1][1].item() - pull / 2
    center = run.slots[1]["global_center"][1].item()
    assert run.params[2][1].item() == before - (before - center) / 4


def test_the_average_of_one_model_is_that_model():
    hyper = {"opt": MOMENTUM, **ALONE, "is_chief": True, "interval_steps": 2}
    params, slots = scalars(MODEL, [2.0, 2.0, 2.0], **hyper)
    alone, _ = scalars("tf.train/MomentumOptimizer", [2.0, 2.0, 2.0], **MOMENTUM["config"])
    assert params == alone
    assert slots["global_center"] == params[1]


def test_a_period_comes_to_one_step_by_the_mean_gradient():
    """1 to 1 - 1/2 (2 + 4) / 2; on the way there 0."""
    hyper = {"optimizer": DESCENT, **ALONE, "communication_period": 2}
    params, slots = scalars(AGN, [2.0, 4.0], **hyper)
    assert params == [0, -0.5]
    assert slots == {"accumulated_gradient": 0, "global_center": -0.5}


def test_center_and_parameter_have_their_own_buffers_and_share_adams_powers():
    """Of three applications the third one moves the center: its mean is new, corrected by 7/8."""
    hyper = {**ALONE, "communication_period": 2}
    _, slots = scalars(AGN, [2.0, 4.0], optimizer=MOMENTUM, **hyper)
    assert (slots["b"], slots["center_b"]) == (5, 3)
    params, slots = scalars(AGN, [2.0, 4.0], optimizer=ADAM, **hyper)
    rate = (mpf(7) / 8) ** mpf(0.5) / (mpf(7) / 8) / 2
    moved = rate * slots["center_m"] / (slots["center_v"] ** mpf(0.5) + mpf(0.25))
    assert (slots["center_m"], slots["center_v"]) == (1.5, 4.5)
    assert close(params[1], 1 - moved)


@pytest.mark.parametrize(
    ("group", "workers", "said"),
    [(1, 1, "u-uuuu"), (2, 1, ".u-.u.u"), (1, 2, "u-u-u-"), (3, 3, "..u-..u")],
)
def test_which_gradients_are_stale(group, workers, said):
    """u updates, . is collected, - is dropped."""
    steps = pattern(len(said) - 1, group, max(group, workers))
    assert "".join("u" if ends else "." if fresh else "-" for fresh, ends in steps) == said


def test_replicas_step_by_the_mean_of_their_gradients():
    """The mean of 2 and 4 is 3; the third gradient is stale."""
    hyper = {"opt": DESCENT, "replicas_to_aggregate": 2}
    params, slots = scalars(SYNC, [2.0, 4.0, 64.0, 1.0], **hyper)
    assert params == [1, -0.5, -0.5, -0.5]
    assert slots == {"accumulated_gradient": 1}


def test_replicas_refuse_a_missing_gradient():
    with pytest.raises(ShapeError, match="refuses a missing gradient; give one for each"):
        oracle.trajectory(
            SYNC, [1.0, 1.0], [[1.0, None]], {"opt": DESCENT, "replicas_to_aggregate": 1}
        )


def test_keras_hands_on_what_it_is_given():
    alone, slots = scalars("tf.train/AdamOptimizer", [2.0, 4.0], **ADAM["config"])
    assert scalars(KERAS, [2.0, 4.0], optimizer=ADAM) == (alone, slots)


@pytest.mark.parametrize("id", WRAPPERS)
@pytest.mark.parametrize(
    ("given", "said"),
    [
        (0.1, r"it must be \{'class_name': NAME, 'config': ARGUMENTS\}, as Keras serializes one"),
        (wrapped("Adem"), "'AdemOptimizer' is no class that can be wrapped; near it are "),
        (wrapped("Momentum"), "tf.train/MomentumOptimizer needs learning_rate, momentum: "),
        (wrapped("Adam", beta1="much"), "AdamOptimizer: beta1='much' is refused: it must be "),
        (wrapped("Adam", beta=1), "tf.train/AdamOptimizer has no argument 'beta': it takes "),
        (wrapped("AddSign", sign_decay_fn=None), "within a wrapper has no sign_decay_fn"),
        (wrapped("MovingAverage"), "'MovingAverageOptimizer' is no class that can be wrapped"),
    ],
)
def test_what_cannot_be_wrapped_is_refused_in_a_sentence(id, given, said):
    spec = oracle.spec(id)
    name = next(name for name in ("opt", "optimizer") if name in spec.arguments)
    with pytest.raises(HyperparameterError, match=said) as refused:
        spec.validate({name: given})
    assert str(refused.value).startswith(f"{id}: {name}={given!r} is refused: ")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("id", [ELASTIC, MODEL, AGN, KERAS])
def test_what_waits_for_a_global_step_is_refused_where_nobody_counts(id):
    spec = oracle.spec(id)
    name = next(name for name in ("opt", "optimizer") if name in spec.arguments)
    with pytest.raises(HyperparameterError, match="AdagradDAOptimizer waits for a global step"):
        spec.validate({name: wrapped("AdagradDA", learning_rate=0.5)})


@pytest.mark.parametrize(("id", "name", "value"), [(AGN, "num_worker", 2), (MODEL, "is_chief", 1)])
def test_there_is_one_worker_and_it_is_the_chief(id, name, value):
    with pytest.raises(HyperparameterError, match=f"{name}={value} is refused: it must be"):
        oracle.spec(id).validate({name: value})


def test_arguments_of_the_wrapped_do_not_collide_with_the_wrappers():
    """Both have a rho; each enters the arithmetic under a name of its own."""
    opt = wrapped("Adadelta", rho=0.75)
    program = oracle.spec(ELASTIC).program({"opt": opt, **ALONE, "rho": 0.5})
    assert program.numeric["rho"] == 0.5
    assert program.numeric["AdadeltaOptimizer.rho"] == 0.75
