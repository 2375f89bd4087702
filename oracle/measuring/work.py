"""The work of a measurement in parts, each of which any process can do by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from oracle.dtypes import FloatType, float_type
from oracle.measuring import expressions, special, sums
from oracle.measuring.backends import Library, Target, computed, opened, reason
from oracle.measuring.inputs import SAMPLED, Arrays, blocks_of_all, patterns, samples
from oracle.measuring.programs import OPERATIONS, PROGRAMS
from oracle.measuring.seen import Seen, judged

OTHER = "other"
"""The part that looks at special values, expressions, sums and products."""
SAMPLES, QUICK = 2**21, SAMPLED
_TOGETHER = 32
"""Blocks of all numbers in a part."""
_SAMPLED_TOGETHER = 4


@dataclass(frozen=True)
class Chunk:
    """Some blocks of inputs of one program in one type, or all that is no operation."""

    target: Target
    dtype: str
    program: str
    blocks: range = range(1)
    size: int = SAMPLED
    exhaustive: bool = False
    operations: tuple[str, ...] = ()
    """Of the part `OTHER`: the operations that were asked for; none says all."""


@dataclass
class Conduct:
    """What a device does besides single operations on usual numbers."""

    special: list[str]
    expressions: list[str]
    sums: list[str]
    accumulator: str | None = None
    products: str | None = None


@dataclass(frozen=True)
class Missing:
    """Why a program could not be run."""

    reason: str


Result = Seen | Conduct | Missing


def plan(
    target: Target, dtype: str, only: tuple[str, ...], samples: int | None, quick: bool
) -> list[Chunk]:
    """Return the parts of a measurement in one type."""
    kind = float_type(dtype)
    count = samples or (QUICK if quick else SAMPLES)
    parts = [Chunk(target, dtype, OTHER, operations=only)]
    for program in OPERATIONS.values():
        if only and program.operation not in only:
            continue
        exhaustive = program.is_exhaustible(kind) and not (quick and kind.bits > 16)
        size = min(count, SAMPLED)
        blocks = blocks_of_all(kind) if exhaustive else -(-count // size)
        step = _TOGETHER if exhaustive else _SAMPLED_TOGETHER
        parts += [
            Chunk(target, dtype, program.name, range(at, min(at + step, blocks)), size, exhaustive)
            for at in range(0, blocks, step)
        ]
    return parts


def done(part: Chunk) -> tuple[Chunk, Result]:
    """Do one part with its target, which is opened once in a process."""
    return part, done_by(opened(part.target), part)


def done_by(backend: Library, part: Chunk) -> Result:
    """Do one part with a backend."""
    kind = float_type(part.dtype)
    if part.program == OTHER:
        return _other(backend, kind, part.operations)
    program = PROGRAMS[part.program]
    if not backend.computes(program):
        return Missing("the library has none")
    seen = Seen()
    for arrays in _inputs(part, kind):
        try:
            got = computed(backend, program, part.dtype, arrays)
        except Exception as error:
            return Missing(reason(error))
        seen.merge(judged(program.operation, kind, program.operands(kind, *arrays), got))
    return seen


def _inputs(part: Chunk, kind: FloatType) -> Iterator[Arrays]:
    for block in part.blocks:
        if part.exhaustive:
            yield patterns(kind, block)
        else:
            yield samples(PROGRAMS[part.program], kind, block, part.size)


def _other(backend: Library, kind: FloatType, only: tuple[str, ...]) -> Conduct:
    names = [name for name in special.EXPECTED if not only or name in only]
    other = Conduct(special.told(backend, kind, names), [], [])
    if only:
        return other
    other.expressions = expressions.told(backend, kind)
    accumulators = []
    try:
        accumulators.append(sums.accumulator_of_sums(backend, kind))
        other.sums.append(f"sums accumulate in {accumulators[-1]}")
        other.sums.append(sums.spread(backend, kind))
    except Exception as error:
        other.sums.append(f"sums: not measured, {reason(error)}")
    try:
        product = sums.of_matrices(backend, kind)
        accumulators.append(product.accumulator)
        other.sums.append(
            f"matrix products accumulate in {product.accumulator}, "
            f"their operands are {_as(product.operands, kind)}"
        )
        other.products = product.operands
    except Exception as error:
        other.sums.append(f"matrix products: not measured, {reason(error)}")
    other.accumulator = _narrowest(accumulators)
    return other


def _as(operands: str, kind: FloatType) -> str:
    return "not rounded" if operands == kind.name else f"rounded to {operands}"


def _narrowest(accumulators: list[str]) -> str | None:
    known = [float_type(name) for name in accumulators if name != sums.WIDER]
    return min(known, key=lambda kind: kind.precision).name if known else None
