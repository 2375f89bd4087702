"""Whatever becomes of its explanation, a failure has its numbers and its command."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import cycle, islice
from pathlib import Path

import numpy as np
import pytest

import oracle
from oracle.conformance import session
from oracle.conformance.explanation import Allowance, kept
from oracle.conformance.golden import fixture
from oracle.diagnosis import diagnose as diagnosis
from oracle.diagnosis.told import Told
from oracle.dtypes import DTYPES
from oracle.golden import Case, available

DISTURBED = Path(__file__).parent / "candidates" / "disturbed.py"

PRECISIONS = {
    "own": DTYPES,
    "wider": ("float16", "bfloat16"),
    "held_wide": DTYPES,
    "held_narrow": DTYPES,
    "held_apart": DTYPES,
}
"""The candidates of that file, each in one declared precision, with their dtypes."""


def is_odd(case: Case, dtype: str) -> tuple[bool, ...]:
    """What may hide a disturbance: a wide bound, numbers that are none, empty arrays, few bits."""
    exact = [array.hi for point in case.checkpoints for array in point.exact.params]
    special = not all(np.isfinite(array).all() for array in exact)
    empty = not all(p.size for p in case.params)
    return not tells(case, dtype), special, empty, case.id != "coarse"


def tells(case: Case, dtype: str) -> bool:
    """Whether some parameter moves by more than its bound."""
    return any(
        np.any(interval.bound < abs(interval.truth.hi - start))
        for record in case.recorded(dtype)
        for interval, start in zip(record.params, case.params, strict=True)
    )


def shortest_case(spec: str, dtype: str) -> str:
    """Return the id of the check of the shortest case that is not odd."""
    cases = [case for case in fixture(spec).cases if dtype in case.dtypes]
    case = min(cases, key=lambda c: (*is_odd(c, dtype), c.steps))
    return f"suites/test_golden.py::test_golden[{spec}-{case.id}-{dtype}]"


@pytest.fixture
def briefly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for explanations, but not for long."""
    monkeypatch.setattr(session, "Allowance", partial(Allowance, seconds=1e9, longest=0.0))


@pytest.mark.long
@pytest.mark.parametrize("name", PRECISIONS)
def test_every_spec_tells_its_numbers_in_every_precision(
    name: str, briefly: None, pytester: pytest.Pytester
):
    """In a dtype each, by turns; every precision begins with another one."""
    turns = islice(cycle(PRECISIONS[name]), list(PRECISIONS).index(name), None)
    all_tell(name, dict(zip(available(), turns, strict=False)), pytester)


@pytest.mark.long
@pytest.mark.nightly
@pytest.mark.parametrize(
    ("name", "dtype"), [(name, dtype) for name in PRECISIONS for dtype in PRECISIONS[name]]
)
def test_every_spec_and_dtype_tells_its_numbers_in_every_precision(
    name: str, dtype: str, briefly: None, pytester: pytest.Pytester
):
    all_tell(name, dict.fromkeys(available(), dtype), pytester)


def all_tell(name: str, dtypes: Mapping[str, str], pytester: pytest.Pytester) -> None:
    """Assert that a disturbed candidate fails each spec with numbers, a cause and a command."""
    ids = [shortest_case(spec, dtype) for spec, dtype in dtypes.items()]
    result = pytester.runpytest(f"--impl={DISTURBED}:{name}", *ids, "-q", "-p", "no:cacheprovider")
    told, outcomes = result.stdout.str(), result.parseoutcomes()
    failed = outcomes.pop("failed")
    assert (failed, outcomes) == (len(ids), {})
    assert len(re.findall(r"\n  got \S+, want \S+   error \S+", told)) == failed
    causes = re.findall(r"\n  (?:looks like|also is): .*\n(?:  .*\n)*?  repro: ", told)
    assert len(causes) == failed
    assert "please report it" not in told
    assert len(ids) == len(oracle.specs())


def test_a_search_that_fails_says_so_and_keeps_what_it_found(
    monkeypatch: pytest.MonkeyPatch, judge
):
    def fails_halfway(*_: object) -> Iterator[Told]:
        yield Told("something")
        raise ZeroDivisionError("in the middle\nof it")

    monkeypatch.setattr(diagnosis, "diagnose", fails_halfway)
    told = judge("slow_by_one_percent", "suites/test_golden.py", "-x").stdout.str()
    *_, first, second, last = re.findall(r"^  (\w.*)$", told, re.MULTILINE)
    assert re.search(r"  got \S+, want \S+   error \S+x the bound ", told)
    assert first == "looks like: something"
    assert second == (
        "looks like: not found out, the search failed (ZeroDivisionError: in the middle); "
        "please report it"
    )
    assert last.startswith("repro: pytest --impl=")


def test_who_interrupts_a_search_ends_the_run(monkeypatch: pytest.MonkeyPatch, judge):
    def interrupted(*_: object) -> Iterator[Told]:
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(diagnosis, "diagnose", interrupted)
    with pytest.raises(KeyboardInterrupt):
        judge("slow_by_one_percent", "suites/test_golden.py")


def test_what_is_made_to_raise_around_it_does_not_reach_a_search():
    def search() -> Iterator[Told]:
        warnings.warn("of somebody's", stacklevel=1)
        np.float64(1) / np.float64(0)
        yield Told("something")

    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        [line] = kept(search)
    assert line.text == "looks like: something"
