"""In which precision TensorFlow 1.15.5 holds each hyperparameter: read in its source, measured.

In a variable of 32 bits or fewer every hyperparameter is rounded to the variable's dtype. A Python
float on its way to a float64 variable becomes a float32 tensor first, except for the start of a
slot, for a decoupled weight decay and for LARS; numpy.float64 stays exact everywhere. The proximal
optimizers do not cast: on a float64 variable they take numpy.float64 for all of their arguments,
and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

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


def held_in(name: str) -> Callable[[str], Mapping[str, str] | None]:
    """Return the ``hyper_dtype`` declaration of one class: a function of the case's dtype."""
    exact = STARTS_OF_SLOTS.get(name, ()) + TIMES_THE_VARIABLE.get(name, ())

    def hyper_dtype(dtype: str) -> Mapping[str, str] | None:
        if dtype != "float64" or name in (*WITHOUT_A_CAST, *EXACT):
            return None
        return {"*": "float32"} | dict.fromkeys(exact, "float64")

    return hyper_dtype
