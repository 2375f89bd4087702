"""A measurement in words: a table for a terminal, and the source of a declaration."""

from __future__ import annotations

from collections.abc import Iterator

from oracle import __version__
from oracle.dtypes import FloatType, float_type
from oracle.measuring.declare import Measured, rounded_up
from oracle.measuring.exact import ROUNDED
from oracle.measuring.programs import OPERATIONS
from oracle.measuring.seen import Seen


def table(measured: Measured) -> Iterator[str]:
    """Yield a line for each program, and one for whatever else was seen."""
    for name, program in OPERATIONS.items():
        if name in measured.seen:
            yield f"  {program.text:<8}  {_inputs(measured, name):>17}  {_loss(measured, name)}"
        elif name in measured.missing:
            yield f"  {program.text:<8}  {'not measured':>17}  {measured.missing[name]}"
    for line in _rest(measured):
        yield f"  {line}"


def source(measured: Measured, title: str, machine: str) -> str:
    """Return what a declaration says of where it is from: one sentence after the other."""
    head = f"oracle measure {__version__}: {title} on {machine}, {measured.dtype}"
    programs = [
        f"{OPERATIONS[name].text} over {_inputs(measured, name)}: {_loss(measured, name)}"
        for name in OPERATIONS
        if name in measured.seen
    ]
    left_out = [OPERATIONS[name].text for name in OPERATIONS if name not in measured.seen]
    rest = [*_rest(measured), *([f"not measured: {', '.join(left_out)}"] if left_out else [])]
    return "; ".join([head, *programs, *rest])


def _inputs(measured: Measured, name: str) -> str:
    seen, fraction = measured.seen[name], measured.fraction(name)
    if fraction < 1:
        return f"{fraction:.0%} of the inputs planned"
    if measured.exhaustive[name]:
        return f"all 2^{16 if seen.inputs < 2**20 else 32} inputs"
    return f"{seen.inputs} samples"


def _loss(measured: Measured, name: str) -> str:
    seen, kind = measured.seen[name], float_type(measured.dtype)
    if not seen.misrounded:
        rounded = OPERATIONS[name].operation in ROUNDED
        parts = ["correctly rounded" if rounded else "rounded to the nearest, as float64 tells it"]
    else:
        share = 100 * seen.misrounded / seen.inputs
        parts = [
            f"{rounded_up(seen.ulp):g} ulp; {share:.2g} % not correctly rounded",
            f"worst {seen.worst.text(kind) if seen.worst else ''}",
        ]
    special = (f"also {each.text(kind)}" for each in seen.special)
    return ", ".join([*parts, *_flushed(seen, kind), *special])


def _flushed(seen: Seen, kind: FloatType) -> Iterator[str]:
    for count, what in ((seen.flushed_operands, "operands"), (seen.flushed_results, "results")):
        if count:
            yield f"{count} subnormal {what} flushed"
    if seen.flushed and seen.flushed != seen.stray:
        yield f"such as {seen.flushed.text(kind)}"
    if seen.stray:
        yield f"{seen.astray} of them taken for other numbers, as {seen.stray.text(kind)}"


def _rest(measured: Measured) -> Iterator[str]:
    """Yield what is no single operation."""
    complete = measured.seen and measured.is_complete
    if complete and not measured.flushes:
        yield "subnormal numbers are kept"
    if measured.other:
        yield from measured.other.expressions
        yield from measured.other.sums
        yield from (f"special value: {line}" for line in measured.other.special)
