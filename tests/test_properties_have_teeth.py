"""Each kind of check fails on a wrong candidate, and random runs alone see what is in the formula.

`tests/test_training_checks.py`, `tests/test_configuration_checks.py` and, of looking up by name,
`tests/test_plugin_messages.py` have the wrong candidates of what only libraries can do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

import pytest
from wrong import FAULTS
from wrong.judgement import NOT_DECLARED

import oracle
from oracle import Implementation
from oracle.arithmetic.bounded import as_bounded
from oracle.arithmetic.model import Model
from oracle.arithmetic.native import native
from oracle.conformance import explore, properties
from oracle.conformance.bench import Bench
from oracle.conformance.collection import ARGUMENTS
from oracle.conformance.forms import settings_of_forms, values_of
from oracle.conformance.guard import Guard
from oracle.conformance.outcomes import Finding
from oracle.conformance.problem import Answer, Task
from oracle.conformance.run import Shown
from oracle.mutation.observed import CANNOT_RUN
from oracle.mutation.substitute import wrong_versions
from oracle.problem import Problem
from oracle.record import Interval, Record
from oracle.rules.rule import Rule
from oracle.specification.spec import Program, Spec
from oracle.trajectories import states
from oracle.verdict import Verdict, judge

FAILS = {
    "golden_case": "adam_epsilon_inside_the_root",
    "default_run": "adagrad_starts_at_zero",
    "clipped_run": "clipnorm_ignored",
    "unbounded_run": "clipvalue_swallows_nan",
    "random_runs": "rmsprop_mean_never_fades",
    "laid_out_run": "gradients_read_as_they_lie_in_memory",
    "buffered_run": "velocity_finished_from_the_last_gradient",
    "large_run": "large_parameters_left_alone",
    "zero": "adam_epsilon_of_zero_is_the_default",
    "long_run": "count_of_updates_in_seven_bits",
    "run_side_by_side": "slots_of_the_class",
}
"""For each kind of check, a fault of ``tests/wrong`` that it has to find."""

SPECS = ("keras3/RMSprop", "keras3/SGD", "keras3/Adam", "keras3/Ftrl", "keras2/Nadam")
OPERATORS = ("keep-slot", "other-form")
"""What shows in a few steps of the right form only: memory that stands still, another form."""


SAME_WITHOUT_MOMENTUM = {
    "keras3/RMSprop rmsprop:other-form:rmsprop_momentum",
    "keras3/RMSprop rmsprop_centered:other-form:rmsprop_centered_momentum",
    "keras3/SGD sgd:other-form:sgd_momentum",
    "keras3/SGD sgd:other-form:sgd_nesterov",
    "keras3/SGD sgd:other-form:sgd_momentum_rate_outside",
    "keras3/SGD sgd:other-form:sgd_nesterov_rate_outside",
}
"""Forms that run where the momentum is 0, and those with momentum, which are then no others."""


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    guard = Guard(60, "a wrong optimizer")
    yield guard
    guard.close()


@pytest.fixture(autouse=True)
def no_shrinking(monkeypatch: pytest.MonkeyPatch):
    """One failing example is enough here."""
    monkeypatch.setattr(explore, "SHRINKING", 0.0)


def test_every_kind_of_check_has_a_fault_that_it_finds():
    assert FAILS.keys() | NOT_DECLARED | {"looked_up_run"} == ARGUMENTS.keys()


@pytest.mark.long
@pytest.mark.parametrize(("kind", "name"), FAILS.items(), ids=FAILS)
def test_each_kind_of_check_fails_on_a_fault(kind: str, name: str, guard: Guard):
    [fault] = [fault for fault in FAULTS if fault.name == name]
    bench = Bench(fault.implementation, name, guard, dtypes=("float32",))
    assert any(finds(check) for check in ARGUMENTS[kind](bench))


def finds(check) -> bool:
    try:
        check.holds()
    except Finding:
        return True
    except oracle.OracleError:
        return False
    return False


def shown_by(program: Program, problem: Task) -> Iterator[Shown]:
    """Run a program in float64; its parameters are rounded where they are shown."""
    feed = problem.feed
    checked = Problem.checked(oracle.spec(problem.spec), feed.params, feed.grads)
    for t, state in enumerate(states(native(Model.declared("float64")), program, checked)):
        params = [as_bounded(p).value.astype(feed.dtype) for p in state.params]
        yield Record.of(t, params)


@cache
def posed(spec_id: str) -> list[tuple[Task, list[Record[Interval]]]]:
    """Return what random runs ask of a candidate in float32, with the answers."""
    found = []
    asked = Implementation("asked", dtypes=("float32",), schedules=True, missing_gradients=True)
    asked.implements(spec_id)(lambda params, **hyper: params)
    [check] = properties.checks(Bench(asked, "asked", Guard(60), dtypes=("float32",)))

    def noted(answer: Answer, truth: Iterable[Record[Interval]]) -> Verdict:
        found.append((answer.problem, list(truth)))
        return Verdict(0.0, 1, 1)

    check.answer = lambda problem: Answer(problem, [])
    check.judged = noted
    check.holds()
    return found


@cache
def versions() -> dict[str, tuple[Spec, Rule, Spec]]:
    """Return wrong versions of every form of some specs, as the specs that they make."""
    found = {}
    for spec in map(oracle.spec, SPECS):
        for settings in settings_of_forms(spec, tuple(spec.arguments)):
            hyper = values_of(spec, settings[0])
            right = spec.program(hyper).rule
            for version, wrong in wrong_versions(spec, right, hyper):
                if version.operator in OPERATORS:
                    found[f"{spec.id} {version.id}"] = spec, right, wrong
    return found


def is_told(problem: Task, answers: list[Record[Interval]], wrong: Spec) -> bool:
    """Whether a wrong version leaves the bound in one of the runs, or cannot be run."""
    try:
        shown = list(shown_by(wrong.program(problem.hyper), problem))
    except CANNOT_RUN:
        return True
    bare = [Record.of(answer.step, answer.params) for answer in answers]
    return judge(problem.feed.dtype, problem.feed.params, bare, shown).failed


@pytest.mark.parametrize("name", sorted(versions().keys() - SAME_WITHOUT_MOMENTUM))
def test_random_runs_alone_tell_a_wrong_version_by_its_parameters(name: str):
    spec, right, wrong = versions()[name]
    told = (
        is_told(problem, answers, wrong)
        for problem, answers in posed(spec.id)
        if spec.program(problem.hyper).rule is right
    )
    assert any(told)
