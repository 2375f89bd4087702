"""The candidate `numpy`: what it claims, and misuse of its arrays."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest
from numpy_runs import CLAIMS, build

from oracle.adapters.numpy import numpy as candidate
from oracle.adapters.numpy import schedules
from oracle.dtypes import DTYPES, float_type

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
    declared = ("oracle.claim", "oracle.dtypes", "oracle.implementation", "oracle.sparse")
    allowed = ("oracle.adapters.numpy", *declared)
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
