"""What Keras 3's base class does around its rules, stage by stage and in its order."""

from __future__ import annotations

import mpmath
import pytest
from mpmath import mpf, sqrt
from single import close, exact, last, params, run, slot

import oracle
from oracle.errors import HyperparameterError, ShapeError

NAMES = [id.split("/")[1] for id in oracle.specs("keras3") if not oracle.spec(id).wraps]
SGD = {"learning_rate": 1.0}


@pytest.fixture(autouse=True)
def fifty_digits():
    """The expected values are computed in mpmath's own context."""
    with mpmath.workdps(60):
        yield


def step(params, gradients, **hyper):
    """The parameters after one step of SGD with learning rate 1."""
    after = oracle.trajectory("keras3/SGD", params, [gradients], {**SGD, **hyper}).params[1]
    return [p.tolist() for p in after]


# Weight decay


def test_weight_decay_shrinks_in_proportion_to_the_learning_rate():
    assert last("keras3/SGD", 8.0, [0.0], learning_rate=0.5, weight_decay=0.25) == 7


def test_weight_decay_comes_before_the_update():
    """Ftrl subtracts the decayed weight from its sum."""
    z = slot("z", "keras3/Ftrl", 8.0, [3.0], weight_decay=0.5, **SGD, initial_accumulator_value=0.0)
    assert z == 3 - 3 * mpf(4)


def test_adamw_decays_by_default():
    got = last("keras3/AdamW", 1.0, [0.0])
    assert close(got, 1 - exact(0.004) * exact(0.001))
    assert last("keras3/Adam", 1.0, [0.0]) == 1


def test_excluded_parameters_do_not_decay():
    hyper = {"weight_decay": 0.5, "exclude_from_weight_decay": [1]}
    assert step([4.0, 4.0], [0.0, 0.0], **hyper) == [2, 4]


def test_a_parameter_without_gradient_does_not_decay():
    assert step([4.0, 4.0], [0.0, None], weight_decay=0.5) == [2, 4]


def test_weight_decay_follows_the_schedule():
    schedule = piecewise([0], [1.0, 0.5])
    assert params("keras3/SGD", 8.0, [0.0] * 2, learning_rate=schedule, weight_decay=0.5) == [4, 3]


def piecewise(boundaries, values):
    config = {"boundaries": boundaries, "values": values}
    return {"class_name": "PiecewiseConstantDecay", "config": config}


# Clipping


def test_clipnorm_takes_the_norm_of_each_gradient():
    assert step([0.0, 0.0], [8.0, 0.25], clipnorm=0.5) == [-0.5, -0.25]


def test_global_clipnorm_takes_the_norm_of_all_gradients():
    first, second = step([0.0, 0.0], [3.0, 4.0], global_clipnorm=2.5)
    assert close(first, mpf(-1.5))
    assert close(second, mpf(-2))


def test_clipvalue_cuts_each_element():
    assert step([0.0, 0.0], [-8.0, 0.25], clipvalue=0.5) == [0.5, -0.25]


@pytest.mark.parametrize("clip", ["clipnorm", "global_clipnorm", "clipvalue"])
@pytest.mark.parametrize("threshold", [0.0, -1.0, None])
def test_a_threshold_that_is_not_positive_is_off(clip, threshold):
    assert step([0.0], [8.0], **{clip: threshold}) == [-8]


def test_missing_gradients_do_not_count_in_the_global_norm():
    assert step([0.0, 1.0], [4.0, None], global_clipnorm=2.0) == [-2, 1]


# Loss scale


def test_gradients_are_divided_by_the_loss_scale_before_they_are_clipped():
    assert step([0.0], [8.0], loss_scale_factor=4.0) == [-2]
    assert step([0.0], [8.0], loss_scale_factor=4.0, clipvalue=3.0) == [-2]


# Accumulation


def test_gradients_accumulate_and_their_mean_is_applied():
    steps = params("keras3/SGD", 0.0, [1.0, 2.0, 6.0, 4.0], **SGD, gradient_accumulation_steps=3)
    assert steps == [0, 0, -3, -3]


def test_the_accumulator_is_emptied_with_each_update():
    hyper = {**SGD, "gradient_accumulation_steps": 2}
    states = run("keras3/SGD", 0.0, [1.0, 2.0, 4.0], **hyper).slots
    assert [s["accumulated_gradient"][0].item() for s in states] == [0, 1, 0, 4]


def test_accumulated_gradients_are_clipped_as_a_whole():
    hyper = {**SGD, "gradient_accumulation_steps": 2, "clipvalue": 1.0}
    assert params("keras3/SGD", 0.0, [8.0, -7.0], **hyper) == [0, -0.5]


def test_weights_decay_only_with_an_update():
    hyper = {**SGD, "gradient_accumulation_steps": 2, "weight_decay": 0.5}
    assert params("keras3/SGD", 8.0, [0.0] * 4, **hyper) == [8, 4, 4, 2]


def test_the_bias_correction_counts_updates():
    hyper = {"learning_rate": 0.5, "epsilon": 0.0}
    accumulated = params("keras3/Adam", 0.0, [3.0] * 4, gradient_accumulation_steps=2, **hyper)
    assert all(map(close, accumulated, [mpf(0), mpf(-0.5), mpf(-0.5), mpf(-1)]))


def test_a_schedule_counts_every_step():
    hyper = {"learning_rate": piecewise([0], [1.0, 0.5]), "gradient_accumulation_steps": 2}
    assert params("keras3/SGD", 0.0, [1.0] * 2, **hyper) == [0, -0.5]


# The moving average


def test_the_average_starts_as_a_copy_and_fades():
    averages = run("keras3/SGD", 0.0, [-4.0, -4.0, 0.0], **SGD, use_ema=True, ema_momentum=0.75)
    assert [s["average"][0].item() for s in averages.slots] == [0, 4, 5, 5.75]


def test_weights_are_overwritten_by_the_average_every_so_many_steps():
    hyper = {**SGD, "use_ema": True, "ema_momentum": 0.5, "ema_overwrite_frequency": 2}
    assert params("keras3/SGD", 0.0, [-4.0] * 4, **hyper) == [4, 6, 10, 11]


def test_without_use_ema_there_is_no_average():
    trajectory = run("keras3/SGD", 0.0, [1.0], ema_momentum=0.5, ema_overwrite_frequency=1)
    assert "average" not in trajectory.slots[-1]
    assert trajectory.params[-1][0].item() == -exact(0.01)


def test_parameters_without_gradient_are_averaged_too():
    hyper = {**SGD, "use_ema": True, "ema_momentum": 0.5}
    slots = oracle.trajectory("keras3/SGD", [1.0, 3.0], [[1.0, None]], hyper).slots
    assert slots[1]["average"][1] == 3


# Missing gradients


def test_a_parameter_without_gradient_stays_as_it_is():
    trajectory = oracle.trajectory("keras3/Adam", [1.0, 2.0], [[1.0, None], [None, 1.0]])
    assert [p[1].item() for p in trajectory.params[:2]] == [2, 2]
    assert trajectory.params[2][0] == trajectory.params[1][0]
    assert trajectory.slots[1]["m"][1] == 0


def test_a_late_first_gradient_finds_the_step_counter_where_it_is():
    trajectory = oracle.trajectory(
        "keras3/Adam", [0.0, 0.0], [[1.0, None], [1.0, 1.0]], {"epsilon": 0.0, "learning_rate": 1.0}
    )
    b1, b2 = exact(0.9), exact(0.999)
    want = -(1 - b1) / (1 - b1**2) * sqrt((1 - b2**2) / (1 - b2))
    assert close(trajectory.params[2][1].item(), want)


@pytest.mark.parametrize("name", NAMES)
def test_a_step_without_any_gradient_is_refused(name):
    with pytest.raises(ShapeError) as refused:
        oracle.trajectory(f"keras3/{name}", [1.0, 2.0], [[None, None]])
    assert str(refused.value) == "step 1: keras3 refuses a step without any gradient"


# Arguments


@pytest.mark.parametrize("name", NAMES)
def test_two_clips_together_are_refused(name):
    with pytest.raises(HyperparameterError) as refused:
        oracle.spec(f"keras3/{name}").validate({"clipnorm": 1.0, "global_clipnorm": 1.0})
    assert str(refused.value) == (
        f"keras3/{name}: clipnorm and global_clipnorm are given together: give one of them at most"
    )


@pytest.mark.parametrize("name", NAMES)
def test_an_integer_learning_rate_is_refused_as_keras_does(name):
    with pytest.raises(HyperparameterError) as refused:
        oracle.spec(f"keras3/{name}").validate({"learning_rate": 1})
    assert str(refused.value) == (
        f"keras3/{name}: learning_rate=1 is refused: it must be a float; write 1.0 for 1"
    )
