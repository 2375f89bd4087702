"""Keras 3 on TensorFlow as an implementation under test: eager, as a tf.function, and under XLA."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from oracle.adapters.keras.classes import CLASSES, flushes_subnormals, held_in
from oracle.adapters.keras.compiled import CompiledOptimizer, Pool, Run, signature
from oracle.adapters.keras.hyperparameters import construct, excluded
from oracle.adapters.keras.library import libraries
from oracle.adapters.keras.optimizer import KerasOptimizer
from oracle.adapters.keras.slots import Array
from oracle.adapters.keras.training import configured, trainer, trainer_by_name
from oracle.claim import Factory
from oracle.dtypes import DTYPES
from oracle.implementation import Implementation

SYSTEM = "keras3"
POOL_SIZE = 32
"""How many different traced optimizers are kept for the next run of the same case."""

TRAINED_IN = ("float32",)
"""A loss that is called by its name computes in floatx, whatever the model's dtype."""


def _eager(name: str) -> Factory:
    def factory(params: Sequence[Array], **hyper: Any) -> KerasOptimizer:
        return KerasOptimizer(construct(name, hyper), params, excluded(hyper))

    return factory


def _compiled(name: str, *, jit: bool) -> Factory:
    pool = Pool(POOL_SIZE)

    def factory(params: Sequence[Array], **hyper: Any) -> Run:
        def build() -> CompiledOptimizer:
            return CompiledOptimizer(construct(name, hyper), params, excluded(hyper), jit=jit)

        return pool.run(signature(name, params, hyper), params, build)

    return factory


def _implementation(name: str, known_failures: str, *, xla: bool = False) -> Implementation:
    return Implementation(
        name,
        dtypes=DTYPES,
        flushes_subnormals=flushes_subnormals,
        reciprocal_math=xla,
        known_failures=Path(__file__).with_name(known_failures),
        slow=True,
        schedules=True,
        missing_gradients=True,
        packages=("keras", "tensorflow"),
    )


keras = _implementation("keras", "known_failures.toml")
keras_xla = _implementation("keras-xla", "known_failures_xla.toml", xla=True)

for _name in CLASSES:
    _spec = f"{SYSTEM}/{_name}"
    keras.implements(_spec, hyper_dtype=held_in(_name))(_eager(_name))
    keras.implements(_spec, mode="function", hyper_dtype=held_in(_name), compiles=True)(
        _compiled(_name, jit=False)
    )
    keras.trains(_spec, dtypes=TRAINED_IN)(trainer(_name))
    keras_xla.implements(_spec, hyper_dtype=held_in(_name), compiles=True)(
        _compiled(_name, jit=True)
    )

keras.trains_by_name(SYSTEM)(trainer_by_name)
keras.configures(SYSTEM)(configured)


@keras.looks_up(SYSTEM)
def look_up(name: str, params: Sequence[Array]) -> KerasOptimizer:
    """Return what ``keras.optimizers.get(name)`` gives, with the library's own defaults."""
    return KerasOptimizer(libraries().keras.optimizers.get(name), params)


@keras_xla.looks_up(SYSTEM)
def look_up_compiled(name: str, params: Sequence[Array]) -> CompiledOptimizer:
    """Return the same, compiled by XLA."""
    return CompiledOptimizer(libraries().keras.optimizers.get(name), params, jit=True)
