"""``oracle identify``: which spec a candidate computes, whatever it claims."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from conftest import CANDIDATES

from oracle import Implementation
from oracle.adapters import find
from oracle.cli import main
from oracle.conformance.bench import Bench
from oracle.conformance.guard import Guard
from oracle.conformance.identity import Agreement, Identity, identities


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    guard = Guard(60, "a candidate")
    yield guard
    guard.close()


def rmsprop(params, root, learning_rate, rho, epsilon):
    """Return the step of an RMSprop whose root is a function of v and epsilon."""
    held = [np.zeros_like(p) for p in params]

    def step(grads):
        nonlocal params
        for k, g in enumerate(grads):
            held[k] = rho * held[k] + (1 - rho) * g**2
        rows = zip(params, grads, held, strict=True)
        params = [p - learning_rate * g / root(v, epsilon) for p, g, v in rows]
        return params

    return step


def identity(claim: str, root, guard: Guard) -> Identity:
    """Return what a candidate is found to be that claims a spec and takes three arguments."""
    mine = Implementation("mine")

    @mine.implements(claim)
    def factory(params, *, learning_rate, rho, epsilon):
        return rmsprop(params, root, learning_rate, rho, epsilon)

    [found] = identities(Bench(mine, "mine.py", guard, dtypes=("float32",)))
    return found


def test_what_computes_its_claim_is_that(guard: Guard):
    """Keras 3 has epsilon under the root."""
    found = identity("keras3/RMSprop", lambda v, epsilon: np.sqrt(v + epsilon), guard)
    assert found.is_claimed
    assert found.computed == []
    assert not found.slips


def test_what_computes_another_spec_is_named_for_it(guard: Guard):
    """Keras 2 adds epsilon to the root."""
    found = identity("keras3/RMSprop", lambda v, epsilon: np.sqrt(v) + epsilon, guard)
    assert not found.is_claimed
    assert found.computed == ["keras2/RMSprop"]
    assert found.nearest == "keras2/RMSprop"


def test_what_computes_no_spec_is_explained_by_its_slip(guard: Guard):
    """A root is missing, which no library has done."""
    found = identity("keras3/RMSprop", lambda v, epsilon: v + epsilon, guard)
    assert (found.is_claimed, found.computed) == (False, [])
    [(slip, count)] = found.slips.most_common(1)
    assert count == 3
    assert slip.startswith("`p_t = p - learning_rate * g / (v_t + epsilon)` instead of ")


def test_a_spec_that_is_right_in_few_short_cases_is_not_named(guard: Guard):
    """In its first step this one is gradient descent; its slip is what it is."""
    reference = f"{CANDIDATES / 'adadelta_by_the_old_average.py'}"
    bench = Bench(find(reference), reference, guard, dtypes=("float32",))
    [found] = identities(bench)
    descent = next(tally for tally in found.agreements if tally.spec == "keras2/SGD")
    assert descent.right == descent.asked > 1
    assert (found.is_claimed, found.computed, found.nearest) == (False, [], "")
    [(slip, _)] = found.slips.most_common(1)
    assert slip.startswith("`delta = xp.sqrt(d + epsilon) * g / xp.sqrt(a + epsilon)` instead of ")


def test_one_case_of_many_steps_names_nothing():
    """Nor do many cases of one step."""
    one = Identity(
        "it", "", "float32", [Agreement("it", right=1, long=1), Agreement("a", 1, 0, 1, 1)]
    )
    assert one.is_claimed  # no other case can tell
    few = Identity("it", "", "float32", [Agreement("it", 0, 18), Agreement("a", 1, 0, 1, 1)])
    short = Identity("it", "", "float32", [Agreement("it", 0, 6), Agreement("a", 6, 0, 6, 0)])
    many = Identity("it", "", "float32", [Agreement("it", 0, 6), Agreement("a", 4, 0, 4, 3)])
    assert [found.computed for found in (few, short, many)] == [[], [], ["a"]]


CANDIDATE = """
    from oracle import Implementation

    mine = Implementation("mine", dtypes={dtypes})

    @mine.implements("keras3/SGD")
    def sgd(params, *, learning_rate):
        def step(grads):
            {statement}
            params[:] = [p {sign} learning_rate * g for p, g in zip(params, grads)]
            return params
        return step
"""


def run(
    folder: Path,
    *options: str,
    sign: str = "-",
    statement: str = "pass",
    dtypes: tuple[str, ...] = ("float32", "float64"),
) -> Result:
    file = folder / "mine.py"
    written = textwrap.dedent(CANDIDATE).format(sign=sign, statement=statement, dtypes=dtypes)
    file.write_text(written)
    return CliRunner().invoke(main, ["identify", f"--impl={file}", *options])


def test_the_command_says_that_all_is_as_claimed(tmp_path: Path):
    """And names the other specs that compute the same."""
    result = run(tmp_path)
    assert result.exit_code == 0
    assert result.output.startswith("keras3/SGD float32: is what it claims to be\n")
    assert "keras2/SGD" in result.output


def test_the_command_says_what_is_not(tmp_path: Path):
    """With the slip, and an exit code that a script can see."""
    result = run(tmp_path, sign="+")
    assert result.exit_code == 1
    assert "computes no spec there is" in result.output
    assert "`p_t = p + learning_rate * g` instead of `p_t = p - learning_rate * g`" in result.output


def test_a_candidate_that_raises_is_told(tmp_path: Path):
    """There is nothing to compare then."""
    result = run(tmp_path, statement="raise ValueError('no')")
    assert result.exit_code == 1
    assert "no numbers to identify it by" in result.output
    assert "the candidate raises ValueError: no" in result.output


RAISING = """
    from oracle import Implementation

    mine = Implementation("mine", dtypes=("float32",))

    @mine.implements("keras3/SGD")
    def sgd(params, *, learning_rate, momentum=0.0):
        v = [0 * p for p in params]

        def step(grads):
            assert sum(abs(g).sum() for g in grads) < 1e6, "too large"
            for k, g in enumerate(grads):
                v[k] = momentum * v[k] - learning_rate * g
                params[k] = params[k] + v[k]
            return params
        return step
"""


def test_a_case_that_raises_does_not_end_the_search(tmp_path: Path):
    """The others tell what it is; how many raise is told, with the first."""
    (tmp_path / "mine.py").write_text(textwrap.dedent(RAISING))
    result = CliRunner().invoke(main, ["identify", f"--impl={tmp_path / 'mine.py'}"])
    assert result.exit_code == 1
    assert "keras3/SGD float32: is what it claims to be, where it does not fail" in result.output
    assert re.search(
        r"  \d+ cases give no number; the first:\n  .* case .*: step 1: ", result.output
    )
    assert result.output.count(": the candidate raises ") == 1


@pytest.mark.long
def test_a_candidate_is_run_in_a_dtype_that_it_has(tmp_path: Path):
    """Without float32, in its widest."""
    result = run(tmp_path, dtypes=("float16", "float64"))
    assert result.exit_code == 0
    assert result.output.startswith("keras3/SGD float64: is what it claims to be\n")


def test_a_dtype_that_it_does_not_have_is_refused_in_a_sentence(tmp_path: Path):
    """Nothing would be compared."""
    result = run(tmp_path, "--dtype=bfloat16")
    assert result.exit_code == 2
    assert "mine claims nothing in bfloat16; its dtypes are float32, float64" in result.output


def test_help_teaches():
    """A sentence, and commands to copy."""
    text = CliRunner().invoke(main, ["identify", "--help"]).output
    assert "Examples:  oracle identify --impl=mylib.py" in text
