"""The pytest plugin: ``--impl`` and its options.

Every pytest run in an environment with optimizer-oracle imports this module, so it imports nothing
heavy; what is needed to judge a candidate is imported once ``--impl`` is given.
"""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options; only ``--impl`` is ours by name, the others begin with ``--impl-``."""
    group = parser.getgroup("optimizer-oracle", "optimizer-oracle: judge an optimizer")
    group.addoption(
        "--impl",
        metavar="NAME",
        help="the implementation under test: a registered name, package.module:name, "
        "path/to/file.py[:name], or 'cmd:PROGRAM ARGS' for a worker in another language; without "
        "a path of tests the bundled suites are run",
    )
    group.addoption(
        "--impl-spec",
        action="append",
        metavar="GLOB",
        help="judge only the specs that match, such as 'keras3/Adam*' (repeatable)",
    )
    group.addoption(
        "--impl-dtype",
        action="append",
        metavar="DTYPE",
        help="judge only in this dtype: float16, bfloat16, float32 or float64 (repeatable)",
    )
    group.addoption(
        "--impl-device",
        metavar="DEVICE",
        help="run the candidate on one of the devices that it declares, such as cpu or gpu",
    )
    group.addoption(
        "--impl-known-failures",
        metavar="FILE",
        help="a TOML file of known failures, beside the implementation's own",
    )
    group.addoption(
        "--impl-specs",
        action="append",
        metavar="FILE",
        help="specs of your own that the candidate's file does not define itself: path/to/mine.py, "
        "or a module (repeatable)",
    )
    group.addoption(
        "--impl-fixtures",
        metavar="DIR",
        help="where the golden fixtures of your own specs are, whatever oracle.define says",
    )
    group.addoption("--impl-report", metavar="FILE", help="write the results as JSON lines")
    group.addoption(
        "--impl-ratchet",
        metavar="FILE",
        help="keep the largest error over bound of each optimizer in a text file, and tell what "
        "got worse",
    )
    group.addoption(
        "--impl-timeout",
        type=float,
        metavar="SECONDS",
        help="how long the candidate may take for one check (default 60)",
    )
    group.addoption(
        "--impl-profile",
        choices=("ci", "thorough"),
        help="how many examples the properties try: ci (default, always the same) or thorough",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Judge nothing without ``--impl``; with it, hand over to the session."""
    if config.getoption("impl") is None:
        _refuse_options_without_impl(config)
        return
    from oracle.conformance.session import start

    start(config)


def _refuse_options_without_impl(config: pytest.Config) -> None:
    names = ("spec", "dtype", "device", "specs", "fixtures")
    for name in (*names, "known-failures", "report", "ratchet", "timeout", "profile"):
        if config.getoption(f"impl_{name.replace('-', '_')}") is not None:
            raise pytest.UsageError(f"--impl-{name} is of no use without --impl=NAME")
