"""The candidate `numpy` against facts of Keras 3, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from numpy_runs import KERAS_3, build, last, run


def test_keras3_sgd_has_a_momentum_slot_only_with_momentum():
    assert build("keras3/SGD", [np.ones(1)]).slots() == {}
    assert set(build("keras3/SGD", [np.ones(1)], momentum=0.5).slots()) == {"v"}
    assert set(build("keras2/SGD", [np.ones(1)]).slots()) == {"v"}


def test_keras3_rmsprop_has_the_slots_its_arguments_ask_for():
    assert set(build("keras3/RMSprop", [np.ones(1)]).slots()) == {"v"}
    both = build("keras3/RMSprop", [np.ones(1)], centered=True, momentum=0.5)
    assert set(both.slots()) == {"v", "mg", "b"}


def test_keras3_rmsprop_adds_epsilon_inside_the_root():
    assert last("keras3/RMSprop", 0.0, [-2.0], learning_rate=1.0, rho=0.5, epsilon=2.0) == 1.0


def test_keras3_clipnorm_takes_each_parameter_by_itself():
    grads = [[np.array([3.0, 4.0]), np.array([0.5])]]
    first, second = run(
        "keras3/SGD", [np.zeros(2), np.zeros(1)], grads, learning_rate=1.0, clipnorm=2.5
    )[0]
    assert first.tolist() == [-1.5, -2.0]
    assert second.tolist() == [-0.5]


def test_keras3_global_clipnorm_takes_all_parameters_as_one_vector():
    grads = [[np.array([3.0]), np.array(4.0), None]]
    start = [np.zeros(1), np.zeros(()), np.ones(1)]
    new = run("keras3/SGD", start, grads, learning_rate=1.0, global_clipnorm=2.5)[0]
    assert [p.tolist() for p in new] == [[-1.5], -2.0, [1.0]]


@pytest.mark.parametrize("bad", [np.inf, np.nan])
def test_keras3_global_clipnorm_turns_everything_into_nan_when_the_norm_is_not_finite(bad):
    grads = [[np.array([3.0, bad]), np.array([1.0])]]
    new = run("keras3/SGD", [np.zeros(2), np.zeros(1)], grads, global_clipnorm=1.0)[0]
    assert all(np.isnan(p).all() for p in new)


def test_keras3_clipnorm_of_a_zero_gradient_is_zero():
    grads = [[np.zeros(2)]]
    for limit in ("clipnorm", "global_clipnorm", "clipvalue"):
        assert run("keras3/SGD", [np.ones(2)], grads, **{limit: 1.0})[0][0].tolist() == [1.0, 1.0]


def test_keras3_clipvalue_holds_each_value():
    grads = [[np.array([3.0, -4.0, 1.0])]]
    (new,) = run("keras3/SGD", [np.zeros(3)], grads, learning_rate=1.0, clipvalue=2.0)[0]
    assert new.tolist() == [-2.0, 2.0, -1.0]


def test_keras3_decays_the_weights_before_the_update_but_not_the_excluded_ones():
    grads, start = [[np.ones(1)] * 2], [np.full(1, 4.0)] * 2
    decayed, excluded = run(
        "keras3/SGD",
        start,
        grads,
        learning_rate=0.5,
        weight_decay=0.5,
        exclude_from_weight_decay=[1],
    )[0]
    assert (decayed[0], excluded[0]) == (4.0 - 4.0 * 0.5 * 0.5 - 0.5, 3.5)


def test_keras3_adamw_decays_by_default_and_adam_does_not():
    assert last("keras3/AdamW", 1.0, [0.0], learning_rate=0.5) == 1.0 - 0.004 * 0.5
    assert last("keras3/Adam", 1.0, [0.0], learning_rate=0.5) == 1.0


def test_keras3_divides_by_the_loss_scale():
    assert last("keras3/SGD", 1.0, [8.0], learning_rate=0.5, loss_scale_factor=8.0) == 0.5


def test_keras3_updates_with_the_mean_of_the_accumulated_gradients():
    steps = run(
        "keras3/SGD",
        [np.float64(0.0)],
        [[np.float64(g)] for g in (-1.0, -2.0, -6.0, -3.0)],
        learning_rate=1.0,
        gradient_accumulation_steps=3,
    )
    assert [step[0].tolist() for step in steps] == [0.0, 0.0, 3.0, 3.0]


def test_keras3_accumulator_is_emptied_by_an_update_also_without_a_gradient():
    """Keras resets every accumulator, so what a skipped parameter gathered is lost."""
    optimizer = build(
        "keras3/SGD", [np.zeros(1), np.zeros(1)], learning_rate=1.0, gradient_accumulation_steps=2
    )
    optimizer.step([np.ones(1), np.ones(1)])
    assert [a[0] for a in optimizer.slots()["accumulated_gradient"]] == [1.0, 1.0]
    new = optimizer.step([np.ones(1), None])
    assert [p[0] for p in new] == [-1.0, 0.0]
    assert [a[0] for a in optimizer.slots()["accumulated_gradient"]] == [0.0, 0.0]


def test_keras3_counts_updates_for_bias_correction_and_steps_for_schedules():
    schedule = {
        "class_name": "PiecewiseConstantDecay",
        "config": {"boundaries": [0], "values": [64.0, 1.0]},
    }
    betas = {"beta_1": 0.5, "beta_2": 0.5, "epsilon": 0.0}
    new = last(
        "keras3/Adam",
        0.0,
        [-1.0, -1.0],
        learning_rate=schedule,
        gradient_accumulation_steps=2,
        **betas,
    )
    assert new == pytest.approx(1.0)


def test_keras3_average_starts_as_a_copy_of_the_parameters():
    optimizer = build(
        "keras3/SGD", [np.float64(1.0)], learning_rate=0.5, use_ema=True, ema_momentum=0.5
    )
    averages = []
    for g in (1.0, 1.0, 0.0):
        optimizer.step([np.asarray(g)])
        averages.append(optimizer.slots()["average"][0].tolist())
    assert averages == [0.5, 0.25, 0.125]


def test_keras3_average_overwrites_all_parameters_every_few_updates():
    steps = run(
        "keras3/SGD",
        [np.float64(1.0), np.float64(8.0)],
        [[np.float64(1.0), None], [np.float64(1.0), None], [np.float64(0.0), None]],
        learning_rate=0.5,
        use_ema=True,
        ema_momentum=0.5,
        ema_overwrite_frequency=2,
    )
    assert [[p.tolist() for p in step] for step in steps] == [[0.5, 8.0], [0.25, 8.0], [0.25, 8.0]]


def test_keras3_skips_a_parameter_without_a_gradient():
    optimizer = build("keras3/Adam", [np.ones(1), np.ones(1)], weight_decay=0.5)
    _, untouched = optimizer.step([np.ones(1), None])
    assert untouched.tolist() == [1.0]
    assert optimizer.slots()["m"][1].tolist() == [0.0]


@pytest.mark.parametrize("spec", KERAS_3)
def test_keras3_refuses_a_step_without_any_gradient(spec):
    with pytest.raises(ValueError, match="no gradient is given"):
        run(spec, [np.ones(1)], [[None]])


@pytest.mark.parametrize("spec", ["keras2/Adamax", "keras3/Adamax"])
def test_adamax_leaves_a_parameter_of_gradient_zero_alone_in_float16(spec):
    """Keras 3 underflows in (1 - beta_1) * epsilon, divides by 0 and returns NaN."""
    one = np.ones(1, np.float16)
    assert run(spec, [one], [[one * 0]])[0][0].tolist() == [1.0]


def test_keras3_ftrl_computes_the_parameter_anew():
    """Without gradients nothing is left of the initial value."""
    assert last("keras3/Ftrl", 5.0, [0.0]) == 0.0


def test_keras3_lion_moves_by_the_learning_rate_in_the_direction_of_a_sign():
    new = run("keras3/Lion", [np.zeros(3)], [[np.array([5.0, -0.1, 0.0])]], learning_rate=0.5)
    assert new[0][0].tolist() == [-0.5, 0.5, 0.0]


@pytest.mark.parametrize(
    ("spec", "hyper", "message"),
    [
        ("keras3/SGD", {"clipnorm": 1.0, "clipvalue": 1.0}, "clipnorm and clipvalue are both set"),
        ("keras3/SGD", {"gradient_accumulation_steps": 1}, "must be at least 2"),
        ("keras3/SGD", {"use_ema": True, "ema_momentum": 1.5}, "ema_momentum is 1.5"),
        ("keras3/SGD", {"use_ema": True, "ema_overwrite_frequency": -1}, "is -1, but must be"),
        ("keras3/SGD", {"momentum": 2.0}, "momentum is 2.0"),
        ("keras3/Lion", {"beta_1": 0.0}, "beta_1 is 0.0"),
        ("keras3/AdamW", {"weight_decay": None}, "weight_decay is None"),
        ("keras3/Ftrl", {"learning_rate_power": 0.5}, "learning_rate_power is 0.5"),
        ("keras3/Ftrl", {"l1_regularization_strength": -1.0}, "must not be negative"),
        ("keras3/SGD", {"learning_rate": {"class_name": "Foo"}}, "unknown schedule 'Foo'"),
    ],
)
def test_keras3_refuses_what_keras_refuses(spec, hyper, message):
    with pytest.raises(ValueError, match=message):
        build(spec, [np.ones(1)], **hyper)
