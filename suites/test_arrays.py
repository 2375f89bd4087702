"""Arrays: a step is made of the numbers that it is given, not of the arrays that hold them."""

from __future__ import annotations

from oracle.conformance.arrays import BufferCheck, LayoutCheck


def test_laid_out_runs(laid_out_run: LayoutCheck) -> None:
    """Parameters and gradients may be Fortran-ordered, strided, read-only or broadcast."""
    laid_out_run.holds()


def test_buffered_runs(buffered_run: BufferCheck) -> None:
    """Arrays of gradients that are filled anew, or overwritten, change nothing that is past."""
    buffered_run.holds()
