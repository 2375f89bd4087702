"""The public interface: what it offers, what it costs to import, and that it is documented."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

import oracle
from oracle.errors import OracleError

HEAVY = ("mpmath", "numpy", "hypothesis", "flint", "ml_dtypes", "jsonschema", "rich", "click")


def loaded_after(code: str) -> set[str]:
    """The modules that a fresh interpreter holds after running ``code``."""
    script = f"import sys\n{code}\nprint(*sys.modules)"
    output = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(output.stdout.split())


def test_importing_oracle_loads_nothing_heavy():
    assert loaded_after("import oracle").isdisjoint(HEAVY)


def test_declaring_an_implementation_loads_nothing_heavy():
    """An author's module may be imported by a pytest that judges nothing."""
    code = "import oracle; oracle.Implementation('mine').implements('keras3/Adam')(print)"
    assert loaded_after(code).isdisjoint(HEAVY)


def test_listing_specs_needs_no_framework_and_no_test_library():
    loaded = loaded_after("import oracle; oracle.specs()")
    assert loaded.isdisjoint({"hypothesis", "pytest", "flint", "keras", "tensorflow"})


def test_everything_public_is_there_and_documented():
    for name in set(oracle.__all__) - {"__version__"}:
        assert inspect.getdoc(getattr(oracle, name)), name
    assert set(dir(oracle)) == set(oracle.__all__)


def test_the_function_trajectory_is_not_hidden_by_a_module_of_its_name():
    import oracle.trajectories

    assert callable(oracle.trajectory)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match=r"^module 'oracle' has no attribute 'nope'$"):
        oracle.nope  # noqa: B018 - reading it is the test


def test_every_refusal_is_an_oracle_error():
    from oracle import errors

    classes = [c for _, c in inspect.getmembers(errors, inspect.isclass)]
    assert all(issubclass(c, OracleError) and c.__doc__ for c in classes)


def test_the_version_is_that_of_the_distribution():
    from importlib.metadata import version

    assert oracle.__version__ == version("optimizer-oracle")


def test_the_interface_has_the_names_that_the_documentation_gives():
    spec = oracle.spec("keras2/Adam")
    run = oracle.trajectory("keras2/Adam", [1.0], [[1.0]])
    assert spec.id
    assert spec.arguments["beta_1"].default == 0.9
    assert spec.slots == ("m", "v", "v_max")
    assert spec.citations
    assert "def adam_epsilon_hat" in spec.formula
    assert run.spec is spec
    assert run.slots[1]["m"][0].item() == run.slots[1]["m"][0]
    assert run.bound("float32")[1][0] > 0
    assert run.slot_bound("float32")[1]["m"][0] > 0


@pytest.mark.parametrize("name", ["implements", "trains", "trains_by_name"])
def test_what_a_claim_is_of_comes_first_and_all_else_has_its_name(name: str):
    _, of, *options = inspect.signature(getattr(oracle.Implementation, name)).parameters.values()
    assert of.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    assert all(option.kind is inspect.Parameter.KEYWORD_ONLY for option in options)
