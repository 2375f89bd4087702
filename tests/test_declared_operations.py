"""What an adapter declares of a device: where it counts, and what a run tells of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from arithmetics import rounding
from click.testing import CliRunner

import oracle
from oracle import Implementation
from oracle.arithmetic.bounded import as_bounded
from oracle.arithmetic.model import Model
from oracle.arithmetic.native import native
from oracle.bulk import bulk
from oracle.cli import main
from oracle.errors import ImplementationError
from oracle.mutation.declared import blunted
from oracle.operations import Operations, absolute, by_reciprocal, exp2_log2, relative, ulp
from oracle.platforms import PLATFORMS
from oracle.resources import fixtures_dir

U = 2.0**-24
GADGET = "on_an_emulated_device"
GOLDEN = "suites/test_golden.py"


def bound(operations, of) -> float:
    """The bound of a function of 1.5 and 2.5, in unit roundoffs of its result."""
    xp = rounding("float32", operations=operations)
    number = as_bounded(of(xp, xp.array(np.array([1.5])), xp.array(np.array([2.5]))))
    return float(number.error[0] / number.size[0] / U)


@pytest.mark.parametrize(
    ("operations", "of", "roundings"),
    [
        ({"divide": ulp(2)}, lambda xp, a, b: a / b, 1 + 4),
        ({"divide": by_reciprocal(ulp(1))}, lambda xp, a, b: a / b, 1 + 3.25),
        ({"sqrt": ulp(1)}, lambda xp, a, b: xp.sqrt(a), 2),
        ({"sqrt": relative(2.0**-22)}, lambda xp, a, b: xp.sqrt(a), 4),
        ({"exp": ulp(1)}, lambda xp, a, b: xp.exp(a), 2),
        ({"exp": ulp(1, of_argument=2)}, lambda xp, a, b: xp.exp(a), 2 + 2 * 2 * 1.5),
        ({"cos": ulp(1)}, lambda xp, a, b: xp.cos(a), 2),
        ({"power": ulp(1)}, lambda xp, a, b: a**b, 2),
        ({"add": ulp(1)}, lambda xp, a, b: a + b, 2),
        ({"multiply": ulp(1)}, lambda xp, a, b: a * b, 2),
        ({"rsqrt": ulp(4)}, lambda xp, a, b: a / xp.sqrt(b), 8 + 1),
        ({}, lambda xp, a, b: a / xp.sqrt(b), 2 + 1),
    ],
)
def test_a_loss_is_so_many_roundings_of_the_result(operations, of, roundings):
    assert bound(Operations(operations), of) == pytest.approx(roundings, rel=1e-5)


def test_an_absolute_loss_stays_where_the_result_is_small():
    xp = rounding("float32", operations=Operations({"log": absolute(2.0**-20)}))
    near_one = as_bounded(xp.log(xp.array(np.array([1 + 2.0**-20]))))
    assert near_one.error[0] == pytest.approx(2.0**-20, rel=1e-4)


def test_a_power_through_its_logarithm_loses_what_the_exponent_is_off():
    """1 - 0.999**t of a fast kernel: t times 2^-22 of the logarithm counts in full."""
    fast = Operations({"power": exp2_log2(ulp(2), absolute(2.0**-22))})
    xp = rounding("float32", operations=fast)
    power = xp.constant(1 - 2.0**-10) ** xp.constant(100)
    lost = float(as_bounded(power).error / as_bounded(power).size)
    assert lost == pytest.approx(np.log(2) * 100 * 2.0**-22, rel=0.1)


def test_nothing_is_promised_beyond_the_range_of_a_division():
    xp = rounding(
        "float32", operations=Operations({"divide": ulp(2, within=(2.0**-126, 2.0**126))})
    )
    divisors = xp.array(np.array([2.0**126, 2.0**126 * 1.5]))
    lost = as_bounded(xp.array(np.array([2.0, 2.0])) / divisors).error
    assert np.isfinite(lost[0])
    assert np.isinf(lost[1])


def test_what_is_stored_stochastically_may_be_either_neighbour():
    def lost(operations):
        given = {"dtype": "bfloat16", "compute_dtype": "float32", "operations": operations}
        run = bulk("keras3/SGD", [np.ones(1)], [[np.ones(1)]], {"learning_rate": 0.1}, **given)
        return float(next(iter(run)).params[0].bound[0])

    assert lost(Operations(stored="stochastic")) > 1.9 * lost(None)


def test_a_number_that_was_nan_bounds_nothing_of_the_next():
    """What storing loses is no more than the way from the number before, where that is one."""
    xp = rounding("float16", compute_dtype="float32")
    new, old = xp.array(np.array([0.1, 0.1])), xp.array(np.array([np.nan, 0.0]))
    kept = as_bounded(xp.store(new, old))
    assert kept.error[0] == kept.error[1] > 0


def test_hyperparameters_of_a_narrower_type_may_be_multiplied_first():
    """h * x / k is (h / k) * x for a compiler that holds h and k in float32."""
    xp = native(Model.declared("float64", hyper_dtype={"*": "float32"}))
    h, k, x = xp.constant(0.1, "h"), xp.constant(0.7, "k"), xp.array(np.array([0.3]))
    first = float(np.float32(0.1) / np.float32(0.7)) * 0.3
    for product in (h * x / k, x / k * h, x * h / k):
        number = as_bounded(product)
        assert abs(first - number.value[0]) <= number.error[0]
        assert number.error[0] > 2 * U * number.size[0]


@pytest.mark.parametrize(
    "stated",
    [
        "cuda",
        PLATFORMS["cuda"],
        lambda dtype, device: "cuda" if device == "gpu" else None,
        PLATFORMS["cuda"].as_json(),
    ],
)
def test_a_declaration_is_said_in_any_of_these_ways(stated):
    mine = Implementation("mine", operations=stated)
    mine.implements("keras3/SGD")(lambda params: None)
    on_gpu = replace(mine.claims[0], device="gpu")
    assert on_gpu.precision("float32").operations == PLATFORMS["cuda"]


def test_losses_alone_and_a_file_are_declarations_too(tmp_path: Path):
    path = tmp_path / "measured.json"
    path.write_text(Operations({"sqrt": ulp(1)}).text)
    for stated in ({"sqrt": ulp(1)}, path, str(path)):
        mine = Implementation("mine")
        mine.implements("keras3/SGD", operations=stated)(lambda params: None)
        assert mine.claims[0].precision("float32").operations == Operations({"sqrt": ulp(1)})


def test_an_unknown_platform_is_refused():
    mine = Implementation("mine", operations="abacus")
    mine.implements("keras3/SGD")(lambda params: None)
    with pytest.raises(ImplementationError, match="'abacus': no such platform; use cuda, "):
        mine.claims[0].precision("float32")


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        (3, "operations=3: give a platform by name, losses, a file, or Operations"),
        (lambda dtype: "cuda", "what operations lose for 'float32' on '', fails: .*argument"),
    ],
)
def test_what_is_no_declaration_is_refused_in_a_sentence(stated, said):
    mine = Implementation("mine", operations=stated)
    mine.implements("keras3/SGD")(lambda params: None)
    with pytest.raises(ImplementationError, match=said):
        mine.claims[0].precision("float32")


def test_a_run_names_what_is_declared_and_what_was_never_needed(judge):
    result = judge(GADGET, GOLDEN)
    assert "failed" not in result.parseoutcomes()
    result.stdout.fnmatch_lines(
        [
            "looser than exact, as declared: gadget (divide 6 ulp, cos 9 ulp)",
            "declared and never needed in * golden cases: cos; declare less, *",
        ]
    )


def test_on_another_device_it_declares_nothing_and_fails(judge):
    result = judge(GADGET, GOLDEN, "--impl-device=exact", "-k", "Adagrad-coarse-from-zero")
    assert result.parseoutcomes()["failed"]
    assert "looser than exact" not in result.stdout.str()


def test_a_report_has_the_declaration(judge, tmp_path: Path):
    path = tmp_path / "report.jsonl"
    judge(GADGET, "suites/test_defaults.py", f"--impl-report={path}")
    claims = json.loads(path.read_text().splitlines()[0])["claims"]
    assert claims[0]["operations"]["divide"] == {"ulp": 6}


@pytest.mark.long
def test_wrong_versions_that_a_device_hides_are_named_with_the_loss_that_hides_them():
    folder = fixtures_dir()
    assert not blunted("tf/global_norm", folder, ["float32"], PLATFORMS["cuda_fast_math"]).hidden
    rough = Operations({"sqrt": relative(0.2)}, name="rough")
    found = blunted("torch/Adagrad", folder, ["float32"], rough)
    assert 0 < len(found.hidden) < found.killed["float32"]
    assert {part for hidden in found.hidden for part in hidden.by} == {"sqrt"}
    assert any("still killed" in line for line in found.lines())


def test_the_command_line_shows_them():
    given = ["teeth", "tf/global_norm", "--dtype", "float32", "--operations", "cuda_fast_math"]
    result = CliRunner().invoke(main, given)
    assert result.exit_code == 0, result.output
    assert "cuda_fast_math (divide 2 ulp" in result.output
    assert "still killed" in result.output
    result = CliRunner().invoke(main, ["teeth", "tf/global_norm", "--operations", "abacus"])
    assert result.exit_code == 2
    assert "no such platform" in result.output


def test_the_public_bound_takes_a_declaration():
    run = oracle.trajectory("torch/Adagrad", [[1.0]], [[[0.5]]])
    plain = run.bound("float32")[1][0]
    rough = run.bound("float32", operations=Operations({"divide": ulp(50)}))[1][0]
    assert rough > plain
