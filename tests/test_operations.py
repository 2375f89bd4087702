"""What a device may lose, as it is declared: in code, in a file, and by the name of a platform."""

from __future__ import annotations

import json

import pytest

from oracle.dtypes import float_type
from oracle.errors import ImplementationError
from oracle.operations import (
    EXACT,
    Operations,
    absolute,
    by_reciprocal,
    by_reciprocal_root,
    exp2_log2,
    exp_by_exp2,
    from_object,
    log_by_log2,
    read,
    relative,
    ulp,
)
from oracle.platforms import PLATFORMS, platform

FLOAT32 = float_type("float32")


@pytest.mark.parametrize(
    ("loss", "roundings"),
    [
        (ulp(2), 4.0),
        (ulp(0), 1.0),
        (relative(2.0**-22), 4.0),
        (absolute(1e-3), 1.0),
        (by_reciprocal(ulp(1)), 3.25),
        (by_reciprocal_root(relative(2.0**-22)), 6.25),
    ],
)
def test_a_loss_counts_as_so_many_roundings(loss, roundings):
    """Half an ulp is one rounding, and nothing is better than correctly rounded."""
    assert loss.roundings(FLOAT32) == roundings


def test_what_is_computed_through_base_two_loses_what_the_way_there_loses():
    assert exp_by_exp2(ulp(2)).ulp_of_argument == 1.25
    through = log_by_log2(absolute(2.0**-22))
    assert through.absolute == pytest.approx(0.6931471805599453 * 2.0**-22)
    assert through.roundings(FLOAT32) == 3.5


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_platform_has_a_source_and_comes_back_from_its_file(name, tmp_path):
    held = platform(name)
    assert held.source
    path = tmp_path / "operations.json"
    path.write_text(held.text)
    assert read(path) == held
    assert hash(read(path)) == hash(held)
    assert from_object(json.loads(held.text)).parts == held.parts


def test_a_part_is_left_out_by_name():
    held = Operations({"sqrt": ulp(1)}, flushes_subnormals=True, accumulator="float32")
    assert held.parts == ("sqrt", "flushes_subnormals", "accumulator")
    assert held.without("sqrt").parts == ("flushes_subnormals", "accumulator")
    for part in held.parts:
        held = held.without(part)
    assert held == EXACT


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"tan": {"ulp": 2}}, "'tan' is none; use add, multiply, divide"),
        ({"sqrt": 2}, 'sqrt: give an object such as {"ulp": 2}, not 2'),
        ({"sqrt": {"ulps": 2}}, "sqrt: 'ulps' is unknown; a loss has ulp, relative"),
        ({"sqrt": {"ulp": -1}}, "ulp=-1 of a loss: give a number, not below 0 and not NaN"),
        ({"sqrt": {"ulp": "much"}}, "ulp='much' of a loss: give a number"),
        ({"divide": {"ulp": 1, "within": [2]}}, r"within=\(2,\) of a loss: give a smallest"),
        ({"stored": "up"}, "stored='up' is unknown; use 'nearest' or 'stochastic'"),
        ({"products": "int8"}, "products='int8' is unknown; use 'tfloat32' or 'bfloat16'"),
        ({"exp": {"exp2": {}, "log2": {}}}, "only a power is an exp2"),
        ({"add": {"relative": 1e-3}}, "add may lose ulp, as in ulp"),
        ({"sqrt": {"ulp": "2"}}, "ulp='2' of a loss: give a number"),
        ({"divide": {"ulp": 1, "within": 5}}, "within=5 of a loss: give a smallest"),
        ({"flushes_subnormals": "yes"}, "flushes_subnormals='yes' is unknown; use False or True"),
        (
            {"power": {"exp2": {"exp2": {}, "log2": {}}, "log2": {}}},
            "power.exp2: 'exp2' is unknown",
        ),
        ([], r"operations are an object of JSON, not \[\]"),
    ],
)
def test_what_is_no_declaration_is_refused_with_the_remedy(stated, said):
    with pytest.raises(ImplementationError, match=said):
        from_object(stated)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(ImplementationError, match=r"missing.json': No such file"):
        read(tmp_path / "missing.json")
    path = tmp_path / "wrong.json"
    path.write_text("{")
    with pytest.raises(ImplementationError, match=r"wrong.json' is no JSON"):
        read(path)


def test_an_unknown_platform_is_refused_with_those_that_there_are():
    with pytest.raises(ImplementationError, match="use cuda, cuda_fast_math, triton"):
        platform("quantum")


def test_a_power_through_its_logarithm_is_no_plain_loss():
    held = Operations({"power": exp2_log2(ulp(2), absolute(2.0**-22))})
    assert held.loss("power") is None
    assert held.logarithmic is not None
    assert EXACT.logarithmic is None
