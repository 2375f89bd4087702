"""What made the numbers of a fixture: the functions that its runs passed through, and their data.

A fixture names each of them with a digest of what it says, whatever its layout, comments and
docstrings. So an edit makes stale what ran through it, and nothing else.
"""

from __future__ import annotations

import dataclasses
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import CodeType, FrameType, ModuleType
from typing import Any

from oracle.arithmetic.doubles import Doubles
from oracle.golden.cases import Plan
from oracle.golden.cases.draw import inputs
from oracle.golden.digests import digest_of, unit_around
from oracle.homes import is_own, name_of
from oracle.problem import Problem
from oracle.rules.rule import Rule
from oracle.specification.spec import Spec, System
from oracle.systems import spec as find_spec
from oracle.trajectories import states

_ROOMS = ("oracle.rules.", "oracle.specification.", "oracle.systems.")
"""The modules whose functions say what a library computes; the arithmetic has tests of its own."""

_ONCE = (
    "rules.rule:Rule.couples",
    "rules.rule:Rule.keeping",
    "rules.rule:Rule.source",
    "rules.rule:_keep_at_once",
)
"""What is made of a rule once, such as the one that bounds are computed by."""


def made_by(spec_id: str, plans: Iterable[Plan]) -> dict[str, str]:
    """Return the digest of everything that made the numbers of these cases, by its name.

    A function is called ``module:name``, as is a table that one of them reads, and a spec by its
    id.
    """
    spec = find_spec(spec_id)
    asked = [(plan.hyper, *inputs(spec_id, plan)) for plan in plans]

    def run() -> None:
        """Take the steps of all cases in plain float64: each arithmetic goes the same way."""
        for hyper, params, grads in asked:
            program, problem = spec.program(hyper), Problem.checked(spec, params, grads)
            deque(states(Doubles(), program, problem), maxlen=0)

    passed = traced(run)
    names = {*_ONCE, *passed.specs, *passed.functions, *passed.tables}
    return {name: digest for name in sorted(names) if (digest := digest_of(name)) is not None}


def changed(recorded: Mapping[str, str]) -> Iterator[str]:
    """Yield the names of what says something else now, or is not there any more."""
    return (name for name, digest in recorded.items() if digest_of(name) != digest)


@dataclasses.dataclass(frozen=True)
class Passed:
    """What a run passed through, each by its name, in the order in which it was met."""

    functions: tuple[str, ...]
    """Methods included; what is defined within a function is a part of it."""
    tables: tuple[str, ...]
    specs: tuple[str, ...]


def traced(run: Callable[[], object]) -> Passed:
    """Return what ``run`` passes through of the modules that say what a library computes."""
    codes: dict[CodeType, dict[str, Any]] = {}
    specs: dict[str, None] = {}

    def note(frame: FrameType, event: str, argument: Any) -> None:
        if event == "call":
            if frame.f_code not in codes:
                codes[frame.f_code] = frame.f_globals
            if frame.f_code is Spec.validate.__code__:
                specs[frame.f_locals["self"].id] = None

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        run()
    finally:
        sys.setprofile(before if callable(before) else None)
    found = [(str(reads.get("__name__", "")), code, reads) for code, reads in codes.items()]
    ours = [(name_of(name), code, reads) for name, code, reads in found if _is_ours(name)]
    functions = [name for module, code, _ in ours if (name := unit_around(module, code))]
    tables = [name for module, code, reads in ours for name in _tables(module, code, reads)]
    return Passed(tuple(dict.fromkeys(functions)), tuple(dict.fromkeys(tables)), tuple(specs))


def _is_ours(module: str) -> bool:
    """Whether what a module says is what a library computes: one of ours, or of one's own."""
    return f"{module}.".startswith(_ROOMS) or is_own(module)


def _tables(module: str, code: CodeType, reads: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of the data that a function reads, in its module and in others."""
    names = {name for name in names_read(code) if not name.startswith("__")}
    for name in sorted(names & reads.keys()):
        value = reads[name]
        if isinstance(value, ModuleType):
            inside = name_of(value.__name__)
            of_ours = names & vars(value).keys() if _is_ours(value.__name__) else ()
            yield from (f"{inside}:{n}" for n in sorted(of_ours) if _is_data(vars(value)[n]))
        elif _is_data(value):
            yield f"{module}:{name}"


def names_read(code: CodeType) -> frozenset[str]:
    """Return the names that a function looks up, those of functions within it included."""
    inner = (constant for constant in code.co_consts if isinstance(constant, CodeType))
    return frozenset(code.co_names).union(*map(names_read, inner))


def _is_data(value: Any) -> bool:
    """Whether a value is neither a function, which is seen when it runs, nor made of specs."""
    if isinstance(value, Mapping) and all(isinstance(v, Spec) for v in value.values()):
        return False
    return not (callable(value) or isinstance(value, (ModuleType, Rule, Spec, System)))
