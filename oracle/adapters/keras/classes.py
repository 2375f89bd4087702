"""What has to be known of each optimizer class of Keras 3: a row for each.

In a variable of 32 bits or fewer every hyperparameter is rounded to the variable's dtype. In a
float64 variable the learning rate is a float32 variable, and ``ops.cast(0.9, "float64")`` makes a
float32 tensor first; a Python float that meets a float64 tensor in ``ops.multiply`` stays exact.
Read in the source of Keras 3.15.1 on TensorFlow, and measured.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

_NAMED = "parameter_"


def named(index: int) -> str:
    """Return the name of a parameter's variable."""
    return f"{_NAMED}{index}"


def index_of(path: str) -> int:
    """Return the index of the parameter whose variable has a name."""
    return int(path.removeprefix(_NAMED))


CLIPS = ("clipnorm", "clipvalue", "global_clipnorm")


@dataclass(frozen=True)
class KerasClass:
    """One class: where it keeps its slots, and what it rounds to float32."""

    slots: Mapping[str, str]
    """The attribute in which it keeps each slot."""
    narrow: tuple[str, ...] = ()
    """What is rounded to float32 before it meets a float64 variable; "*" a formula's constants."""
    exact: tuple[str, ...] = ()
    """Where the constants of a formula are rounded, the arguments that are not."""
    wraps: Callable[[Any], Mapping[str, Any]] | None = None
    """Returns the optimizers that an optimizer wraps, by what their slots' names begin with."""


def mapped(optimizer: Any) -> Mapping[str, Any]:
    """Return the optimizers of a `MultiOptimizer`: by default, and of single parameters."""
    chosen = optimizer._optimizer_map
    others = {f"{index_of(path)}.": other for path, other in chosen.items()}
    return {"": chosen.default_optimizer} | others


_MOMENTS = {"m": "_momentums", "v": "_velocities"}
_ADAM = KerasClass({**_MOMENTS, "v_max": "_velocity_hats"}, ("beta_1", "beta_2"))
CLASSES: dict[str, KerasClass] = {
    "SGD": KerasClass({"v": "momentums"}, ("momentum",)),
    "RMSprop": KerasClass({"v": "_velocities", "mg": "_average_gradients", "b": "_momentums"}),
    "Adagrad": KerasClass({"a": "_accumulators"}, ("initial_accumulator_value",)),
    "Adadelta": KerasClass({"a": "_accumulated_grads", "d": "_accumulated_delta_vars"}),
    "Adam": _ADAM,
    "AdamW": _ADAM,
    "Adamax": KerasClass({"m": "_m", "u": "_u"}, ("beta_1",)),
    "Nadam": KerasClass(
        {**_MOMENTS, "mu_product": "_u_product"},
        ("beta_1", "beta_2", "*"),
        ("epsilon", "ema_momentum", "loss_scale_factor", *CLIPS),
    ),
    "Ftrl": KerasClass({"n": "_accumulators", "z": "_linears"}, ("initial_accumulator_value",)),
    "Lamb": KerasClass(_MOMENTS, ("beta_1", "beta_2")),
    "ScheduleFreeAdamW": KerasClass(
        {"z": "_momentums", "v": "_velocities"},
        ("beta_1", "beta_2", "epsilon", "warmup_steps"),
    ),
    "Adafactor": KerasClass({"r": "_r", "c": "_c", "v": "_v"}, ("epsilon_2",)),
    "Muon": KerasClass(
        {"m": "momentums", "v": "adam_velocities"},
        ("adam_beta_1", "adam_beta_2", "adam_weight_decay"),
    ),
    "Lion": KerasClass({"m": "_momentums"}, ("beta_1", "beta_2")),
    "LossScaleOptimizer": KerasClass(
        {"dynamic_scale": "dynamic_scale", "step_counter": "step_counter"},
        ("initial_scale",),
        wraps=lambda scaling: {"": scaling.inner_optimizer},
    ),
    "MultiOptimizer": KerasClass({}, wraps=mapped),
}

BASE_SLOTS = {
    "average": "_model_variables_moving_average",
    "accumulated_gradient": "_accumulated_gradients",
}
"""The slots of Keras' base class, which every optimizer may have."""

ALWAYS_NARROW = ("learning_rate", "weight_decay")
"""The arguments of the base class that are rounded so; clipping and averaging are exact."""


def held_in(name: str) -> Callable[[str], Mapping[str, str] | None]:
    """Return the ``hyper_dtype`` declaration of one class: a function of the case's dtype."""
    row = CLASSES[name]
    if row.wraps is not None:
        return _held_by_wrapper(row)

    def hyper_dtype(dtype: str) -> Mapping[str, str] | None:
        if dtype != "float64":
            return None
        narrow = dict.fromkeys((*ALWAYS_NARROW, *row.narrow), "float32")
        return narrow | dict.fromkeys(row.exact, "float64")

    return hyper_dtype


def _held_by_wrapper(row: KerasClass) -> Callable[[str], Mapping[str, str] | None]:
    """A wrapped class holds its arguments as it does by itself, under names such as `SGD.momentum`.

    The wrapper's own numbers are float32 in a run of any dtype.
    """

    def hyper_dtype(dtype: str) -> Mapping[str, str]:
        held = dict.fromkeys(row.narrow, "float32")
        for name in (name for name, other in CLASSES.items() if other.wraps is None):
            alone = held_in(name)(dtype) or {}
            held |= {f"{name}.{argument}": kind for argument, kind in alone.items()}
        return held

    return hyper_dtype


def flushes_subnormals(dtype: str) -> bool:
    """TensorFlow sets the CPU to flush, eager too; float16 is computed in float32, far above."""
    return dtype != "float16"
