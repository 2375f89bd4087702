"""The floating-point types against numpy's and ml_dtypes' own description of them."""

from __future__ import annotations

import ml_dtypes
import numpy as np
import pytest

from oracle.dtypes import DTYPES, float_type
from oracle.errors import OracleError, UnknownDtypeError


@pytest.mark.parametrize("name", DTYPES)
def test_every_property_is_that_of_the_numpy_dtype(name):
    kind = float_type(name)
    info = ml_dtypes.finfo(kind.numpy)
    assert (kind.name, kind.bits, kind.precision) == (name, info.bits, info.nmant + 1)
    assert kind.unit_roundoff == float(info.eps) / 2
    assert kind.smallest_subnormal == float(info.smallest_subnormal)
    assert kind.smallest_normal == float(info.smallest_normal)
    assert kind.largest == float(info.max)


@pytest.mark.parametrize("name", DTYPES)
def test_rounding_is_to_nearest_even(name):
    kind = float_type(name)
    u = kind.unit_roundoff
    if name != "float64":
        assert kind.round([1 + u, 1 + 3 * u]).tolist() == [1, 1 + 4 * u]
    assert kind.round(1 + 2 * u) == 1 + 2 * u


@pytest.mark.parametrize("name", DTYPES)
def test_rounding_keeps_zeros_infinities_and_nan(name):
    special = np.array([0.0, -0.0, np.inf, -np.inf, np.nan])
    np.testing.assert_array_equal(float_type(name).round(special), special)


@pytest.mark.parametrize("name", ["float16", "bfloat16", "float32"])
def test_rounding_beyond_the_range_gives_infinity_without_a_warning(name, recwarn):
    kind = float_type(name)
    assert kind.round(2 * kind.largest) == np.inf
    assert kind.round(-2 * kind.largest) == -np.inf
    assert not recwarn


@pytest.mark.parametrize("name", ["float16", "bfloat16", "float32"])
def test_half_the_smallest_number_rounds_to_zero(name):
    kind = float_type(name)
    assert kind.round(kind.smallest_subnormal / 2) == 0
    assert kind.round(kind.smallest_subnormal * 0.51) == kind.smallest_subnormal


@pytest.mark.parametrize("name", ["float8", "Float32", "", "double", "float32 "])
def test_an_unknown_dtype_is_refused_with_the_known_ones(name):
    with pytest.raises(UnknownDtypeError) as refused:
        float_type(name)
    assert str(refused.value) == (
        f"unknown dtype {name!r}: use one of float16, bfloat16, float32, float64"
    )
    assert isinstance(refused.value, (OracleError, ValueError))


def test_types_are_the_same_object_each_time():
    assert float_type("float32") is float_type("float32")
