"""The devices that are emulated: those with names, and some that are worse than any on sale."""

from __future__ import annotations

from oracle.operations import EXACT, Operations, absolute, exp2_log2, relative, ulp
from oracle.platforms import PLATFORMS

_EVERY = ("divide", "sqrt", "rsqrt", "exp", "log", "cos", "power")

MACHINES = {
    "exact": EXACT,
    **PLATFORMS,
    "truncating": Operations({"add": ulp(1), "multiply": ulp(1)}, name="truncating"),
    "sloppy": Operations(
        {"add": ulp(2), "multiply": ulp(3), **dict.fromkeys(_EVERY, ulp(8))},
        flushes_subnormals=True,
        name="sloppy",
    ),
    "few bits": Operations(
        {**dict.fromkeys(_EVERY, relative(2.0**-12)), "power": exp2_log2(ulp(2), absolute(1e-4))},
        name="few bits",
    ),
    "stochastic": Operations(stored="stochastic", name="stochastic"),
    "tensor cores": Operations(products="tfloat32", accumulator="float32", name="tensor cores"),
    "half sums": Operations(accumulator="bfloat16", name="half sums"),
}
