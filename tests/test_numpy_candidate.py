"""The candidate `numpy` against facts worked out by hand, and against misuse of its arrays."""

from __future__ import annotations

import ast
import math
from pathlib import Path

import numpy as np
import pytest

from oracle.adapters.numpy import numpy as candidate
from oracle.adapters.numpy import schedules
from oracle.dtypes import DTYPES, float_type

CLAIMS = {claim.spec: claim for claim in candidate.claims}
KERAS_2 = [spec for spec in CLAIMS if spec.startswith("keras2/")]
KERAS_3 = [spec for spec in CLAIMS if spec.startswith("keras3/")]


def build(spec, params, **hyper):
    return CLAIMS[spec].factory([np.asarray(p) for p in params], **hyper)


def run(spec, params, grads, **hyper):
    """The parameters after each step."""
    optimizer = build(spec, params, **hyper)
    return [optimizer.step([g if g is None else np.asarray(g) for g in step]) for step in grads]


def last(spec, param, grads, **hyper):
    """One float64 parameter after its last step, as plain numbers."""
    return run(spec, [np.float64(param)], [[np.float64(g)] for g in grads], **hyper)[-1][0].tolist()


# What is claimed


def test_every_optimizer_of_both_systems_is_claimed_in_every_dtype():
    keras_2 = {"SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "Adamax", "Nadam"}
    keras_3 = keras_2 | {"AdamW", "Ftrl", "Lion"}
    expected = {f"keras2/{name}" for name in keras_2} | {f"keras3/{name}" for name in keras_3}
    assert set(CLAIMS) == expected
    assert all(claim.dtypes == DTYPES for claim in candidate.claims)


def test_signatures_name_the_arguments_of_the_library():
    assert CLAIMS["keras3/Adam"].takes("gradient_accumulation_steps")
    assert CLAIMS["keras3/SGD"].takes("exclude_from_weight_decay")
    assert not CLAIMS["keras3/SGD"].takes("beta_1")
    assert CLAIMS["keras2/Adam"].takes("decay")
    assert not CLAIMS["keras2/Nadam"].takes("decay")


@pytest.mark.parametrize("spec", CLAIMS)
def test_every_argument_has_the_default_of_the_library(spec):
    assert CLAIMS[spec].required == frozenset()


def test_nothing_of_the_rules_is_imported():
    """It is a second opinion only while it shares nothing with the first."""
    folder = Path(schedules.__file__).parent
    allowed = ("oracle.adapters.numpy", "oracle.dtypes", "oracle.implementation", "oracle.sparse")
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("oracle"):
                assert node.module is not None
                assert node.module.startswith(allowed), f"{path.name} imports {node.module}"


@pytest.mark.parametrize("system", ["keras2", "keras3"])
@pytest.mark.parametrize("name", ["SGD", "sgd", "NADAM", "rmsProp"])
def test_lookup_by_name_ignores_case_and_takes_the_defaults(system, name):
    found = candidate.lookups[system](name, [np.ones(2)])
    canonical = {"sgd": "SGD", "nadam": "Nadam", "rmsprop": "RMSprop"}[name.lower()]
    assert type(found) is CLAIMS[f"{system}/{canonical}"].factory


@pytest.mark.parametrize("name", ["foo", None])
def test_lookup_of_an_unknown_name_lists_the_known_ones(name):
    with pytest.raises(ValueError, match=r"unknown optimizer .*: use one of SGD, "):
        candidate.lookups["keras2"](name, [np.ones(2)])


# Arrays


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("spec", CLAIMS)
def test_shape_and_dtype_are_kept_also_by_scalars_and_empty_arrays(spec, dtype):
    kind = float_type(dtype).numpy
    shapes = [(), (0,), (3,), (2, 1, 2)]
    optimizer = build(spec, [np.ones(shape, kind) for shape in shapes])
    for _ in range(2):
        new = optimizer.step([np.full(shape, 0.5, kind) for shape in shapes])
    assert [(type(p), p.shape, p.dtype) for p in new] == [(np.ndarray, s, kind) for s in shapes]
    for name, arrays in optimizer.slots().items():
        assert all(isinstance(a, np.ndarray) and a.dtype == kind for a in arrays)
        if name != "mu_product":
            assert [a.shape for a in arrays] == shapes


@pytest.mark.parametrize("spec", CLAIMS)
def test_inputs_are_never_written_to(spec):
    params, grads = [np.ones(3), np.ones(())], [np.full(3, 0.5), np.full((), 0.5)]
    for array in params + grads:
        array.flags.writeable = False
    optimizer = CLAIMS[spec].factory(params)
    optimizer.step(grads)
    optimizer.step(grads)
    assert all((array == array.flat[0]).all() for array in params + grads)


@pytest.mark.parametrize("spec", CLAIMS)
def test_what_is_returned_belongs_to_the_caller(spec):
    """Writing to results, slots or gradients afterwards changes nothing."""
    one, other = build(spec, [np.ones(3)]), build(spec, [np.ones(3)])
    for step in (1, 2, 3):
        grads = [np.full(3, 0.5 * step)]
        expected, got = one.step(grads), other.step(grads)
        np.testing.assert_array_equal(got, expected)
        for array in (*got, *grads, *(a for arrays in other.slots().values() for a in arrays)):
            array[...] = 7


@pytest.mark.parametrize("spec", CLAIMS)
@pytest.mark.filterwarnings("error")
def test_overflow_is_an_answer_and_not_a_warning(spec):
    optimizer = build(spec, [np.ones(2, np.float16)])
    for value in (60000.0, np.inf, np.nan, 0.0):
        optimizer.step([np.full(2, value, np.float16)])


@pytest.mark.parametrize("spec", CLAIMS)
def test_gradients_that_do_not_fit_are_refused(spec):
    optimizer = build(spec, [np.ones(2)])
    with pytest.raises(ValueError, match="got 2 gradients for 1 parameters"):
        optimizer.step([np.ones(2), np.ones(2)])
    with pytest.raises(ValueError, match=r"gradient 0 is float64\[3\]"):
        optimizer.step([np.ones(3)])
    with pytest.raises(ValueError, match=r"gradient 0 is float32\[2\]"):
        optimizer.step([np.ones(2, np.float32)])


@pytest.mark.parametrize("spec", CLAIMS)
def test_no_parameters_is_no_work(spec):
    assert build(spec, []).step([]) == []


# Keras 2


@pytest.mark.parametrize("name", ["lr", "learning_rate"])
def test_keras2_sgd_subtracts_the_scaled_gradient(name):
    assert last("keras2/SGD", 1.0, [2.0], **{name: 0.25}) == 0.5


def test_keras2_lr_wins_over_learning_rate():
    assert last("keras2/SGD", 1.0, [2.0], lr=0.25, learning_rate=8.0) == 0.5


def test_keras2_momentum_holds_the_learning_rate():
    optimizer = build("keras2/SGD", [np.float64(1.0)], lr=0.5, momentum=0.5)
    assert optimizer.step([np.asarray(1.0)])[0] == 0.5
    assert optimizer.slots()["v"][0] == -0.5
    assert optimizer.step([np.asarray(1.0)])[0] == 0.5 - 0.75


def test_keras2_nesterov_without_momentum_is_gradient_descent():
    assert last("keras2/SGD", 1.0, [2.0], lr=0.25, nesterov=True) == 0.5


def test_keras2_decay_reads_the_counter_before_its_increment():
    """The rates are 1 / (1 + it) for it = 0, 1, 2."""
    assert last("keras2/SGD", 0.0, [-1.0], lr=1.0, decay=1.0) == 1.0
    assert last("keras2/SGD", 0.0, [-1.0, -1.0], lr=1.0, decay=1.0) == 1.5
    assert last("keras2/SGD", 0.0, [-1.0] * 4, lr=1.0, decay=1.0) == pytest.approx(25 / 12)


def test_keras2_ignores_a_negative_decay():
    assert last("keras2/SGD", 0.0, [-1.0, -1.0], lr=1.0, decay=-0.5) == 2.0


def test_keras2_clipnorm_takes_all_parameters_as_one_vector():
    (first, second), *_ = run(
        "keras2/SGD",
        [np.zeros(1), np.zeros(1)],
        [[np.array([3.0]), np.array([4.0])]],
        lr=1.0,
        clipnorm=2.5,
    )
    assert (first[0], second[0]) == (-1.5, -2.0)


@pytest.mark.parametrize(("clipnorm", "moved"), [(5.0, 4.0), (10.0, 4.0), (0.0, 4.0), (-1.0, 4.0)])
def test_keras2_clipnorm_leaves_what_is_not_above_it(clipnorm, moved):
    grads = [[np.array([3.0, 4.0])]]
    assert run("keras2/SGD", [np.zeros(2)], grads, lr=1.0, clipnorm=clipnorm)[0][0][1] == -moved


def test_keras2_clips_the_norm_before_the_values():
    grads = [[np.array([3.0, 4.0])]]
    (new,) = run("keras2/SGD", [np.zeros(2)], grads, lr=1.0, clipnorm=2.5, clipvalue=1.75)[0]
    assert new.tolist() == [-1.5, -1.75]


def test_keras2_leaves_gradients_unclipped_by_a_norm_of_nan():
    grads = [[np.array([3.0, np.nan])]]
    (new,) = run("keras2/SGD", [np.zeros(2)], grads, lr=1.0, clipnorm=1.0)[0]
    assert new[0] == -3.0
    assert math.isnan(new[1])


@pytest.mark.parametrize("spec", KERAS_2)
def test_keras2_refuses_a_gradient_that_is_none(spec):
    with pytest.raises(ValueError, match="a gradient is None"):
        run(spec, [np.ones(2), np.ones(2)], [[np.ones(2), None]])


def test_keras2_adam_adds_epsilon_to_the_uncorrected_root():
    """With equal betas the first step is lr * sqrt(1 - b) * g / (sqrt(1 - b) * |g| + epsilon)."""
    new = last("keras2/Adam", 0.0, [-1.0], lr=1.0, beta_1=0.75, beta_2=0.75, epsilon=0.5)
    assert new == pytest.approx(0.5 / (0.5 + 0.5))


def test_keras2_adagrad_starts_from_zero_and_keras3_from_a_tenth():
    assert build("keras2/Adagrad", [np.ones(1)]).slots()["a"][0] == 0.0
    assert build("keras3/Adagrad", [np.ones(1)]).slots()["a"][0] == 0.1


@pytest.mark.parametrize("spec", ["keras2/RMSprop", "keras2/Adam"])
def test_keras2_takes_the_root_of_a_negative_number_as_zero(spec):
    """Adam with beta_2 above 1 freezes, and RMSprop divides by epsilon alone."""
    name = "rho" if spec.endswith("RMSprop") else "beta_2"
    moved = last(spec, 1.0, [1.0], lr=0.5, epsilon=1.0, **{name: 1.5})
    assert moved == (0.5 if name == "rho" else 1.0)


def test_amsgrad_keeps_a_maximum_only_when_asked():
    assert "v_max" not in build("keras2/Adam", [np.ones(1)]).slots()
    optimizer = build("keras2/Adam", [np.ones(1)], amsgrad=True, beta_2=0.5)
    optimizer.step([np.array([4.0])])
    optimizer.step([np.array([0.0])])
    assert optimizer.slots()["v"][0] == 4.0
    assert optimizer.slots()["v_max"][0] == 8.0


@pytest.mark.parametrize(("spec", "decay"), [("keras2/Nadam", 0.004), ("keras3/Nadam", 1.0)])
def test_nadam_shares_one_product_of_momenta(spec, decay):
    optimizer = build(spec, [np.ones(2), np.ones(3)])
    for _ in range(2):
        optimizer.step([np.ones(2), np.ones(3)])
    mu = [0.9 * (1 - 0.5 * 0.96 ** (decay * t)) for t in (1, 2)]
    assert [a.tolist() for a in optimizer.slots()["mu_product"]] == [
        pytest.approx(mu[0] * mu[1]) for _ in range(2)
    ]


# Keras 3


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


# Schedules


def rates(class_name, steps, **config):
    schedule = {"class_name": class_name, "config": {"name": "any", **config}}
    schedules.check(schedule)
    return [float(schedules.learning_rate_at(schedule, step, np.float64)) for step in steps]


def test_exponential_decay_multiplies_by_the_rate_and_may_wait_for_whole_periods():
    config = {"initial_learning_rate": 1.0, "decay_steps": 2, "decay_rate": 0.25}
    assert rates("ExponentialDecay", [0, 1, 2, 3], **config) == [1.0, 0.5, 0.25, 0.125]
    assert rates("ExponentialDecay", [0, 1, 2, 3], staircase=True, **config) == [1, 1, 0.25, 0.25]


def test_inverse_time_decay_divides_by_a_growing_number():
    config = {"initial_learning_rate": 1.0, "decay_steps": 2, "decay_rate": 2.0}
    assert rates("InverseTimeDecay", [0, 1, 2, 3], **config) == [1, 1 / 2, 1 / 3, 1 / 4]
    assert rates("InverseTimeDecay", [0, 1, 2, 3], staircase=True, **config) == [1, 1, 1 / 3, 1 / 3]


def test_piecewise_constant_decay_includes_its_boundaries():
    config = {"boundaries": [1, 3], "values": [4.0, 2.0, 1.0]}
    assert rates("PiecewiseConstantDecay", range(6), **config) == [4, 4, 2, 2, 1, 1]


def test_polynomial_decay_stops_at_the_end_or_starts_a_longer_cycle():
    config = {"initial_learning_rate": 5.0, "decay_steps": 2, "end_learning_rate": 1.0}
    assert rates("PolynomialDecay", range(5), **config) == [5, 3, 1, 1, 1]
    assert rates("PolynomialDecay", range(5), cycle=True, **config) == [5, 3, 1, 2, 1]
    assert rates("PolynomialDecay", range(3), power=2.0, **config) == [5, 2, 1]


def test_cosine_decay_goes_down_to_alpha_and_may_warm_up_first():
    config = {"initial_learning_rate": 1.0, "decay_steps": 2, "alpha": 0.5}
    assert rates("CosineDecay", range(4), **config) == pytest.approx([1.0, 0.75, 0.5, 0.5])
    warm = rates("CosineDecay", range(6), warmup_target=3.0, warmup_steps=2, **config)
    assert warm == pytest.approx([1.0, 2.0, 3.0, 2.25, 1.5, 1.5])


def test_cosine_decay_restarts_with_longer_and_lower_periods():
    config = {"initial_learning_rate": 1.0, "first_decay_steps": 2, "alpha": 0.0}
    same = rates("CosineDecayRestarts", range(5), t_mul=1.0, m_mul=0.5, **config)
    assert same == pytest.approx([1.0, 0.5, 0.5, 0.25, 0.25])
    longer = rates("CosineDecayRestarts", [0, 1, 2, 4, 6], t_mul=2.0, m_mul=0.5, **config)
    assert longer == pytest.approx([1.0, 0.5, 0.5, 0.25, 0.25])


@pytest.mark.parametrize("config", [{"decay_steps": 0}, {"decay_steps": -2}])
def test_a_schedule_needs_a_positive_length(config):
    with pytest.raises(ValueError, match="must be above 0"):
        rates("ExponentialDecay", [0], initial_learning_rate=1.0, decay_rate=0.5, **config)


def test_piecewise_constant_decay_needs_one_value_more_than_boundaries():
    with pytest.raises(ValueError, match="one entry more"):
        rates("PiecewiseConstantDecay", [0], boundaries=[1, 2], values=[1.0, 2.0])
