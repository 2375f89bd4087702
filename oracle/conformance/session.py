"""One pytest run with ``--impl``: choosing, running, translating outcomes, and the summary."""

from __future__ import annotations

import gc
import math
import secrets
import zlib
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

import pytest

from oracle.adapters import find
from oracle.conformance.arguments import choose_suites
from oracle.conformance.bench import Bench
from oracle.conformance.check import Check
from oracle.conformance.collection import BENCH, Suite, check_of, parametrize
from oracle.conformance.ending import Ending
from oracle.conformance.explanation import Allowance
from oracle.conformance.guard import Guard
from oracle.conformance.known import Known, KnownFailures
from oracle.conformance.outcomes import Finding, NotClaimed, Vacuous
from oracle.conformance.patience import Patience
from oracle.conformance.results import note
from oracle.conformance.summary import CAUSE, NOTES, RATIO, Notes, Summary
from oracle.dtypes import DTYPES, float_type
from oracle.errors import ImplementationError, OracleError
from oracle.systems.own import load
from oracle.systems.registered import as_before, look_in

TIMEOUT = 60.0

GARBAGE = 20_000
"""New objects before Python looks for garbage; its 700 are a moment's work of TensorFlow."""


def start(config: pytest.Config) -> None:
    """Find the candidate and take over; a wrong option ends the run with one sentence."""
    if config.option.importmode == "prepend":
        config.option.importmode = "append"  # the folder around our suites shadows no library
    known_before = ExitStack()
    config.add_cleanup(known_before.close)
    try:
        known_before.enter_context(as_before())
        everything = choose_suites(config)
        bench = _bench(config)
        known = _known_failures(config, bench)
        config.stash[BENCH] = bench
        config.pluginmanager.register(Session(bench, known, everything), "oracle-session")
        config.pluginmanager.register(Ending(config), "oracle-ending")
        if not hasattr(config, "workerinput"):
            summary = Summary(config, bench, everything)
            config.pluginmanager.register(summary, "oracle-summary")
    except OracleError as error:
        raise pytest.UsageError(str(error)) from error


def _bench(config: pytest.Config) -> Bench:
    reference = config.getoption("impl")
    seconds = config.getoption("impl_timeout")
    if seconds is not None and not seconds > 0:
        raise ImplementationError(f"--impl-timeout={seconds:g}: give a number of seconds above 0")
    beside = _own_specs(config)
    implementation = find(reference)
    wanted = config.getoption("impl_dtype") or DTYPES
    profile = config.getoption("impl_profile") or "ci"
    bench = Bench(
        implementation=implementation,
        reference=reference,
        guard=Guard(TIMEOUT if seconds is None else seconds, implementation.name),
        specs=tuple(config.getoption("impl_spec") or ()),
        beside=beside,
        dtypes=tuple(name for name in DTYPES if name in {float_type(w).name for w in wanted}),
        profile=profile,
        seed=_seed(config, profile),
        device=config.getoption("impl_device") or "",
        explaining=Allowance(),
        patience=Patience() if profile == "ci" else Patience(math.inf),
    )
    bench.check_declarations()
    bench.check_device()
    return bench


def _own_specs(config: pytest.Config) -> tuple[str, ...]:
    """Load what specs of somebody's own the command line names, and return how it names them."""
    references, folder = config.getoption("impl_specs") or (), config.getoption("impl_fixtures")
    for reference in references:
        load(reference, "--impl-specs")
    if folder:
        if not Path(folder).is_dir():
            raise ImplementationError(
                f"--impl-fixtures={folder}: there is no such folder (seen from {Path.cwd()})"
            )
        look_in(Path(folder))
    named = [f"--impl-specs={reference}" for reference in references]
    return (*named, *([f"--impl-fixtures={folder}"] if folder else ()))


def _seed(config: pytest.Config, profile: str) -> int:
    """Take hypothesis' own option; else the same examples for ci, fresh ones for thorough."""
    given = config.getoption("hypothesis_seed", None)
    if given is not None:
        return zlib.crc32(str(given).encode()) if not str(given).isdecimal() else int(given)
    return 0 if profile == "ci" else secrets.randbits(32)


def _known_failures(config: pytest.Config, bench: Bench) -> KnownFailures:
    given = config.getoption("impl_known_failures")
    files = [bench.implementation.known_failures, Path(given) if given else None]
    present = [file for file in files if file is not None]
    return KnownFailures.from_files(present, bench.implementation.versions)


class Session:
    """The hooks of the process that runs tests: the only one, or each worker of pytest-xdist."""

    def __init__(self, bench: Bench, known: KnownFailures, everything: bool) -> None:
        self._bench = bench
        self._known = known
        self._whole = everything and not bench.narrowed
        self._notes = Notes()
        self._garbage = gc.get_threshold()

    def pytest_sessionstart(self) -> None:
        """Look for garbage more rarely."""
        gc.set_threshold(GARBAGE, *self._garbage[1:])

    def pytest_unconfigure(self) -> None:
        """Look for garbage as before; a run may be one of many in its process."""
        gc.set_threshold(*self._garbage)

    def pytest_pycollect_makemodule(
        self, module_path: Path, parent: pytest.Collector
    ) -> pytest.Module | None:
        """Collect the bundled suites as such."""
        return Suite.at(module_path, parent)

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Give each suite's test its checks."""
        parametrize(metafunc)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Note which known failures speak of no test, then share out a slow candidate's checks."""
        self._notes.elsewhere = _deselect(config, items, _is_elsewhere)
        if self._whole:
            tests = [item.nodeid for item in items if check_of(item) is not None]
            self._notes.unmatched = [str(entry) for entry in self._known.unmatched(tests)]
        if not any("::" in argument for argument in config.args):
            self._notes.left = _deselect(config, items, _is_left_out)

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Generator[None, Any, Any]:
        """Translate what a check says into pytest's outcomes."""
        check = check_of(pyfuncitem)
        if check is None:
            return (yield)
        check.known = tuple(entry.says for entry in self._known.of(pyfuncitem.nodeid))
        try:
            yield
        except (Finding, Vacuous, NotClaimed, ImplementationError) as error:
            check.said = error
        if check.largest is not None:
            pyfuncitem.user_properties.append((RATIO, repr(check.largest)))
        if check.cause:
            pyfuncitem.user_properties.append((CAUSE, check.cause))
        at_head = not hasattr(pyfuncitem.config, "workerinput")
        if isinstance(check.said, ImplementationError) and at_head:
            pyfuncitem.session.shouldstop = str(check.said)
        if check.said is not None:
            _translate(check.said, check)
        return True

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Turn a known failure into an expected one, and its passing into a failure."""
        report, check = (yield), check_of(item)
        if check is None:
            return report
        by_chance = ""
        if report.when == "call":
            _summarised(report)
            by_chance = _as_known(report, self._known.of(item.nodeid))
        note(report, check, by_chance)
        return report

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """End the watchdog, and tell the controller of pytest-xdist what only workers know."""
        self._bench.guard.close()
        session.config.stash[NOTES] = self._notes
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[Notes.__name__] = asdict(self._notes)


def _deselect(
    config: pytest.Config, items: list[pytest.Item], out: Callable[[pytest.Item], bool]
) -> int:
    """Take out the tests for which ``out`` says so, and return how many there were."""
    left = [item for item in items if out(item)]
    items[:] = [item for item in items if not out(item)]
    config.hook.pytest_deselected(items=left)
    return len(left)


def _is_elsewhere(item: pytest.Item) -> bool:
    check = check_of(item)
    return check is not None and not check.applies


def _is_left_out(item: pytest.Item) -> bool:
    check = check_of(item)
    return check is not None and check.left_out


def _translate(said: OracleError, check: Check) -> NoReturn:
    if isinstance(said, Vacuous):
        pytest.skip(f"vacuous: {said}")
    if isinstance(said, NotClaimed):
        pytest.skip(f"not claimed: {said}")
    pytest.fail(f"{said}\n  {check.repro}", pytrace=False)


def _summarised(report: pytest.TestReport) -> None:
    """Leave pytest's summary the first line: where ``CI`` is set it would print the rest again."""
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is not None:
        crash.message = crash.message.partition("\n")[0]


def _as_known(report: pytest.TestReport, entries: Sequence[Known]) -> str:
    """Let a report be that of a known failure; return what it is known to fail of by chance."""
    if report.failed:
        entries = [entry for entry in entries if entry.says in report.longreprtext]
    by_chance = "" if not entries or not entries[0].sometimes else entries[0].told
    if report.failed and entries:
        report.outcome = "skipped"
        report.wasxfail = f"reason: {entries[0].told}"
    always = next((entry for entry in entries if not entry.sometimes), None)
    if report.passed and always is not None:
        report.outcome = "failed"
        report.longrepr = (
            f"{report.nodeid} passes, but {always.file} declares it a known failure "
            f"({always.told}): remove or narrow the entry {always.id!r}"
        )
    return by_chance
