"""From what was seen of operations to what may be declared of them."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

from oracle.dtypes import FloatType, float_type
from oracle.measuring.exact import MARGIN, ROUNDED, lost
from oracle.measuring.programs import OPERATIONS
from oracle.measuring.seen import Binades, Seen
from oracle.measuring.work import Chunk, Conduct, Missing, Result
from oracle.operations import NAMES, Accuracy, Operations, absolute, exp2_log2, ulp
from oracle.operations.declared import FACTORS
from oracle.operations.loss import AnyAccuracy

USUAL = 4.0
"""Above so many ulp, the form in which a loss is told is looked for."""
_BOUNDED = ("divide", "sqrt", "rsqrt", "exp", "log", "cos")
"""Operations of which a declaration may say for which arguments it holds."""


@dataclass
class Measured:
    """The measurement of one type, which parts are added to as they are done."""

    dtype: str
    planned: dict[str, int]
    """Parts by program."""
    exhaustive: dict[str, bool]
    seen: dict[str, Seen] = field(default_factory=dict)
    parts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    missing: dict[str, str] = field(default_factory=dict)
    other: Conduct | None = None

    @classmethod
    def of(cls, dtype: str, parts: list[Chunk]) -> Measured:
        """Begin a measurement."""
        planned: dict[str, int] = defaultdict(int)
        for part in parts:
            planned[part.program] += 1
        return cls(dtype, planned, {part.program: part.exhaustive for part in parts})

    def add(self, part: Chunk, result: Result) -> None:
        """Add what came of a part."""
        self.parts[part.program] += 1
        if isinstance(result, Conduct):
            self.other = result
        elif isinstance(result, Missing):
            self.missing[part.program] = result.reason
        else:
            self.seen.setdefault(part.program, Seen()).merge(result)

    @property
    def is_complete(self) -> bool:
        """Whether every part was done."""
        return all(self.parts[name] == count for name, count in self.planned.items())

    def fraction(self, program: str) -> float:
        """Return which part of a program's inputs was tried."""
        return self.parts[program] / self.planned[program]

    @property
    def flushes(self) -> bool:
        """Whether a subnormal operand or result was taken for 0.

        A divisor alone may have been so since its reciprocal is infinite.
        """
        return any(
            seen.flushed_results or (seen.flushed_operands and not _divides(name))
            for name, seen in self.seen.items()
        )

    def operations(self, name: str, source: str) -> Operations:
        """Return the declaration."""
        kind = float_type(self.dtype)
        losses: dict[str, AnyAccuracy] = {}
        for operation in NAMES:
            loss = loss_of(operation, kind, self._of(operation), flushes=self.flushes)
            if loss is not None:
                losses[operation] = loss
        other = self.other or Conduct([], [], [])
        products = other.products if other.products in FACTORS else None
        return Operations(
            losses,
            flushes_subnormals=self.flushes,
            accumulator=None if other.accumulator == self.dtype else other.accumulator,
            products=None if products == self.dtype else products,
            name=name,
            source=source,
        )

    def _of(self, operation: str) -> Seen | None:
        programs = [p for p in OPERATIONS.values() if p.operation == operation]
        all_of_them = [self.seen[p.name] for p in programs if p.name in self.seen]
        if not all_of_them:
            return None
        total = Seen()
        for each in all_of_them:
            total.merge(each)
        return total


def _divides(program: str) -> bool:
    return OPERATIONS[program].operation == "divide"


def loss_of(
    operation: str, kind: FloatType, seen: Seen | None, *, flushes: bool = False
) -> AnyAccuracy | None:
    """Return what an operation loses; None where it is correctly rounded, or was not measured.

    Where subnormal divisors alone are flushed, nothing is promised of them.
    """
    if seen is None:
        return None
    if operation == "divide" and seen.flushed_operands and not flushes:
        seen.by_argument |= {kind.min_exponent - 1: math.inf}
    elif not seen.misrounded and operation in ROUNDED:
        return None
    margin = 0.0 if operation in ROUNDED or kind.precision > 24 else MARGIN
    most = max(seen.ulp, 0.5) + margin
    if operation in ("log", "cos") and most > USUAL:
        return _absolute(kind, seen, margin)
    if operation == "power" and most > USUAL:
        return _through_logarithm(kind, seen, margin)
    within = _within(kind, seen) if operation in _BOUNDED else None
    kept = _kept(seen.by_argument, within)
    if operation == "exp" and max(kept.values(), default=0.0) > USUAL:
        return _of_argument(kept, margin, within)
    return ulp(rounded_up(max([*kept.values(), 0.5]) + margin), within=within)


def _absolute(kind: FloatType, seen: Seen, margin: float) -> Accuracy:
    """Tell small results by an absolute error, as a logarithm near 1 has it."""
    large = max([e for at, e in seen.by_result.items() if at >= -1], default=0.5)
    if large >= lost(kind):
        within = _within(kind, seen)
        return ulp(rounded_up(max([*_kept(seen.by_argument, within).values(), 0.5])), within=within)
    small = [
        (error - large) * max(2.0 ** (at + 1 - kind.precision), kind.smallest_subnormal)
        for at, error in seen.by_result.items()
        if at < -1
    ]
    most = max([*small, 0.0])
    plain = Accuracy(ulp=rounded_up(large + margin))
    return Accuracy(ulp=plain.ulp, absolute=rounded_up(most)) if most else plain


def _through_logarithm(kind: FloatType, seen: Seen, margin: float) -> AnyAccuracy:
    """Tell errors that grow with the exponent by that of the logarithm."""
    small = max([e for at, e in seen.by_argument.items() if at <= 0], default=0.5)
    if small > seen.ulp / USUAL or math.isinf(seen.logarithm):
        return ulp(rounded_up(seen.ulp + margin))
    return exp2_log2(
        ulp(rounded_up(max(small, 0.5) + margin)), absolute(rounded_up(seen.logarithm))
    )


def _of_argument(kept: Binades, margin: float, within: tuple[float, float] | None) -> Accuracy:
    """Tell errors that grow with the magnitude of the argument by how fast they do."""
    small = max([e for at, e in kept.items() if at < 0], default=0.5)
    slope = max([(e - small) / 2.0**at for at, e in kept.items() if at >= 0], default=0.0)
    return ulp(
        rounded_up(max(small, 0.5) + margin), of_argument=rounded_up(max(slope, 0.0)), within=within
    )


def _within(kind: FloatType, seen: Seen) -> tuple[float, float] | None:
    """Return the widest range of magnitudes in which no result is lost, if any is elsewhere."""
    gone = sorted(at for at, error in seen.by_argument.items() if error >= lost(kind))
    if not gone:
        return None
    ends = [kind.min_exponent - kind.precision, *gone, kind.max_exponent]
    gaps = [(high - low, low + 1, high - 1) for low, high in pairwise(ends)]
    _, first, last = max(gaps)
    return 2.0**first, 2.0**last * (2.0 - 2.0 * kind.unit_roundoff)


def _kept(binades: Binades, within: tuple[float, float] | None) -> Binades:
    if within is None:
        return binades
    return {at: e for at, e in binades.items() if within[0] <= 2.0**at <= within[1]}


def rounded_up(number: float) -> float:
    """Return a number of three digits that is not below, so that what was seen is covered."""
    if number == 0 or math.isinf(number):
        return number
    step = 10.0 ** (math.floor(math.log10(number)) - 2)
    return float(f"{math.ceil(number / step) * step:.3g}")
