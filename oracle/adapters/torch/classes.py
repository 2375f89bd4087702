"""What has to be known of each optimizer class of PyTorch: a row for each.

Hyperparameters are Python floats. What a step makes of them alone, such as a bias correction, is
computed in double precision, and rounded once where it meets a tensor. Read in the source of
PyTorch 2.13.0, and measured.

Two of the library's ways are no modes here. ``capturable=True`` is refused on a CPU, with an
AssertionError that names the devices it takes. What ``torch.compile`` makes of a step is judged as
``torch-compiled`` (compiled.py), which takes longer than all that is here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

SINGLE, FOREACH, FUSED, DIFFERENTIABLE = "", "foreach", "fused", "differentiable"
TENSOR_RATE = "tensor-rate"
MODES: Mapping[str, Mapping[str, bool]] = {
    SINGLE: {"foreach": False},
    FOREACH: {"foreach": True},
    FUSED: {"fused": True},
    DIFFERENTIABLE: {"differentiable": True, "foreach": False},
    TENSOR_RATE: {"foreach": False},
}
"""The arguments that choose how a step is computed."""

_ALL = (SINGLE, FOREACH, FUSED, DIFFERENTIABLE, TENSOR_RATE)
_BETAS = ("beta_1", "beta_2")


@dataclass(frozen=True)
class TorchClass:
    """One class: the name under which it keeps each slot, and how it may be run."""

    slots: Mapping[str, str]
    modes: tuple[str, ...] = (SINGLE, FOREACH, DIFFERENTIABLE, TENSOR_RATE)
    counts: bool = True
    """Whether it keeps a number of steps."""
    sparse: bool = False
    """Whether it takes sparse gradients, and no others."""
    squeezed: Mapping[str, int] = field(default_factory=dict)
    """By slot, the axis of one element that the library keeps beside those of the rule."""
    empties: bool = True
    """Whether it takes parameters without elements."""
    narrow: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By mode, what is computed in float32, the type in which it counts, in a float64 run, too."""
    ways: bool = True
    """Whether it takes the arguments that choose how a step is computed."""
    types: Mapping[str, str] = field(default_factory=dict)
    """By argument, the type in which it is held in every mode, if that is not float64."""


_MOMENTS = {"m": "exp_avg", "v": "exp_avg_sq"}
_ADAM = TorchClass(
    {**_MOMENTS, "v_max": "max_exp_avg_sq"},
    _ALL,
    narrow={DIFFERENTIABLE: _BETAS, TENSOR_RATE: ("beta_1", "weight_decay")},
)
CLASSES: dict[str, TorchClass] = {
    "SGD": TorchClass({"b": "momentum_buffer"}, _ALL, counts=False),
    "Adam": _ADAM,
    "AdamW": _ADAM,
    "Adamax": TorchClass({"m": "exp_avg", "u": "exp_inf"}, narrow={TENSOR_RATE: ("beta_1",)}),
    "NAdam": TorchClass(
        {**_MOMENTS, "mu_product": "mu_product"},
        narrow={
            SINGLE: ("beta_1",),
            FOREACH: ("beta_1",),
            DIFFERENTIABLE: ("beta_1", "lr"),
            TENSOR_RATE: ("beta_1",),
        },
    ),
    "RAdam": TorchClass(_MOMENTS),
    "RMSprop": TorchClass({"v": "square_avg", "mg": "grad_avg", "b": "momentum_buffer"}),
    "Adagrad": TorchClass({"a": "sum"}, _ALL, narrow={TENSOR_RATE: ("lr_decay",)}),
    "ASGD": TorchClass(
        {"ax": "ax", "eta": "eta", "mu": "mu"},
        narrow=dict.fromkeys((SINGLE, FOREACH, DIFFERENTIABLE, TENSOR_RATE), ("lr", "t0")),
    ),
    "Rprop": TorchClass({"prev": "prev", "step_size": "step_size"}),
    "SparseAdam": TorchClass(_MOMENTS, (SINGLE,), counts=False, sparse=True, ways=False),
    "Muon": TorchClass(
        {"m": "momentum_buffer"},
        (SINGLE,),
        counts=False,
        ways=False,
        types={"ns_steps": "bfloat16"},
    ),
    "Adadelta": TorchClass({"a": "square_avg", "d": "acc_delta"}),
    "Adafactor": TorchClass(
        {"r": "row_var", "c": "col_var", "v": "variance"},
        (SINGLE, FOREACH),
        squeezed={"r": -1, "c": -2},
        empties=False,
    ),
}


def held_in(name: str, mode: str) -> Callable[[str], Mapping[str, str]]:
    """Return the ``hyper_dtype`` declaration of a class in a mode: a function of the dtype."""
    narrow = CLASSES[name].narrow.get(mode, ())
    narrow += ("lr",) if mode == TENSOR_RATE else ()

    def hyper_dtype(dtype: str) -> Mapping[str, str]:
        return {"*": "float64", **CLASSES[name].types, **dict.fromkeys(narrow, "float32")}

    return hyper_dtype
