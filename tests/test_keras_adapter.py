"""The Keras adapter drives the library as its users do, and refuses what it cannot judge."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from new_python import in_new_python
from steps import arrays, stepped

import oracle
from oracle.adapters.keras import keras, keras_xla
from oracle.adapters.keras.optimizer import KerasOptimizer
from oracle.claim import Claim
from oracle.dtypes import DTYPES, float_type
from oracle.systems import spec as find_spec

pytest.importorskip("keras", reason="Keras is not installed: pip install 'optimizer-oracle[keras]'")
pytest.importorskip("tensorflow", reason="TensorFlow is not installed: Keras cannot run on it")

CLAIMS = {
    f"{implementation.name}-{claim.spec}-{claim.mode or 'default'}": claim
    for implementation in (keras, keras_xla)
    for claim in implementation.claims
}
EAGER = {claim.spec: claim for claim in keras.claims if not claim.mode}
ALONE = {id: claim for id, claim in EAGER.items() if not find_spec(id).wraps}
FREE = "keras3/ScheduleFreeAdamW"
TRACED = {claim.spec: claim for claim in keras.claims if claim.mode == "function"}


def start(claim: Claim, dtype: str = "float32", **hyper: Any) -> Any:
    return claim.factory(arrays(dtype), **hyper)


def expected_slots(spec: str, hyper: Mapping[str, Any]) -> set[str]:
    return set(find_spec(spec).program(hyper).slots)


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_every_claim_takes_a_step_in_every_mode(claim: Claim) -> None:
    """New parameters have the shape and dtype of the old ones, and every slot is there."""
    stepped(claim, "float32")


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("claim", ALONE.values(), ids=ALONE)
def test_slots_have_the_dtype_of_the_case(claim: Claim, dtype: str) -> None:
    """Keras makes each slot in its variable's dtype."""
    hyper = {"use_ema": True, "gradient_accumulation_steps": 2}
    run = start(claim, dtype, **hyper)
    run.step(arrays(dtype))
    slots = run.slots()
    assert set(slots) == expected_slots(claim.spec, hyper)
    shown = [a for values in slots.values() for a in values if a is not None]
    assert {a.dtype for a in shown} == {float_type(dtype).numpy}


def test_a_scale_is_a_float32_number_beside_slots_of_the_case() -> None:
    inner = {"class_name": "SGD", "config": {"learning_rate": 0.5, "momentum": 0.5}}
    run = start(EAGER["keras3/LossScaleOptimizer"], "float16", inner_optimizer=inner)
    run.step(arrays("float16"))
    found = {name: {a.dtype.name for a in values} for name, values in run.slots().items()}
    assert found["v"] == {"float16"}
    assert found["dynamic_scale"] == {"float32"}
    assert found["step_counter"] <= {"int32", "int64"}


def test_of_optimizers_side_by_side_each_shows_its_own_slots() -> None:
    momentum = {"class_name": "SGD", "config": {"momentum": 0.5}}
    nadam = {"class_name": "Nadam", "config": {}}
    chosen = {"default_optimizer": momentum, "optimizer_map": {"1": nadam, "7": momentum}}
    run = start(EAGER["keras3/MultiOptimizer"], optimizer_map=chosen)
    run.step(arrays())
    shown = {name: [a is not None for a in values] for name, values in run.slots().items()}
    assert shown.pop("v") == [True, False, True]
    assert set(shown) == {"1.m", "1.v", "1.mu_product"}
    assert all(slot == [False, True, False] for slot in shown.values())


@pytest.mark.parametrize("claim", [EAGER["keras3/SGD"], TRACED["keras3/SGD"]], ids=["eager", "tf"])
def test_a_parameter_without_a_gradient_stays(claim: Claim) -> None:
    """None stands for a variable that the loss does not depend on; no warning escapes."""
    gradients = [arrays()[0], None, arrays()[2]]
    new = start(claim, learning_rate=0.5).step(gradients)
    np.testing.assert_array_equal(new[0], 0.5 * arrays()[0])
    np.testing.assert_array_equal(new[1], arrays()[1])


def test_integers_are_accepted_where_keras_wants_floats() -> None:
    """A case may say learning_rate=1; Keras refuses the integer."""
    new = start(EAGER["keras3/SGD"], learning_rate=1, momentum=0).step(arrays())
    assert all(not p.any() for p in new)


def test_a_schedule_is_given_in_its_serialized_form() -> None:
    """The rate of step 1 is the schedule's at 0, and the case's own dictionary is left alone."""
    config = {"boundaries": [1], "values": [0.5, 0.25]}
    schedule = {"class_name": "PiecewiseConstantDecay", "config": config}
    run = start(EAGER["keras3/SGD"], learning_rate=schedule)
    run.step([np.ones_like(p) for p in arrays()])
    run.step([np.ones_like(p) for p in arrays()])
    third = run.step([np.ones_like(p) for p in arrays()])
    np.testing.assert_array_equal(third[0], arrays()[0] - np.float32(1.25))
    assert schedule == {"class_name": "PiecewiseConstantDecay", "config": config}


def test_excluded_parameters_do_not_decay() -> None:
    """The pseudo-argument stands for a call of the optimizer's method."""
    hyper = {"learning_rate": 0.5, "weight_decay": 0.5, "exclude_from_weight_decay": [1]}
    new = start(EAGER["keras3/SGD"], **hyper).step([np.zeros_like(p) for p in arrays()])
    np.testing.assert_array_equal(new[0], 0.75 * arrays()[0])
    np.testing.assert_array_equal(new[1], arrays()[1])


def test_a_used_trace_gives_the_same_bits_as_a_new_one() -> None:
    """A trace is kept for the next run of the same case, with every variable set back."""
    claim, hyper = TRACED["keras3/Nadam"], {"use_ema": True, "learning_rate": 0.3}
    first = start(claim, **hyper)
    fresh = [first.step(arrays()) for _ in range(3)], first.slots()
    del first
    again = start(claim, **hyper)
    reused = [again.step(arrays()) for _ in range(3)], again.slots()
    np.testing.assert_equal(reused, fresh)


@pytest.mark.parametrize("claims", [EAGER, TRACED], ids=["eager", "function"])
def test_the_library_counts_on_from_where_its_counter_is_set(claims: Mapping[str, Claim]) -> None:
    """With accumulation ``iterations`` is a quotient; what is set is the count of all steps."""
    run = start(claims["keras3/SGD"], learning_rate=0.5, gradient_accumulation_steps=2)
    run.set_step(2**24 + 1)
    np.testing.assert_array_equal(run.step(arrays())[0], 0.75 * arrays()[0])
    np.testing.assert_array_equal(run.step(arrays())[0], 0.75 * arrays()[0])


def test_two_living_runs_share_nothing() -> None:
    """A trace that is in use is not handed out again."""
    claim = TRACED["keras3/SGD"]
    one, two = start(claim, learning_rate=0.5), start(claim, learning_rate=0.5)
    one.step(arrays())
    np.testing.assert_array_equal(two.step(arrays())[0], 0.5 * arrays()[0])


def test_keras_leaves_the_arrays_it_is_given_alone() -> None:
    """TensorFlow may take over a numpy array's memory, so the adapter hands it copies."""
    params, gradients = arrays(), arrays()
    run = EAGER["keras3/Adam"].factory(params)
    new = run.step(gradients)
    gradients[0][...] = new[0][...] = 7.0
    np.testing.assert_array_equal(params[0], arrays()[0])
    assert not np.any(run.step([np.zeros_like(p) for p in params])[0] == 7.0)


@pytest.mark.parametrize("implementation", [keras, keras_xla], ids=lambda i: i.name)
def test_an_optimizer_is_found_by_its_name(implementation: Any) -> None:
    """The name reaches keras.optimizers.get, which knows it in lower case too."""
    new = implementation.lookups["keras3"]("sgd", arrays()).step(arrays())
    np.testing.assert_allclose(new[0], 0.99 * arrays()[0], rtol=2**-22)


def test_float64_variables_meet_hyperparameters_of_float32() -> None:
    """Which argument is rounded to float32 on its way is declared one by one."""
    adam = EAGER["keras3/Adam"].precision("float64").hyper_dtype
    assert adam == dict.fromkeys(("learning_rate", "weight_decay", "beta_1", "beta_2"), "float32")
    assert EAGER["keras3/Adam"].precision("float32").hyper_dtype is None


def test_float16_alone_keeps_subnormals() -> None:
    """TensorFlow computes float16 in float32, where float16's subnormals are normal."""
    claim = EAGER["keras3/Adam"]
    assert [d for d in DTYPES if not claim.precision(d).flushes_subnormals] == ["float16"]


REFUSAL = """
    import os, sys
    {setting}
    from oracle.adapters.keras import keras
    from oracle.errors import ImplementationError
    try:
        keras.claims[0].factory([])
    except ImplementationError as error:
        print(error)
"""


def test_tensorflow_is_imported_only_when_it_is_needed() -> None:
    """Looking at the claims costs nothing."""
    loaded = in_new_python("import sys, oracle.adapters.keras; print('tensorflow' in sys.modules)")
    assert loaded == "False"


def test_another_backend_is_refused_in_one_sentence() -> None:
    """Keras on JAX is another implementation, with another arithmetic."""
    message = in_new_python(REFUSAL.format(setting="os.environ['KERAS_BACKEND'] = 'jax'"))
    assert message.startswith("Keras has the backend 'jax'")
    assert message.endswith("unset KERAS_BACKEND or set it to tensorflow")


def test_missing_keras_is_answered_with_how_to_install_it() -> None:
    """Neither library is a dependency of the oracle."""
    message = in_new_python(REFUSAL.format(setting="sys.modules['keras'] = None"))
    assert message.endswith("pip install 'optimizer-oracle[keras]'`")


@pytest.mark.parametrize("names", [["iterations"], ["iterations", "_iterations"]])
def test_the_count_of_steps_is_set_where_the_library_keeps_it(names: list[str]):
    """Before Keras 3.6 that was ``iterations``, which counts the updates since."""
    told: list[tuple[str, int]] = []
    counters = {name: SimpleNamespace(assign=partial(_note, told, name)) for name in names}
    at = SimpleNamespace(computing_in=lambda dtype: nullcontext())
    KerasOptimizer(at, SimpleNamespace(**counters), []).set_step(7)
    assert told == [(names[-1], 7)]


def _note(told: list[tuple[str, int]], name: str, number: int) -> None:
    told.append((name, number))


@pytest.mark.parametrize("claim", [EAGER[FREE], TRACED[FREE]], ids=["eager", "tf"])
def test_schedule_free_adamw_is_right_but_for_beta_1(claim: Claim) -> None:
    """On TensorFlow it moves by beta_1=1, whatever it is given: all else of it is judged so."""
    hyper = {"learning_rate": 0.125, "beta_2": 0.75, "epsilon": 0.0625, "warmup_steps": 2}
    hyper |= {"weight_decay": 0.25}
    run = start(claim, **hyper, beta_1=0.5)
    truth = oracle.trajectory(FREE, arrays(), [arrays()] * 4, hyper | {"beta_1": 1.0})
    for exact, bound in zip(truth.params[1:], truth.bound("float32")[1:], strict=True):
        for got, want, most in zip(run.step(arrays()), exact, bound, strict=True):
            assert (np.abs(got.astype(float) - want.astype(float)) <= most).all()
