"""The Optax adapter drives the library as its users do, and says what keeps it from it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from new_python import in_new_python
from steps import arrays, stepped

from oracle.adapters.optax import optax, optax_eager, optax_x64
from oracle.adapters.optax.aliases import SLOTS
from oracle.claim import Claim
from oracle.dtypes import DTYPES
from oracle.implementation import Implementation

pytest.importorskip("optax", reason="Optax is not installed: pip install 'optimizer-oracle[optax]'")
pytest.importorskip("jax", reason="Optax is not installed: pip install 'optimizer-oracle[optax]'")

WAYS = (optax, optax_eager, optax_x64)
CLAIMS = {claim.spec: claim for claim in optax.claims}
EAGER = {claim.spec: claim for claim in optax_eager.claims}


def name(value: object) -> str:
    return value.name if isinstance(value, Implementation) else ""


@pytest.mark.parametrize("claim", EAGER.values(), ids=EAGER)
def test_every_claim_takes_a_step(claim: Claim) -> None:
    """New parameters have the shape and dtype of the old ones, and every slot is there."""
    stepped(claim, "float32")


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("implementation", WAYS, ids=name)
def test_every_dtype_is_kept_in_every_way_that_claims_it(
    implementation: Implementation, dtype: str
) -> None:
    """A float64 run has 64 bits, and a float32 run in the same process has 32 again."""
    claim = next(c for c in implementation.claims if c.spec == "optax/adam")
    if dtype in claim.dtypes:
        run = stepped(claim, dtype, learning_rate=0.5)
        assert {a.dtype.name for a in run.slots()["m"]} == {dtype}
    assert (dtype in claim.dtypes) == (implementation is not optax_x64 or dtype != "float64")


@pytest.mark.parametrize("spec", ["optax/adam", "optax/nadamw", "optax/lamb"])
def test_a_step_count_is_set_where_the_library_keeps_it(spec: str) -> None:
    """Set to where it stands, it changes nothing; set ahead, it changes the correction."""
    start = [CLAIMS[spec].factory(arrays(), learning_rate=0.5) for _ in range(3)]
    plain, same, ahead = start
    same.set_step(0)
    ahead.set_step(1000)
    first, second, third = (run.step(arrays())[0] for run in (plain, same, ahead))
    assert np.array_equal(first, second)
    assert not np.array_equal(first, third)


def test_of_steps_taken_together_a_group_and_the_steps_in_it_are_both_set() -> None:
    inner = {"class_name": "sgd", "config": {"learning_rate": 0.5}}
    run = CLAIMS["optax/MultiSteps"].factory(arrays(), opt=inner, every_k_schedule=2)
    run.set_step(7)
    moved = [not np.array_equal(run.step(arrays())[1], arrays()[1]) for _ in range(2)]
    assert moved == [True, True]
    run.set_step(8)
    before = run.step(arrays())[1]
    assert not np.array_equal(run.step(arrays())[1], before)


def test_every_way_claims_the_same_and_eager_steps_are_not_compiled() -> None:
    for implementation in WAYS:
        assert {claim.spec for claim in implementation.claims} == set(SLOTS)
        compiled = {claim.compiles for claim in implementation.claims}
        assert compiled == {implementation is not optax_eager}


def test_optimizers_share_a_program_by_their_hyperparameters_and_never_a_state(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A second one of the same is not compiled again and starts anew; one of others is compiled."""
    import jax

    def first_step(rate: float) -> tuple[list[np.ndarray], int]:
        run = CLAIMS["optax/adam"].factory(arrays(), learning_rate=rate, b1=0.625)
        caplog.clear()
        with jax.log_compiles():
            first = run.step(arrays())
        told = [record.getMessage() for record in caplog.records]
        run.step(arrays())
        return first, sum("Finished XLA compilation of jit(update_fn)" in line for line in told)

    (one, compiled), (again, more), (other, anew) = map(first_step, (0.375, 0.375, 0.8125))
    assert (compiled, more, anew) == (1, 0, 1)
    assert all(map(np.array_equal, one, again))
    assert not any(map(np.array_equal, one, other))


def test_what_is_missing_is_answered_with_how_to_install_it() -> None:
    message = in_new_python("""
        import sys
        sys.modules["optax"] = None
        from oracle.adapters.optax import optax
        from oracle.errors import ImplementationError
        try:
            optax.claims[0].factory([], learning_rate=0.5)
        except ImplementationError as error:
            print(error)
    """)
    assert message.startswith("Optax cannot be imported (")
    assert message.endswith("install it with `pip install 'optimizer-oracle[optax]'`")


def test_looking_at_the_claims_imports_no_framework() -> None:
    code = "import sys, oracle.adapters.optax; print({'jax', 'optax'} & set(sys.modules))"
    assert in_new_python(code) == "set()"


def test_it_runs_on_the_device_that_is_named() -> None:
    claim = next(claim for claim in optax.claims if claim.spec == "optax/sgd")
    with optax.devices["cpu"]():
        stepped(claim, "float32")


def test_a_device_that_is_not_there_is_refused_with_those_that_are() -> None:
    code = (
        "from oracle.adapters.optax import optax\n"
        "from oracle.errors import ImplementationError\n"
        "try:\n    optax.devices['gpu']().__enter__()\n"
        "except ImplementationError as error:\n    print(error)"
    )
    told = in_new_python(code)
    assert told.startswith("--impl-device=gpu: JAX ")
    assert " finds cpu here; JAX_PLATFORMS is " in told


def test_what_operations_lose_depends_on_the_device() -> None:
    claim = next(claim for claim in optax.claims if claim.spec == "optax/adam")
    named = [replace(claim, device=d).precision("float32").operations for d in ("", "gpu", "tpu")]
    assert [held and held.name for held in named] == ["xla_cpu", "xla_gpu", None]
