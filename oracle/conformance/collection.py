"""Collecting the suites: as files of ours, whatever the project around them is configured to."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from oracle.conformance.arguments import FOLDER
from oracle.conformance.arrays import buffered_runs, laid_out_runs
from oracle.conformance.bench import Bench
from oracle.conformance.check import Check
from oracle.conformance.clipping import clipped_runs, unbounded_runs
from oracle.conformance.configuration import round_trips, unknown_names
from oracle.conformance.counters import long_runs
from oracle.conformance.defaults import default_runs, looked_up_runs
from oracle.conformance.golden import checks as golden_cases
from oracle.conformance.instances import runs_side_by_side
from oracle.conformance.properties import checks as random_runs
from oracle.conformance.sizes import large_runs
from oracle.conformance.training import trained_runs
from oracle.conformance.zeros import zeros
from oracle.errors import OracleError
from oracle.loading import module_of
from oracle.resources import suites_dir

ARGUMENTS: dict[str, Callable[[Bench], Iterable[Check]]] = {
    "golden_case": golden_cases,
    "random_runs": random_runs,
    "clipped_run": clipped_runs,
    "unbounded_run": unbounded_runs,
    "default_run": default_runs,
    "looked_up_run": looked_up_runs,
    "laid_out_run": laid_out_runs,
    "buffered_run": buffered_runs,
    "run_side_by_side": runs_side_by_side,
    "long_run": long_runs,
    "large_run": large_runs,
    "zero": zeros,
    "trained_run": trained_runs,
    "round_trip": round_trips,
    "unknown_name": unknown_names,
}
"""The argument of a suite's test, and the checks that it is run with."""


def every_check(bench: Bench) -> Iterator[Check]:
    """Yield the checks of all suites."""
    return chain.from_iterable(checks(bench) for checks in ARGUMENTS.values())


BENCH = pytest.StashKey[Bench]()


class Suite(pytest.Module):
    """A file of bundled tests.

    Its ids begin with ``suites/`` wherever it lies, its module never stands in for one of the
    user's, and the user's ``python_functions`` and automatic fixtures do not reach it.
    """

    @classmethod
    def at(cls, path: Path, parent: pytest.Collector) -> Suite | None:
        """Return the suite that lies at ``path``, or None if that is no bundled file."""
        if path.resolve().parent != suites_dir() or not path.name.startswith("test_"):
            return None
        suite: Suite = cls.from_parent(parent, path=path, nodeid=f"{FOLDER}/{path.name}")
        return suite

    def _getobj(self) -> ModuleType:
        return _module_at(self.path)

    def funcnamefilter(self, name: str) -> bool:
        """Tests are what begins with ``test_``."""
        return name.startswith("test_")

    def classnamefilter(self, name: str) -> bool:
        """A suite has no classes of tests."""
        return False

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        """Yield a test for each check; a fixture that cannot be read is told in a sentence."""
        try:
            items = list(super().collect())
        except OracleError as error:
            raise self.CollectError(str(error)) from error
        for item in items:
            if check_of(item) is not None:
                assert isinstance(item, pytest.Function)
                item.fixturenames[:] = [n for n in item.fixturenames if n in ARGUMENTS]
                yield item


def check_of(item: pytest.Item | pytest.Collector) -> Check | None:
    """Return the check that a test is run with, if it is one of ours."""
    callspec = getattr(item, "callspec", None)
    values: Iterable[Any] = callspec.params.values() if callspec is not None else ()
    return next((value for value in values if isinstance(value, Check)), None)


def parametrize(metafunc: pytest.Metafunc) -> None:
    """Give a suite's test the checks that its argument asks for."""
    if metafunc.definition.getparent(Suite) is None:
        return
    for argument in metafunc.fixturenames:
        if argument in ARGUMENTS:
            checks = list(ARGUMENTS[argument](metafunc.config.stash[BENCH]))
            metafunc.parametrize(argument, checks, ids=[check.id for check in checks])


def _module_at(path: Path) -> ModuleType:
    name = f"_oracle_suites.{path.stem}"
    return sys.modules[name] if name in sys.modules else module_of(path, name)
