"""Devices and compilers by name, and what their operations may lose: tables, with their sources.

Each is a declaration for ``Implementation(..., operations=...)``, for what computes in float32. It
says what is documented, or was measured by somebody; `oracle measure` measures the device at hand.
NVIDIA says of its own table that it comes from extensive but not exhaustive testing.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from oracle.errors import ImplementationError
from oracle.operations import (
    Accuracy,
    Operations,
    OperationsDeclaration,
    ThroughLogarithm,
    absolute,
    by_reciprocal_root,
    exp2_log2,
    exp_by_exp2,
    from_object,
    log_by_log2,
    read,
    relative,
    ulp,
)


def _cuda(most: float) -> Accuracy:
    """Return a loss of CUDA's table, which counts from the correctly rounded result."""
    return ulp(most + 0.5)


_EX2 = ulp(2)
_LG2 = absolute(2.0**-22, relative=2.0**-22)
_NORMAL = (2.0**-126, 2.0**126)

CUDA = Operations(
    {"rsqrt": _cuda(2), "exp": _cuda(2), "log": _cuda(1), "cos": _cuda(2), "power": _cuda(8)},
    name="cuda",
    source="CUDA C++ Programming Guide, Mathematical Functions, single precision, default flags; "
    "powf by the older editions (8), as newer ones have 4",
)
CUDA_FAST_MATH = Operations(
    {
        "divide": ulp(2, within=_NORMAL),
        "sqrt": by_reciprocal_root(relative(2.0**-22.9)),
        "rsqrt": relative(2.0**-22.9),
        "exp": exp_by_exp2(_EX2),
        "log": log_by_log2(_LG2),
        "power": exp2_log2(_EX2, _LG2),
    },
    flushes_subnormals=True,
    name="cuda_fast_math",
    source="nvcc --use_fast_math: PTX ISA 9.1, div.approx, sqrt.approx, rsqrt.approx, ex2.approx, "
    "lg2.approx, each with .ftz",
)
TRITON = Operations(
    {
        "divide": ulp(2),
        "sqrt": relative(2.0**-23),
        "rsqrt": relative(2.0**-22.9),
        "exp": exp_by_exp2(_EX2),
        "log": log_by_log2(_LG2),
        "power": exp2_log2(_EX2, _LG2),
    },
    name="triton",
    source="Triton 3 on NVIDIA: `/` is div.full, tl.sqrt is sqrt.approx, tl.exp is ex2.approx of a "
    "product (triton issues 10661, 5422, 3511); PTX ISA 9.1",
)
INDUCTOR = Operations(
    {
        "divide": ulp(2),
        "rsqrt": _cuda(2),
        "exp": exp_by_exp2(_EX2),
        "log": _cuda(1),
        "cos": _cuda(2),
        "power": _cuda(8),
    },
    flushes_subnormals=True,
    name="inductor",
    source="torch.compile on NVIDIA: div.full, sqrt_rn, libdevice.pow, subnormals flushed (pytorch "
    "issues 165566, 185878, 163073); PTX ISA 9.1",
)
XLA_GPU = Operations(
    {
        "divide": ulp(1),
        "sqrt": ulp(1),
        "rsqrt": ulp(2),
        "exp": ulp(7),
        "log": ulp(1),
        "cos": _cuda(2),
        "power": _cuda(8),
    },
    flushes_subnormals=True,
    name="xla_gpu",
    source="XLA on NVIDIA: division of 1 ulp (openxla/xla issue 46400), the rest from the budgets "
    "of its regression tests, which are no proofs (accuracy_budget.h); powf as CUDA has it",
)
WEBGPU = Operations(
    {
        "divide": ulp(2.5, within=_NORMAL),
        "rsqrt": ulp(2),
        "sqrt": ulp(2).followed_by(5),
        "exp": ulp(3, of_argument=2.0),
        "log": absolute(2.0**-21, relative=3 * 2.0**-23),
        "cos": absolute(2.0**-11),
        "power": exp2_log2(ulp(3, of_argument=2.0), absolute(2.0**-21, relative=3 * 2.0**-23)),
    },
    flushes_subnormals=True,
    name="webgpu",
    source="WGSL, Accuracy of Built-in Functions: sqrt is 1/rsqrt, pow is exp2(y * log2(x)), cos "
    "for angles within a turn, any subnormal may be flushed",
)
OPENCL = Operations(
    {
        "divide": ulp(2.5),
        "sqrt": ulp(3),
        "rsqrt": ulp(2),
        "exp": ulp(3),
        "log": ulp(3),
        "cos": ulp(4),
        "power": ulp(16),
    },
    flushes_subnormals=True,
    name="opencl",
    source="OpenCL C 3.0, Relative Error as ULPs, single precision, full profile; subnormals are "
    "optional there",
)

PYTORCH_CPU = Operations(
    {"sqrt": ulp(1)},
    name="pytorch_cpu",
    source="PyTorch 2.13.0, eager: MKL's vector functions in their high accuracy lose less than 1 "
    "ulp. Measured: 0.561 over all of float32, 0.766 in samples of float64; the rest is exact, or "
    "loses less than what is charged where nothing is declared",
)
XLA_CPU = Operations(
    {"exp": ulp(6)},
    name="xla_cpu",
    source="JAX 0.10.2 with jaxlib: measured, 5.52 ulp over all of float32; the rest is exact, or "
    "loses less than what is charged where nothing is declared. float16 is not flushed, others are",
)

PLATFORMS: Mapping[str, Operations] = {
    platform.name: platform
    for platform in (
        CUDA,
        CUDA_FAST_MATH,
        TRITON,
        INDUCTOR,
        XLA_GPU,
        WEBGPU,
        OPENCL,
        PYTORCH_CPU,
        XLA_CPU,
    )
}


def platform(name: str) -> Operations:
    """Return the platform of a name; an unknown one is refused with those that there are."""
    if name not in PLATFORMS:
        raise ImplementationError(
            f"operations={name!r}: no such platform; use {', '.join(PLATFORMS)}, or a file"
        )
    return PLATFORMS[name]


_from_file = cache(read)
"""Each check asks for its declaration."""


def stated_by(stated: OperationsDeclaration, dtype: str, device: str) -> Operations | None:
    """Return what is declared for a dtype on a device, whichever way it is said.

    Raises `ImplementationError`, which says what there is instead.
    """
    try:
        found = stated(dtype, device) if callable(stated) else stated
    except Exception as error:
        raise ImplementationError(
            f"{stated!r}, which is to say what operations lose for {dtype!r} on {device!r}, fails: "
            f"{error}; give a function of both that returns a platform, losses, or None"
        ) from error
    if found is None or isinstance(found, Operations):
        return found
    if isinstance(found, str) and found in PLATFORMS:
        return PLATFORMS[found]
    if isinstance(found, (str, Path)):
        path = Path(found)
        return _from_file(path) if path.suffix == ".json" else platform(str(found))
    if not isinstance(found, Mapping):
        raise ImplementationError(
            f"operations={found!r}: give a platform by name, losses, a file, or Operations"
        )
    kinds = (Accuracy, ThroughLogarithm)
    losses = {name: loss for name, loss in found.items() if isinstance(loss, kinds)}
    return Operations(losses) if len(losses) == len(found) else from_object(found)
