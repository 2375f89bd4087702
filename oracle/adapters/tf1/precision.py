"""In which precision TensorFlow 1.15.5 holds each hyperparameter: read in its source, measured.

In a variable of 32 bits or fewer every hyperparameter is rounded to the variable's dtype. A Python
float on its way to a float64 variable becomes a float32 tensor first, except for the start of a
slot, for a decoupled weight decay and for LARS; numpy.float64 stays exact everywhere. The proximal
optimizers do not cast: on a float64 variable they take numpy.float64 for all of their arguments,
and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from oracle.specification.spec import Spec
from oracle.systems.tf1.wrappers.wrapped import WRAPPED

EXTENDED = "extend_with_decoupled_weight_decay."

STARTS_OF_SLOTS: dict[str, tuple[str, ...]] = {
    "AdagradOptimizer": ("initial_accumulator_value",),
    "AdagradDAOptimizer": ("initial_gradient_squared_accumulator_value",),
    "FtrlOptimizer": ("initial_accumulator_value",),
    "RegAdagradOptimizer": ("initial_accumulator_value",),
}
"""What is a Python float until it fills a slot of the variable's own dtype."""

TIMES_THE_VARIABLE: dict[str, tuple[str, ...]] = {
    "AdamWOptimizer": ("weight_decay",),
    "MomentumWOptimizer": ("weight_decay",),
}
"""What is a Python float until it is multiplied by the variable, in the variable's dtype."""

WITHOUT_A_CAST = ("ProximalGradientDescentOptimizer", "ProximalAdagradOptimizer")
"""The classes whose hyperparameters must have the variable's dtype already."""

EXACT = ("LARSOptimizer",)
"""The classes whose hyperparameters stay Python floats until they meet the variable's dtype."""


def held_for_sparse_gradients(name: str) -> str | None:
    """Return the same where a gradient is sparse: LARS is plain momentum then, with casts."""
    return "float32" if name in EXACT else None


FLOAT32_ALONE = ("ShampooOptimizer", "clip_by_average_norm")
"""What makes float32 tensors of its own and takes no variable of another dtype."""


NOT_IN_HALF = (
    "AdagradDAOptimizer",
    "ProximalGradientDescentOptimizer",
    "ProximalAdagradOptimizer",
    "GGTOptimizer",
)
"""What has no kernel for float16, or none for sparse gradients; GGT's decomposition overflows."""


def dtypes_of(name: str) -> tuple[str, ...] | None:
    """Return the dtypes that one class takes, or None for all that the library has."""
    if name.removeprefix(EXTENDED) in NOT_IN_HALF:
        return ("float32", "float64")
    return ("float32",) if name.removeprefix(EXTENDED) in FLOAT32_ALONE else None


def held_in(name: str) -> Callable[[str], Mapping[str, str] | None]:
    """Return the ``hyper_dtype`` declaration of one class: a function of the case's dtype."""
    base = name.removeprefix(EXTENDED)
    decay = ("weight_decay",) if base != name else TIMES_THE_VARIABLE.get(name, ())
    exact = STARTS_OF_SLOTS.get(base, ()) + decay

    def hyper_dtype(dtype: str) -> Mapping[str, str] | None:
        if dtype != "float64" or base in (*WITHOUT_A_CAST, *EXACT):
            return None
        return {"*": "float32"} | dict.fromkeys(exact, "float64")

    return hyper_dtype


OF_WRAPPERS = dict.fromkeys(("max_norm", "moving_rate", "rho"), "float64")
"""What wrapping optimizers hold in double precision; MovingAverage's decay is a float32 tensor."""


def held_by(spec: Spec) -> Callable[[str], Mapping[str, str] | None]:
    """Return the declaration of a spec, whether it wraps an optimizer or not."""
    return _held_by_wrappers if spec.wraps else held_in(spec.name)


def _held_by_wrappers(dtype: str) -> Mapping[str, str] | None:
    """Return what all wrappers declare.

    A wrapped class holds its arguments as it does by itself, under names such as
    ``AdamOptimizer.beta1``.
    """
    if dtype != "float64":
        return None
    held: dict[str, str] = {"*": "float32"} | OF_WRAPPERS
    for name, inner in WRAPPED.specs.items():
        alone = held_in(name)(dtype) or {"*": "float64"}
        for argument in inner.arguments:
            held[f"{name}.{argument}"] = alone.get(argument, alone["*"])
    return held
