"""A quick look at one update in plain float64, which most of thousands of edits do not stand."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

import numpy as np

from oracle.arithmetic.base import Arithmetic, Number
from oracle.arithmetic.bounded import Bounded, Floats
from oracle.arithmetic.doubles import Doubles, as_floats
from oracle.arithmetic.native import native
from oracle.bulk import Bulk
from oracle.diagnosis.evidence import Evidence
from oracle.mutation.observed import CANNOT_RUN
from oracle.mutation.substitute import substituted
from oracle.mutation.versions import function_of
from oracle.rules.rule import Rule
from oracle.specification.direction import RuleLink
from oracle.trajectories import states

LEEWAY = 256.0
"""By how many bounds of the right rule an edit may miss, as its own bound is not known."""

SHARE = 1e-3
"""By which share of what it adds an edit may miss, for the same reason."""


class Quickly:
    """The functions of an arithmetic on floats: numpy's own, the others as float64 has them."""

    sqrt = staticmethod(np.sqrt)
    abs = staticmethod(np.abs)
    sign = staticmethod(np.sign)
    exp = staticmethod(np.exp)
    log = staticmethod(np.log)
    cos = staticmethod(np.cos)
    floor = staticmethod(np.floor)
    ceil = staticmethod(np.ceil)
    maximum = staticmethod(np.maximum)
    minimum = staticmethod(np.minimum)
    where = staticmethod(np.where)
    zeros_like = staticmethod(np.zeros_like)
    constant = staticmethod(np.float64)
    inf, nan, pi = np.inf, np.nan, np.pi

    def __getattr__(self, name: str) -> Callable[..., Floats]:
        """Return a function that numpy has not by this name: a norm, a sum, a root of a matrix."""
        xp = Doubles()
        function = getattr(xp, name)
        return lambda *operands: as_floats(function(*map(xp.array, operands)))


XP = Quickly()


@dataclass(frozen=True, eq=False)
class Output:
    """One thing that an update returns."""

    name: str
    """The slot; empty for the parameter, of which a direction tells nothing by itself."""
    code: CodeType
    shown: Floats
    """What the candidate has."""
    start: Any
    """What it was before the update."""
    leeway: Floats

    def value(self, names: dict[str, Any]) -> Floats:
        """Return what a rule comes to with these names."""
        return np.asarray(eval(self.code, {}, names))

    def is_near(self, names: dict[str, Any]) -> bool:
        """Whether an edit may come to what was shown."""
        value = self.value(names)
        off = np.abs(value - self.shown)
        near = off <= self.leeway + SHARE * np.abs(value - self.start)
        return bool(np.all(near | ~np.isfinite(off)))


@dataclass(frozen=True, eq=False)
class Prefilter:
    """The update of one parameter in the first step that is wrong, statement by statement."""

    before: Sequence[Mapping[str, Any]]
    """What each name stands for before each statement of the right rule."""
    statements: Sequence[CodeType]
    outputs: Sequence[Output]

    @classmethod
    def of(cls, evidence: Evidence, rule: Rule) -> Prefilter | None:
        """Return the prefilter of what is wrong first; None where the rule has no part in it."""
        step = min(evidence.worst)
        k = evidence.worst[step].name[1]
        names = _given(evidence, rule, step, k)
        if names is None:
            return None
        *_, right = Bulk(evidence.program, evidence.until(step), evidence.model)
        function = function_of(rule)
        statements, before = [compiled(node) for node in function.body[:-1]], []
        starts = [names[argument.arg] for argument in function.args.args[2:] if argument.arg != "g"]
        with np.errstate(all="ignore"):
            for code in statements:
                before.append(dict(names))
                exec(code, {}, names)
        last = function.body[-1]
        assert isinstance(last, ast.Return)
        assert isinstance(last.value, ast.Tuple)
        makes_direction = any(isinstance(link, RuleLink) for link in evidence.program.links)
        outputs = [
            Output(
                name,
                compile(ast.Expression(node), "<formula>", "eval"),
                np.asarray(evidence.shown[step][name, k]).astype(np.float64),
                start,
                LEEWAY * right.arrays[name, k].bound,
            )
            for name, start, node in zip(("", *rule.slots), starts, last.value.elts, strict=True)
            if (name, k) in evidence.shown[step] and (name or not makes_direction)
        ]
        return cls(before, statements, outputs)

    @property
    def shown(self) -> frozenset[str]:
        """Every output that was shown."""
        return frozenset(output.name for output in self.outputs)

    def given(self, **names: Any) -> dict[str, Any]:
        """Return what each name stands for at the end, where some stand for others at first."""
        all_names = {**self.before[0], **names}
        for code in self.statements:
            exec(code, {}, all_names)
        return all_names

    def passes(self, place: int, statement: str) -> bool:
        """Whether a rule with another statement in one place comes near what was shown."""
        return self.near({place: compile(statement, "<formula>", "exec")}) == self.shown

    def near(self, changes: Mapping[int, CodeType]) -> frozenset[str]:
        """Return the outputs that come near what was shown, with other statements in places."""
        first = min(changes, default=0)
        names = dict(self.before[first])
        with np.errstate(all="ignore"):
            try:
                for place, code in enumerate(self.statements[first:], start=first):
                    exec(changes.get(place, code), {}, names)
                return frozenset(o.name for o in self.outputs if o.is_near(names))
            except CANNOT_RUN:
                return frozenset()


def _given(evidence: Evidence, rule: Rule, step: int, k: int) -> dict[str, Any] | None:
    """Return what a rule is given for one parameter in one step, by the names that it has for it.

    Every parameter with a gradient is updated in its turn.
    """
    noted = _Noted(rule.name, rule.function, rule.slots, rule.cites, rule.hyper, rule)
    spec = substituted(evidence.spec, rule, noted)
    moments = states(native(evidence.model), spec.program(evidence.hyper), evidence.until(step))
    for _ in range(step):
        next(moments)
    noted.calls.clear()
    next(moments)
    calls = noted.calls
    there = [i for i, g in enumerate(evidence.grads[step - 1]) if g is not None]
    return {**calls[there.index(k)], "xp": XP} if len(calls) == len(there) and k in there else None


@dataclass(frozen=True)
class _Noted(Rule):
    """A rule that keeps what it is given."""

    right: Rule
    calls: list[dict[str, Any]] = field(default_factory=list)

    def __call__(
        self,
        xp: Arithmetic,
        t: Number,
        p: Number,
        g: Number,
        slots: tuple[Number, ...],
        hyper: Mapping[str, Number],
    ) -> tuple[Number, ...]:
        """Note the operands by the names that the rule has for them, then take the step."""
        names = [argument.arg for argument in function_of(self.right).args.args[1:]]
        given = dict(zip(names, (t, p, g, *slots), strict=True))
        given |= {name: hyper[name] for name in self.hyper}
        self.calls.append({name: _float(value) for name, value in given.items()})
        return self.right(xp, t, p, g, slots, hyper)


def _float(value: Any) -> Any:
    return value.value if isinstance(value, Bounded) else value


def compiled(statement: ast.stmt) -> CodeType:
    """Return a statement as code that runs by itself."""
    return compile(ast.fix_missing_locations(ast.Module([statement], [])), "<formula>", "exec")
