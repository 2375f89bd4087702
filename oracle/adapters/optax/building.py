"""Gradient transformations of Optax, made of the hyperparameters of a case."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from oracle.adapters.optax.library import libraries
from oracle.errors import UnsupportedError

MASKS = ("mask", "weight_decay_mask", "trust_ratio_mask")
GIVEN = {"value": "value", "hessian_diagonal_fn": "factor"}
"""The arguments of a run that an update is given at each step, by their names there."""
OPTIMIZERS = ("opt", "inner", "fast_optimizer", "base_optimizer", "optimizer", "adv_optimizer")
HALF = ("float16", "bfloat16")
COMPILED = 256
"""How many choices of hyperparameters keep their transformation, and its compiled step."""


@lru_cache(maxsize=COMPILED)
def built(spec: str, hyper: str, count: int, dtype: str) -> Any:
    """Return the transformation of a spec, once for each choice of hyperparameters, as JSON.

    ``count`` is the number of parameters, ``dtype`` theirs.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            return _made(spec, json.loads(hyper), count, dtype)
        except ValueError as refusal:
            raise UnsupportedError(f"{spec} refuses: {refusal}") from refusal


@lru_cache(maxsize=COMPILED)
def compiled(update: Callable[..., Any]) -> Callable[..., Any]:
    """Return an update under ``jax.jit``."""
    jitted: Callable[..., Any] = libraries().jax.jit(update)
    return jitted


def _made(spec: str, hyper: Mapping[str, Any], count: int, dtype: str) -> Any:
    module, _, name = spec.partition("/")
    optax = libraries().optax
    if name == "chain":
        return optax.chain(*(_inner(one, count, dtype) for one in hyper["args"]))
    arguments = {key: _converted(key, value, count, dtype) for key, value in hyper.items()}
    if name == "MultiSteps":
        wide = {"accumulator_dtype": dtype} if dtype == "float64" else {}
        return optax.MultiSteps(**arguments, **wide).gradient_transformation()
    if name == "adafactor" and dtype == "float64":
        arguments["dtype_momentum"] = dtype
    if hyper.get("preconditioning") == "spectral" and dtype in HALF:
        raise UnsupportedError(f"{spec}: JAX has no singular values in {dtype}")
    if name == "scale_by_muon":
        arguments["weight_dimension_numbers"] = [optax.contrib.MuonDimensionNumbers()] * count
    function = getattr(optax.contrib if module == "optax.contrib" else optax, name)
    return function(**arguments)


def _inner(serialized: Mapping[str, Any], count: int, dtype: str) -> Any:
    """Return the transformation of a class's name and its arguments."""
    name = serialized["class_name"]
    module = "optax" if hasattr(libraries().optax, name) else "optax.contrib"
    return _made(f"{module}/{name}", serialized["config"], count, dtype)


def _converted(name: str, value: Any, count: int, dtype: str) -> Any:
    """Indices of parameters become yes and no for each, what is serialized what it stands for."""
    if name in MASKS and isinstance(value, list):
        return [index in value for index in range(count)]
    if name in OPTIMIZERS:
        return _inner(value, count, dtype)
    if name == "hessian_diagonal_fn":
        return _multiple_of_the_gradient()
    if name == "should_skip_update_fn" and value is not None:
        return getattr(libraries().optax, value)
    return _schedule(value) if isinstance(value, Mapping) else value


def _multiple_of_the_gradient() -> Any:
    """Return an estimator of a Hessian's diagonal: the gradient times a factor that it is given."""

    def update(updates: Any, state: Any, params: Any, *, factor: Any) -> tuple[Any, Any]:
        return libraries().jax.tree.map(lambda g: factor * g, updates), state

    return libraries().optax.GradientTransformationExtraArgs(lambda params: (), update)


def _schedule(serialized: Mapping[str, Any]) -> Any:
    """Return the schedule that ``optax.<class_name>`` makes of its arguments."""
    config = dict(serialized["config"])
    for name in config:
        if name == "boundaries_and_scales" and config[name]:
            config[name] = {int(step): scale for step, scale in config[name].items()}
        if name == "schedules":
            config[name] = [_schedule(one) for one in config[name]]
    return getattr(libraries().optax, serialized["class_name"])(**config)
