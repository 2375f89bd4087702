"""What has to be known of each optimizer of Optax: where its state has the slots, by the rules.

Read in the source of Optax 0.2.8, and measured.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

_MOMENTS = {"m": "mu", "v": "nu"}

_MODEL = {name: name for name in ("barf", "gamma", "lb")}
_ESTIMATING = {
    name: name for name in ("exp_avg", "exp_avg_sq", "grad_sum", "estim_lr", "numerator_weighted")
}

ALIASES: dict[str, Mapping[str, str]] = {
    "sgd": {"b": "trace"},
    "sign_sgd": {},
    "signum": {"m": "ema"},
    "optimistic_gradient_descent": {"g_last": "previous_gradient"},
    "lion": {"m": "mu"},
    "lars": {"b": "trace"},
    "fromage": {},
    "rprop": {"s": "step_sizes", "d": "prev_updates"},
    "adagrad": {"a": "sum_of_squares"},
    "adadelta": {"a": "e_g", "d": "e_x"},
    "rmsprop": {"v": "nu", "mg": "mu", "b": "trace"},
    "adam": _MOMENTS,
    "nadam": _MOMENTS,
    "adamw": _MOMENTS,
    "nadamw": _MOMENTS,
    "amsgrad": {**_MOMENTS, "v_max": "nu_max"},
    "adamax": {"m": "mu", "u": "nu"},
    "adamaxw": {"m": "mu", "u": "nu"},
    "radam": _MOMENTS,
    "adabelief": {"m": "mu", "s": "nu"},
    "yogi": _MOMENTS,
    "adan": {"m": "m", "v": "v", "n": "n", "g_last": "g"},
    "lamb": _MOMENTS,
    "novograd": _MOMENTS,
    "optimistic_adam": {**_MOMENTS, "g_last": "previous_gradient"},
    "optimistic_adam_v2": {**_MOMENTS, "g_last": "previous_gradient"},
    "adafactor": {"m": "ema", "r": "v_row", "c": "v_col", "v": "v"},
    "sm3": {"m": "nu", **{f"mu_{axis}": f"mu/{axis}" for axis in range(4)}},
    "lbfgs": {"w": "params", "u": "updates"},
    "scale_by_lbfgs": {"w": "params", "u": "updates"},
    "clip": {},
    "clip_by_block_rms": {},
    "clip_by_global_norm": {},
    "adaptive_grad_clip": {},
    "normalize_by_update_norm": {},
    "centralize": {},
    "keep_params_nonnegative": {},
    "identity": {},
    "scale_by_sign": {},
    "scale": {},
    "scale_by_learning_rate": {},
    "add_decayed_weights": {},
    "trace": {"b": "trace"},
    "ema": {"m": "ema"},
    "apply_every": {"grad_acc": "grad_acc"},
    "scale_by_trust_ratio": {},
    "scale_by_param_block_norm": {},
    "scale_by_param_block_rms": {},
    "scale_by_distance_over_gradients": {
        "d": "max_dist",
        "s": "grad_sum_of_squares/0",
        "x_0": "init_params",
    },
    "scale_by_polyak": {},
    "polyak_sgd": {},
}
"""By alias, the name of each slot's field in the state of its transformation.

Of a field that holds several arrays for a parameter, or one in brackets, a number says which.
"""

_OWN_LINKS = {
    "adadelta": "adadelta",
    "adam": "adam",
    "adamax": "adamax",
    "adan": "adan",
    "amsgrad": "amsgrad",
    "belief": "adabelief",
    "factored_rms": "adafactor",
    "lion": "lion",
    "novograd": "novograd",
    "optimistic_gradient": "optimistic_gradient_descent",
    "radam": "radam",
    "rms": "rmsprop",
    "rprop": "rprop",
    "rss": "adagrad",
    "sm3": "sm3",
    "stddev": "rmsprop",
    "yogi": "yogi",
}
ALIASES |= {f"scale_by_{link}": ALIASES[alias] for link, alias in _OWN_LINKS.items()}

WRAPPERS: dict[str, Mapping[str, str]] = {
    "MultiSteps": {"acc_grads": "acc_grads"},
    "apply_if_finite": {},
    "lookahead": {},
    "chain": {},
    "masked": {},
}
"""The same for what wraps others, beside the slots of those."""

_RATES = range(1, 7)
"""The decay rates of Mechanic, of which there are six unless num_betas says so."""

CONTRIB: dict[str, Mapping[str, str]] = {
    "acprop": {"m": "mu", "s": "nu"},
    "ademamix": {"m_1": "m1", "m_2": "m2", "v": "nu"},
    "simplified_ademamix": {"m": "m", "v": "n"},
    "adopt": _MOMENTS,
    "cocob": {
        "w_1": "init_particles",
        "gain": "cumulative_gradients",
        "most": "scale",
        "total": "subgradients",
        "reward": "reward",
    },
    "madgrad": {"x_0": "x0", "s": "s", "nu": "grad_sum_sq"},
    "dog": {
        "x_0": "init_params",
        "max_dist": "max_dist",
        "sum_sq_norm_grads": "sum_sq_norm_grads",
    },
    "dowg": {
        "x_0": "init_params",
        "estim_sq_dist": "estim_sq_dist",
        "weighted_sq_norm_grads": "weighted_sq_norm_grads",
    },
    "prodigy": {**_ESTIMATING, "params0": "params0"},
    "dadapt_adamw": _ESTIMATING,
    "momo": {"m": "exp_avg", **_MODEL},
    "momo_adam": {"m": "exp_avg", "v": "exp_avg_sq", **_MODEL},
    "reduce_on_plateau": {"scale": "scale"},
    "sophia": {"m": "mu", "h": "nu"},
    "normalize": {},
    "muon": {"m": "mu", "v": "nu"},
    "scale_by_muon": {"m": "mu"},
    "schedule_free": {"z": "z", "weight_sum": "weight_sum", "max_lr": "max_lr"},
    "mechanize": {"x_0": "x0", **{f"{n}_{i}": f"{n}/{i - 1}" for n in "rmvs" for i in _RATES}},
    "sam": {"cache": "cache"},
    "schedule_free_sgd": {"z": "z", "weight_sum": "weight_sum", "max_lr": "max_lr"},
    "schedule_free_adamw": {"z": "z", "v": "nu", "weight_sum": "weight_sum", "max_lr": "max_lr"},
}
CONTRIB |= {
    f"scale_by_{link}": CONTRIB[link]
    for link in ("acprop", "ademamix", "adopt", "cocob", "madgrad", "simplified_ademamix")
}
"""The same for `optax.contrib`."""

SLOTS = {f"optax/{name}": slots for name, slots in {**ALIASES, **WRAPPERS}.items()}
SLOTS |= {f"optax.contrib/{name}": slots for name, slots in CONTRIB.items()}
"""By spec, the same."""

COUNTERS = ("count", "t", "step_count")
"""The fields that count steps."""

FIRST_STEPS = ("is_initial_step", "is_init_step")
"""The fields that say whether a step is the first."""

WIDE = {"*": "float64", "learning_rate.schedule": "float32", "decay_rate": "float32"}
"""Precisions with 64 bits. A schedule divides an int32 by an integer, which JAX makes a float32;
Adafactor takes the power of a step that it makes a float32 itself."""

OF_INTEGERS = {
    "optax.contrib/madgrad": ("learning_rate", "momentum", "weight_decay", "eps"),
    "optax.contrib/scale_by_madgrad": ("learning_rate", "momentum", "eps"),
}
"""The specs that take the root of a count, which is a float32, and their arguments."""

AS_ARRAYS = {
    "optax.contrib/muon": ("ns_coeffs",),
    "optax.contrib/scale_by_muon": ("ns_coeffs",),
    "optax.contrib/schedule_free": ("learning_rate", "weight_lr_power"),
    "optax.contrib/sophia": ("hessian_diagonal_fn",),
    "optax.contrib/reduce_on_plateau": ("value", "factor", "min_scale"),
    **dict.fromkeys(("optax/polyak_sgd", "optax/scale_by_polyak"), ("value",)),
    **dict.fromkeys(("optax.contrib/momo", "optax.contrib/momo_adam"), ("value",)),
}
"""The specs with arguments that are held in the type of the parameters, or meet what is."""

LOWEST = {"schedule_free_sgd", "schedule_free_adamw", "prodigy", "dadapt_adamw", "dog", "dowg"}
LOWEST |= {"schedule_free", "mechanize", "momo", "momo_adam", "reduce_on_plateau"}
"""Those of `optax.contrib` that keep a number made of their rate in the type of the parameters."""

DECLINING: dict[str, dict[str, Any]] = {
    "optax/scale_by_distance_over_gradients": {"scalars": False, "dtypes": ("float32",)},
    "optax/sm3": {"empties": False},
    "optax/scale_by_sm3": {"empties": False},
    "optax.contrib/muon": {"empties": False},
}
"""What some take not: a scalar is given back as a vector, and float64 kept in float32; there is no
largest of no elements, and Muon divides by the rows of a matrix."""


def held_in(spec: str, *, wide: bool = False) -> Callable[[str], Mapping[str, str] | None]:
    """Return the precision of hyperparameters: Python's floats, and powers of them in float32.

    Without ``jax_enable_x64``, ``b1**count`` is float32 at most; half types divide by it rounded.
    """
    exact = dict.fromkeys(OF_INTEGERS.get(spec, ()), "float64")
    whole = {**WIDE, **({"*": "float32"} if exact else {}), **exact}
    half = None if spec.partition("/")[2] in LOWEST else {"*": "float32"}
    as_arrays = AS_ARRAYS.get(spec, ())

    def hyper_dtype(dtype: str) -> Mapping[str, str] | None:
        held = whole if wide or dtype == "float64" else None if dtype == "float32" else half
        return held and {**held, **dict.fromkeys(as_arrays, dtype)}

    return hyper_dtype
