"""What a fixture has to be so that it is worth reading: small rules, one objection each.

A rule is a function of a fixture that yields sentences; ``RULES`` is all of them. They judge the
file, not the numbers in it: that is what ``oracle check`` is for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

import numpy as np

from oracle.dtypes import DTYPES
from oracle.errors import OracleError
from oracle.golden.alone import Setting, never_alone
from oracle.golden.cases import shown_elsewhere
from oracle.golden.cases.draw import TINY as TINY_EXPONENT
from oracle.golden.cases.searched import PREFIX
from oracle.golden.model import Case, Golden
from oracle.golden.read import Document, golden_of, path_of, read_document, read_fixture, verified
from oracle.golden.schema import violations
from oracle.golden.sight import carries, sees
from oracle.sparse import Sparse
from oracle.specification.shapes import takes_shape
from oracle.systems import spec as find_spec
from oracle.trajectories import trajectory

LARGEST_FILE = 1_000_000
LEAST_CASES = 12
LONGEST_RUN = 100
TINY, HUGE = 1e-9, 1e9

LEAST_SEEN = 4
"""Cases that see something in a dtype. Fewer than the rule's own four kinds (coarse arguments from
a start, from zero, the other switches, a changing gradient) would let a dtype go unexamined."""

_NO_CLAIM = re.compile(r"\b(should|must|tests?|testing|checks?|verif\w+)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Fixture:
    """A file under examination, with its text and its values."""

    path: Path
    document: Document

    @cached_property
    def golden(self) -> Golden:
        """The values; they are built when a rule asks for them."""
        return golden_of(self.document, self.path)

    @property
    def cases(self) -> Sequence[Case]:
        """The cases."""
        return self.golden.cases


Rule: TypeAlias = Callable[[Fixture], Iterator[str]]


def lint(spec: str, folder: Path) -> list[str]:
    """Return everything that is wrong with a fixture; a file that does not parse has one fault."""
    path = path_of(spec, folder)
    try:
        document = verified(read_fixture(path), path)
    except OracleError as error:
        return [str(error)]
    fixture = Fixture(path, document)
    broken = list(fits_schema(fixture))
    return broken or [fault for rule in RULES for fault in rule(fixture)]


def fits_schema(fixture: Fixture) -> Iterator[str]:
    """The document fits the closed schema."""
    yield from violations(read_document(fixture.path))


def is_named_for_its_spec(fixture: Fixture) -> Iterator[str]:
    """The file lies where its spec's id says."""
    named = f"{fixture.path.parent.name}/{fixture.path.stem}"
    if fixture.golden.spec != named:
        yield f"the file of {named} says that it holds {fixture.golden.spec}"


def is_small(fixture: Fixture) -> Iterator[str]:
    """A file can be read as a diff."""
    size = fixture.path.stat().st_size
    if size >= LARGEST_FILE:
        yield f"{size} bytes are too many to read; stay under {LARGEST_FILE}"


def has_enough_cases(fixture: Fixture) -> Iterator[str]:
    """There are cases enough."""
    if len(fixture.cases) < LEAST_CASES:
        yield f"{len(fixture.cases)} cases are too few; have at least {LEAST_CASES}"


def ids_are_unique(fixture: Fixture) -> Iterator[str]:
    """A case is found by its id."""
    for name, count in Counter(case.id for case in fixture.cases).items():
        if count > 1:
            yield f"case {name} occurs {count} times; ids are unique"


def why_is_a_claim(fixture: Fixture) -> Iterator[str]:
    """A reason states what holds, in the present tense; drawn cases share one."""
    for case in fixture.cases:
        word = _NO_CLAIM.search(case.why)
        if word:
            yield f"case {case.id}: why says {word[0]!r}; state what holds, in the present tense"
        if case.why.endswith("."):
            yield f"case {case.id}: why ends with a full stop; leave it out, as in a heading"
    planned = [case for case in fixture.cases if not case.id.startswith(PREFIX)]
    for why, count in Counter(case.why for case in planned).items():
        if count > 1:
            yield f"{count} cases have the same why ({why}); say what tells them apart"


def hyperparameters_are_valid(fixture: Fixture) -> Iterator[str]:
    """The library takes what a case sets."""
    spec = find_spec(fixture.golden.spec)
    for case in fixture.cases:
        try:
            spec.validate(case.hyper)
        except OracleError as error:
            yield f"case {case.id}: {error}"


def every_argument_is_used(fixture: Fixture) -> Iterator[str]:
    """Each argument leaves its default in some case, and in one together with others."""
    alone, together = Counter[str](), Counter[str]()
    for case in fixture.cases:
        moved = _moved(fixture.golden.spec, case)
        alone.update(moved)
        if len(moved) > 1:
            together.update(moved)
    for name in find_spec(fixture.golden.spec).arguments:
        if not alone[name]:
            yield f"no case moves {name} from its default; add one"
        elif not together[name] and len(find_spec(fixture.golden.spec).arguments) > 1:
            yield f"no case moves {name} together with another argument; add one"


def every_argument_is_alone(fixture: Fixture) -> Iterator[str]:
    """Each argument, option and circumstance is shown with nothing beside it.

    An option that all optimizers of a library share may be shown by another one of them.
    """
    spec = find_spec(fixture.golden.spec)
    settings = [Setting.of(case) for case in fixture.cases]
    for what in never_alone(spec, settings, shown_elsewhere(spec)):
        yield f"no case shows {what} alone; add one"


def has_defaults(fixture: Fixture) -> Iterator[str]:
    """Some case sets nothing but what the library requires."""
    required = set(find_spec(fixture.golden.spec).required)
    if not any(set(case.hyper) <= required for case in fixture.cases):
        yield "no case leaves everything at the library's defaults; add one"


def inputs_fit_their_dtypes(fixture: Fixture) -> Iterator[str]:
    """Parameters and gradients are numbers of each dtype that a case lists."""
    for case in fixture.cases:
        for dtype in case.dtypes:
            if not carries(dtype, [case.params, *case.grads]):
                yield f"case {case.id}: {dtype} does not carry its inputs; leave the dtype out"


def checkpoints_are_in_order(fixture: Fixture) -> Iterator[str]:
    """Written steps rise, exist, and end with the last one; each has a bound for each dtype."""
    for case in fixture.cases:
        steps = [checkpoint.step for checkpoint in case.checkpoints]
        if steps != sorted(set(steps)) or steps[-1] != case.steps:
            yield f"case {case.id}: written steps {steps} do not rise to its {case.steps} steps"
        for checkpoint in case.checkpoints:
            if set(checkpoint.bounds) != set(case.dtypes):
                yield f"case {case.id} step {checkpoint.step}: bounds for other dtypes than listed"


def runs_are_short_and_long(fixture: Fixture) -> Iterator[str]:
    """The first step is written somewhere, and some case is long."""
    if not any(case.checkpoints[0].step == 1 for case in fixture.cases):
        yield "no case writes its first step; add one"
    if not any(case.steps >= LONGEST_RUN for case in fixture.cases):
        yield f"no case takes {LONGEST_RUN} steps; add one"


def shapes_differ(fixture: Fixture) -> Iterator[str]:
    """There is a case with a scalar, an empty parameter and a matrix, where the library can."""
    shapes = {shape for case in fixture.cases for shape in case.shapes}
    spec = find_spec(fixture.golden.spec)
    if () not in shapes and takes_shape(spec, ()):
        yield "no case has a scalar parameter; add one"
    if not any(0 in shape for shape in shapes) and takes_shape(spec, (0,)):
        yield "no case has an empty parameter; add one"
    if not any(len(shape) == 2 and min(shape) > 1 for shape in shapes):
        yield "no case has a matrix; add one"


def gradients_differ(fixture: Fixture) -> Iterator[str]:
    """There are zero, tiny, huge and sign-changing gradients, tiny ones if they move anything."""
    kinds = Counter[str]()
    for case in fixture.cases:
        kinds.update(_gradient_kinds(case))
    for kind in ("zero", "tiny", "huge", "sign-changing"):
        if not kinds[kind] and not (kind == "tiny" and _rests(fixture)):
            yield f"no case has {kind} gradients; add one"


def nothing_is_vacuous(fixture: Fixture) -> Iterator[str]:
    """Every listed dtype of a case is held to something, and each dtype by several cases."""
    seeing = Counter[str]()
    for case in fixture.cases:
        for dtype in case.dtypes:
            if sees(case, dtype):
                seeing[dtype] += 1
            else:
                yield f"case {case.id} is vacuous in {dtype}; leave the dtype out"
    for dtype in DTYPES:
        if seeing[dtype] < LEAST_SEEN:
            yield f"{seeing[dtype]} cases see something in {dtype}; have at least {LEAST_SEEN}"


def sparse_gradients_occur(fixture: Fixture) -> Iterator[str]:
    """A spec that takes sparse gradients has cases with them, one with a row that comes twice."""
    if find_spec(fixture.golden.spec).sparse is None:
        return
    given = [g for case in fixture.cases for row in case.grads for g in row]
    sparse = [g for g in given if isinstance(g, Sparse)]
    if not any(len(set(g.indices.tolist())) < g.indices.size for g in sparse):
        yield "no case has a sparse gradient in which a row occurs twice; add one"


RULES: tuple[Rule, ...] = (
    is_named_for_its_spec,
    is_small,
    has_enough_cases,
    ids_are_unique,
    why_is_a_claim,
    hyperparameters_are_valid,
    every_argument_is_used,
    every_argument_is_alone,
    has_defaults,
    inputs_fit_their_dtypes,
    checkpoints_are_in_order,
    runs_are_short_and_long,
    shapes_differ,
    gradients_differ,
    sparse_gradients_occur,
    nothing_is_vacuous,
)


def _rests(fixture: Fixture) -> bool:
    """Whether a tiny gradient moves nothing, as where the norm decides if a step is taken."""
    start = np.array([1.0, -1.0])
    tiny = np.ldexp(start, TINY_EXPONENT)
    hyper = fixture.cases[0].hyper if fixture.cases else {}
    try:
        run = trajectory(fixture.golden.spec, [start], [[tiny]] * 2, hyper)
    except OracleError:
        return False
    return bool(np.all(run.params[-1][0] == start))


def _moved(spec: str, case: Case) -> list[str]:
    arguments = find_spec(spec).arguments
    return [
        name
        for name, value in case.hyper.items()
        if name in arguments and value != arguments[name].default
    ]


def _gradient_kinds(case: Case) -> set[str]:
    kinds = set()
    for start, *tensors in zip(case.params, *case.grads, strict=True):
        there = [tensor for tensor in tensors if tensor is not None]
        dense = [t.dense(start.shape) if isinstance(t, Sparse) else t for t in there]
        present = [tensor.ravel() for tensor in dense]
        if not start.size or not present:
            continue
        size = np.abs(np.stack(present))
        kinds |= {"zero"} if np.any(size == 0) else set()
        kinds |= {"tiny"} if np.any((size > 0) & (size < TINY)) else set()
        kinds |= {"huge"} if np.any((size > HUGE) & np.isfinite(size)) else set()
        turns = any(np.any(a * b < 0) for a, b in pairwise(present))
        kinds |= {"sign-changing"} if turns else set()
    return kinds
