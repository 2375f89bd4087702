"""What has to be known of each optimizer class of Keras 3: a row for each.

In a variable of 32 bits or fewer every hyperparameter is rounded to the variable's dtype. To a
float64 variable the learning rate comes as a float32 variable, and a Python float so:

- TensorFlow: ``ops.cast(0.9, "float64")`` makes a float32 tensor first; what meets a float64 tensor
  in ``ops.multiply`` stays exact.
- JAX: everything stays exact.
- PyTorch: ``ops.cast`` is exact, as the operators and ``torch._foreach`` are; ``ops.multiply`` and
  its like make a float32 tensor of a number.

Read in the source of Keras 3.15.1, and measured.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from oracle.adapters.keras.library import JAX, TENSORFLOW, TORCH, Backend

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
    narrow: Mapping[Backend, tuple[str, ...]] = field(default_factory=dict)
    """By backend, what is float32 before it meets a float64 variable; "*" a formula's constants."""
    exact: Mapping[Backend, tuple[str, ...]] = field(default_factory=dict)
    """Where all else is rounded, the arguments that are not."""
    wraps: Callable[[Any], Mapping[str, Any]] | None = None
    """Returns the optimizers that an optimizer wraps, by what their slots' names begin with."""


def mapped(optimizer: Any) -> Mapping[str, Any]:
    """Return the optimizers of a `MultiOptimizer`: by default, and of single parameters."""
    chosen = optimizer._optimizer_map
    others = {f"{index_of(path)}.": other for path, other in chosen.items()}
    return {"": chosen.default_optimizer} | others


_MOMENTS = {"m": "_momentums", "v": "_velocities"}
_ADAM = KerasClass({**_MOMENTS, "v_max": "_velocity_hats"}, {TENSORFLOW: ("beta_1", "beta_2")})
CLASSES: dict[str, KerasClass] = {
    "SGD": KerasClass({"v": "momentums"}, {TENSORFLOW: ("momentum",)}),
    "RMSprop": KerasClass({"v": "_velocities", "mg": "_average_gradients", "b": "_momentums"}),
    "Adagrad": KerasClass({"a": "_accumulators"}, {TENSORFLOW: ("initial_accumulator_value",)}),
    "Adadelta": KerasClass({"a": "_accumulated_grads", "d": "_accumulated_delta_vars"}),
    "Adam": _ADAM,
    "AdamW": _ADAM,
    "Adamax": KerasClass({"m": "_m", "u": "_u"}, {TENSORFLOW: ("beta_1",)}),
    "Nadam": KerasClass(
        {**_MOMENTS, "mu_product": "_u_product"},
        {TENSORFLOW: ("beta_1", "beta_2", "*")},
        {TENSORFLOW: ("epsilon", "ema_momentum", "loss_scale_factor", *CLIPS)},
    ),
    "Ftrl": KerasClass(
        {"n": "_accumulators", "z": "_linears"},
        {
            TENSORFLOW: ("initial_accumulator_value",),
            TORCH: (
                "learning_rate_power",
                "l1_regularization_strength",
                "l2_shrinkage_regularization_strength",
            ),
        },
    ),
    "Lamb": KerasClass(
        _MOMENTS, {TENSORFLOW: ("beta_1", "beta_2"), TORCH: ("beta_1", "beta_2", "epsilon")}
    ),
    "ScheduleFreeAdamW": KerasClass(
        {"z": "_momentums", "v": "_velocities"},
        {TENSORFLOW: ("beta_1", "beta_2", "epsilon", "warmup_steps"), TORCH: ("warmup_steps",)},
    ),
    "Adafactor": KerasClass(
        {"r": "_r", "c": "_c", "v": "_v"},
        {TENSORFLOW: ("epsilon_2",), TORCH: ("epsilon_1", "beta_2_decay", "clip_threshold")},
    ),
    "Muon": KerasClass(
        {"m": "momentums", "v": "adam_velocities"},
        {
            TENSORFLOW: ("adam_beta_1", "adam_beta_2", "adam_weight_decay"),
            JAX: ("rms_rate", "adam_lr_ratio"),
            TORCH: ("rms_rate", "adam_lr_ratio", "adam_beta_1", "adam_beta_2", "epsilon"),
        },
    ),
    "Lion": KerasClass({"m": "_momentums"}, {TENSORFLOW: ("beta_1", "beta_2")}),
    "LossScaleOptimizer": KerasClass(
        {"dynamic_scale": "dynamic_scale", "step_counter": "step_counter"},
        dict.fromkeys((TENSORFLOW, JAX, TORCH), ("initial_scale",)),
        wraps=lambda scaling: {"": scaling.inner_optimizer},
    ),
    "MultiOptimizer": KerasClass({}, wraps=mapped),
}

BASE_SLOTS = {
    "average": "_model_variables_moving_average",
    "accumulated_gradient": "_accumulated_gradients",
}
"""The slots of Keras' base class, which every optimizer may have."""

ALWAYS_NARROW = {
    TENSORFLOW: ("learning_rate", "weight_decay"),
    JAX: ("learning_rate",),
    TORCH: ("learning_rate", "ema_momentum", *CLIPS),
}
"""The arguments of the base class that are rounded so; those of the others are exact."""


def held_in(name: str, backend: Backend) -> Callable[[str], Mapping[str, str] | None]:
    """Return the ``hyper_dtype`` declaration of one class: a function of the case's dtype."""
    row = CLASSES[name]
    if row.wraps is not None:
        return _held_by_wrapper(row, backend)

    def hyper_dtype(dtype: str) -> Mapping[str, str] | None:
        if dtype != "float64":
            return None
        rounded = (*ALWAYS_NARROW[backend], *row.narrow.get(backend, ()))
        narrow = dict.fromkeys(rounded, "float32")
        return narrow | dict.fromkeys(row.exact.get(backend, ()), "float64")

    return hyper_dtype


def _held_by_wrapper(
    row: KerasClass, backend: Backend
) -> Callable[[str], Mapping[str, str] | None]:
    """A wrapped class holds its arguments as it does by itself, under names such as `SGD.momentum`.

    The wrapper's own numbers are float32 in a run of any dtype.
    """

    def hyper_dtype(dtype: str) -> Mapping[str, str]:
        held = dict.fromkeys(row.narrow.get(backend, ()), "float32")
        for name in (name for name, other in CLASSES.items() if other.wraps is None):
            alone = held_in(name, backend)(dtype) or {}
            held |= {f"{name}.{argument}": kind for argument, kind in alone.items()}
        return held

    return hyper_dtype


def flushes_subnormals(backend: Backend) -> Callable[[str], bool]:
    """TensorFlow and JAX set the CPU to flush, eager too, and PyTorch does not.

    Both compute float16 in float32, where its subnormals are far above.
    """
    return lambda dtype: backend is not TORCH and dtype != "float16"


PLATFORMS: Mapping[Backend, str] = {JAX: "xla_cpu", TORCH: "pytorch_cpu"}
"""What operations lose, by backend; TensorFlow's are exact, as far as anybody has seen."""
