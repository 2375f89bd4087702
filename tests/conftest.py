"""Fixtures that several files of tests use, and which tests are left out for being long."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

# Loaded here once: what a nested run of pytester imports first is forgotten after it.
import oracle.conformance.session
import oracle.diagnosis.diagnose

oracle.specs()

pytest_plugins = ["pytester"]

CANDIDATES = Path(__file__).parent / "candidates"

Judge = Callable[..., pytest.RunResult]

LEFT_OUT = "long_tests_left_out"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--long",
        action="store_true",
        help="run the long tests of the project, too; what the command line names runs anyway",
    )


def pytest_configure(config: pytest.Config) -> None:
    gc.set_threshold(oracle.conformance.session.GARBAGE)
    config.pluginmanager.register(LongTests(config), "long-tests")


class LongTests:
    """Leaves the long tests out, unless they are asked for, and says so.

    Those of them that are for the nights run only where they are named.
    """

    def __init__(self, config: pytest.Config) -> None:
        named = config.args_source is config.ArgsSource.ARGS
        unnamed = "nightly" if config.getoption("long") else "long"
        head: dict[str, Any] = getattr(config, "workerinput", {LEFT_OUT: "" if named else unnamed})
        self.leaves_out: str = head[LEFT_OUT]
        self.number = 0

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        node.workerinput[LEFT_OUT] = self.leaves_out

    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Begin with what takes a minute by itself, so that nobody waits for it at the end."""
        items.sort(key=lambda item: "test_wheel" not in item.nodeid)
        marked = [item for item in items if item.get_closest_marker(self.leaves_out)]
        if self.leaves_out and marked:
            self.number = len(marked)
            items[:] = [item for item in items if item not in set(marked)]
            config.hook.pytest_deselected(items=marked)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[LEFT_OUT] = self.number

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        self.number = (getattr(node, "workeroutput", None) or {}).get(LEFT_OUT, self.number)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.number and self.leaves_out == "long":
            terminalreporter.write_line(
                f"left out: {self.number} long tests, such as every slip explained, every wrong "
                "optimizer caught and the installed wheel; `pytest --long` and .ci/run run them"
            )
        elif self.number:
            terminalreporter.write_line(
                f"left out: {self.number} tests for the nights, which run where they are named; "
                "`python benchmarks/nightly.py` runs them"
            )


@pytest.fixture
def judge(pytester: pytest.Pytester) -> Judge:
    """Run pytest with ``--impl`` on a candidate of ``tests/candidates`` in an empty folder."""

    def run(candidate: str, *arguments: str) -> pytest.RunResult:
        return pytester.runpytest(f"--impl={CANDIDATES / candidate}.py", *arguments)

    return run
