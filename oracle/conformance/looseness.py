"""Which of the losses that an adapter declares for its device its own numbers need."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from oracle.conformance.problem import Answer, Task
from oracle.errors import OracleError
from oracle.operations import Operations
from oracle.record import Interval, Record
from oracle.report.result import Result

Truth = Callable[[Task], Iterable[Record[Interval]]]
"""Returns the truth of a run with the bounds of its declaration."""


def needed_of(answer: Answer, truth: Truth, known: set[str]) -> set[str]:
    """Return the parts of a declaration without which an answer that is right would fail.

    What is ``known`` to be needed is not looked at again.
    """
    operations = answer.problem.precision.operations
    if operations is None:
        return set()
    asked = [part for part in operations.parts if part not in known]
    return {part for part in asked if _fails(answer, truth, operations.without(part))}


def _fails(answer: Answer, truth: Truth, operations: Operations) -> bool:
    tighter = replace(answer.problem.precision, operations=operations if operations.parts else None)
    try:
        return answer.judged(truth(replace(answer.problem, precision=tighter))).failed
    except OracleError:
        return False


def told(operations: Sequence[Operations], results: Sequence[Result]) -> Iterator[str]:
    """Yield a line for each declaration: what is looser than exact operations, and what is needed.

    It can be needed only where golden cases were judged.
    """
    needed = Counter(part for result in results for part in result.needed)
    golden = sum(result.suite == "golden" and result.outcome == "passed" for result in results)
    for declaration in operations:
        yield f"looser than exact, as declared: {declaration.told}"
        idle = [part for part in declaration.parts if not needed[part]]
        if golden and idle:
            yield (
                f"declared and never needed in {golden} golden cases: {', '.join(idle)}; declare "
                "less, unless `oracle measure` says so"
            )
