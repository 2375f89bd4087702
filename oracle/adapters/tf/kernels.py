"""TensorFlow's training kernels, each with its operands: what ``tf.raw_ops`` calls by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from oracle.dtypes import DTYPES

ADAM = {"lr": "learning_rate", "beta1": "beta1", "beta2": "beta2", "epsilon": "epsilon"}
WIDE = ("float32", "float64")
NOT_BFLOAT16 = ("float16", *WIDE)
L1_L2 = {"l1": "l1_regularization_strength", "l2": "l2_regularization_strength"}
START = "initial_accumulator_value"


@dataclass(frozen=True)
class Kernel:
    """A kernel ``ResourceApply<name>``, and ``ResourceSparseApply<name>`` where there is one."""

    name: str
    slots: Mapping[str, tuple[str, float | str]] = field(default_factory=dict)
    """By operand: the rule's name of the slot, and its start or the argument that holds it."""
    numbers: Mapping[str, str] = field(default_factory=dict)
    """By operand, the argument that it is."""
    flags: Mapping[str, str] = field(default_factory=dict)
    """By attribute, the argument that it is."""
    gradient: str = "grad"
    powers: Mapping[str, str] = field(default_factory=dict)
    """By operand, the argument of which it is the power of the step."""
    counter: str = ""
    """The operand that counts the steps, from 1."""
    dtypes: tuple[str, ...] = DTYPES
    """The dtypes that it has on the CPU."""
    sparse_dtypes: tuple[str, ...] = DTYPES
    """Those of its sparse form; none where there is none."""
    ones: tuple[str, ...] = ()
    """Operands that are 1."""
    fixed: Mapping[str, bool] = field(default_factory=dict)
    """Attributes with one value."""


_MOMENTS: dict[str, tuple[str, float | str]] = {"m": ("m", 0.0), "v": ("v", 0.0)}
_POWERS = {"beta1_power": "beta1", "beta2_power": "beta2"}
_RMSPROP = {
    "lr": "learning_rate",
    "rho": "decay",
    "momentum": "momentum",
    "epsilon": "epsilon",
}
_MEANS: dict[str, tuple[str, float | str]] = {"ms": ("v", 1.0), "mom": ("b", 0.0)}
_RATE = {"lr": "learning_rate"}

CENTERED = Kernel("CenteredRMSProp", {"mg": ("mg", 0.0), **_MEANS}, _RMSPROP)
KERNELS: dict[str, Kernel] = {
    "tf.train/GradientDescentOptimizer": Kernel(
        "GradientDescent", numbers={"alpha": "learning_rate"}, gradient="delta", sparse_dtypes=()
    ),
    "tf.train/MomentumOptimizer": Kernel(
        "Momentum",
        {"accum": ("b", 0.0)},
        {**_RATE, "momentum": "momentum"},
        {"use_nesterov": "use_nesterov"},
    ),
    "tf.train/AdagradOptimizer": Kernel("Adagrad", {"accum": ("a", START)}, _RATE),
    "tf.train/AdagradDAOptimizer": Kernel(
        "AdagradDA",
        {
            "gradient_accumulator": ("z", 0.0),
            "gradient_squared_accumulator": ("a", "initial_gradient_squared_accumulator_value"),
        },
        {**_RATE, **L1_L2},
        counter="global_step",
        dtypes=WIDE,
        sparse_dtypes=WIDE,
    ),
    "tf.train/AdadeltaOptimizer": Kernel(
        "Adadelta",
        {"accum": ("a", 0.0), "accum_update": ("d", 0.0)},
        {**_RATE, "rho": "rho", "epsilon": "epsilon"},
    ),
    "tf.train/AdamOptimizer": Kernel("Adam", _MOMENTS, ADAM, powers=_POWERS, sparse_dtypes=()),
    "tf.train/FtrlOptimizer": Kernel(
        "FtrlV2",
        {"accum": ("n", START), "linear": ("z", 0.0)},
        {
            **_RATE,
            **L1_L2,
            "l2_shrinkage": "l2_shrinkage_regularization_strength",
            "lr_power": "learning_rate_power",
        },
    ),
    "tf.train/RMSPropOptimizer": Kernel("RMSProp", _MEANS, _RMSPROP, sparse_dtypes=NOT_BFLOAT16),
    "tf.train/ProximalGradientDescentOptimizer": Kernel(
        "ProximalGradientDescent",
        numbers={"alpha": "learning_rate", **L1_L2},
        gradient="delta",
        dtypes=WIDE,
        sparse_dtypes=WIDE,
    ),
    "tf.train/ProximalAdagradOptimizer": Kernel(
        "ProximalAdagrad",
        {"accum": ("a", START)},
        {**_RATE, **L1_L2},
        dtypes=WIDE,
        sparse_dtypes=WIDE,
    ),
    "tf.contrib.opt/AdaMaxOptimizer": Kernel(
        "AdaMax",
        {"m": ("m", 0.0), "v": ("u", 0.0)},
        ADAM,
        powers={"beta1_power": "beta1"},
        dtypes=NOT_BFLOAT16,
        sparse_dtypes=(),
    ),
    "tf.contrib.opt/NadamOptimizer": Kernel(
        "Adam", _MOMENTS, ADAM, powers=_POWERS, fixed={"use_nesterov": True}, sparse_dtypes=()
    ),
    "tf.contrib.opt/AddSignOptimizer": Kernel(
        "AddSign",
        {"m": ("m", 0.0)},
        {**_RATE, "alpha": "alpha", "beta": "beta"},
        ones=("sign_decay",),
        sparse_dtypes=(),
    ),
    "tf.contrib.opt/PowerSignOptimizer": Kernel(
        "PowerSign",
        {"m": ("m", 0.0)},
        {**_RATE, "logbase": "base", "beta": "beta"},
        ones=("sign_decay",),
        sparse_dtypes=(),
    ),
}
"""By spec, the kernel that its class calls for dense gradients."""
