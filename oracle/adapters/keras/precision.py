"""In which precision Keras on TensorFlow holds each hyperparameter: read in its source, measured.

In a variable of 32 bits or fewer every hyperparameter is rounded to the variable's dtype. In a
float64 variable the learning rate is a float32 variable, and ``ops.cast(0.9, "float64")`` makes a
float32 tensor first; a Python float that meets a float64 tensor in ``ops.multiply`` stays exact.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

CLIPS = ("clipnorm", "clipvalue", "global_clipnorm")

THROUGH_FLOAT32: dict[str, tuple[str, ...]] = {
    "SGD": ("momentum",),
    "RMSprop": (),
    "Adagrad": ("initial_accumulator_value",),
    "Adadelta": (),
    "Adam": ("beta_1", "beta_2"),
    "AdamW": ("beta_1", "beta_2"),
    "Adamax": ("beta_1",),
    "Nadam": ("beta_1", "beta_2", "*"),
    "Ftrl": ("initial_accumulator_value",),
    "Lion": ("beta_1", "beta_2"),
}
"""What is rounded to float32 before it meets a float64 variable; "*" are a formula's constants."""

ALWAYS_THROUGH_FLOAT32 = ("learning_rate", "weight_decay")
"""The arguments of the base class for which that is so; clipping and averaging are exact."""

EXACT_IN_NADAM = ("epsilon", "ema_momentum", "loss_scale_factor", *CLIPS)
"""Nadam's constant 0.96 goes through float32 as well, so that only these do not."""


def held_in(name: str) -> Callable[[str], Mapping[str, str] | None]:
    """Return the ``hyper_dtype`` declaration of one class: a function of the case's dtype."""
    narrow = (*ALWAYS_THROUGH_FLOAT32, *THROUGH_FLOAT32[name])
    exact = EXACT_IN_NADAM if name == "Nadam" else ()

    def hyper_dtype(dtype: str) -> Mapping[str, str] | None:
        if dtype != "float64":
            return None
        return dict.fromkeys(narrow, "float32") | dict.fromkeys(exact, "float64")

    return hyper_dtype


def flushes_subnormals(dtype: str) -> bool:
    """TensorFlow sets the CPU to flush, eager too; float16 is computed in float32, far above."""
    return dtype != "float16"
