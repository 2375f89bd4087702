"""Keras 3 as an implementation under test: on TensorFlow, on JAX and on PyTorch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from oracle.adapters.keras import compilers
from oracle.adapters.keras.classes import CLASSES, CLIPS, PLATFORMS, flushes_subnormals, held_in
from oracle.adapters.keras.compiled import CompiledOptimizer, Pool, Run, signature
from oracle.adapters.keras.compilers import Compiler
from oracle.adapters.keras.constrained import ConstrainedOptimizer
from oracle.adapters.keras.hyperparameters import (
    construct,
    excluded,
    with_a_callable_rate,
    with_another_rate,
)
from oracle.adapters.keras.library import JAX, TENSORFLOW, TORCH, Backend, libraries
from oracle.adapters.keras.optimizer import KerasOptimizer
from oracle.adapters.keras.restored import RestoredOptimizer
from oracle.adapters.keras.slices import SlicedOptimizer
from oracle.adapters.keras.slots import Array
from oracle.adapters.keras.training import configurer, trainer, trainer_by_name
from oracle.claim import Factory
from oracle.dtypes import DTYPES
from oracle.implementation import Implementation

SYSTEM = "keras3"
POOL_SIZE = 32
"""How many different compiled optimizers are kept for the next run of the same case."""

TRAINED_IN = ("float32",)
"""A loss that is called by its name computes in floatx, whatever the model's dtype."""

RESTORED = ("SGD", "Adam", "Nadam", "Adafactor")
"""Those that are restored before every step: their state is of each of the kinds that there are."""

CONSTRAINED = ("SGD",)
"""That of which the variables have a constraint: what applies it is the same for all."""

EAGER_ON_JAX = ("SGD", "Adam")
"""What all classes share is seen on two. Each operation is compiled alone: that is no cheaper."""


def _eager(backend: Backend, name: str) -> Factory:
    def factory(params: Sequence[Array], **hyper: Any) -> KerasOptimizer:
        at = libraries(backend)
        return KerasOptimizer(at, construct(at.keras, name, hyper), params, excluded(hyper))

    return factory


def _sliced(name: str) -> Factory:
    def factory(params: Sequence[Array], **hyper: Any) -> SlicedOptimizer:
        at, clips = libraries(TENSORFLOW), any(hyper.get(clip) for clip in CLIPS)
        optimizer = construct(at.keras, name, hyper)
        return SlicedOptimizer(at, optimizer, params, excluded(hyper), clips=clips)

    return factory


def _constrained(backend: Backend, name: str) -> Factory:
    def factory(params: Sequence[Array], **hyper: Any) -> ConstrainedOptimizer:
        at = libraries(backend)
        optimizer = construct(at.keras, name, with_a_callable_rate(hyper))
        return ConstrainedOptimizer(at, optimizer, params, excluded(hyper))

    return factory


def _restored(backend: Backend, name: str) -> Factory:
    def factory(params: Sequence[Array], **hyper: Any) -> RestoredOptimizer:
        at = libraries(backend)
        optimizer, rate = with_another_rate(at.keras, name, hyper)
        return RestoredOptimizer(at, optimizer, rate, params, excluded(hyper))

    return factory


def _compiled(backend: Backend, name: str, compiler: Compiler) -> Factory:
    pool = Pool(POOL_SIZE)

    def factory(params: Sequence[Array], **hyper: Any) -> Run:
        def build() -> CompiledOptimizer:
            at = libraries(backend)
            optimizer = construct(at.keras, name, hyper)
            return CompiledOptimizer(at, optimizer, params, excluded(hyper), compiler=compiler)

        return pool.run(signature(name, params, hyper), params, build)

    return factory


def _found(backend: Backend, compiler: Compiler | None = None) -> Factory:
    """Return what ``keras.optimizers.get(name)`` gives, with the library's own defaults."""

    def by_name(name: str, params: Sequence[Array]) -> KerasOptimizer:
        at = libraries(backend)
        optimizer = at.keras.optimizers.get(name)
        if compiler is None:
            return KerasOptimizer(at, optimizer, params)
        return CompiledOptimizer(at, optimizer, params, compiler=compiler)

    return by_name


def _implementation(name: str, backend: Backend, known_failures: str) -> Implementation:
    return Implementation(
        name,
        dtypes=DTYPES,
        flushes_subnormals=flushes_subnormals(backend),
        operations=PLATFORMS.get(backend),
        known_failures=Path(__file__).with_name(known_failures),
        slow=True,
        schedules=True,
        missing_gradients=True,
        packages=("keras", backend.name),
    )


def _claim(
    implementation: Implementation,
    backend: Backend,
    compiler: Compiler | None = None,
    *,
    mode: str = "",
    names: Iterable[str] = CLASSES,
) -> None:
    """Claim classes, stepped as Keras' ``apply`` does it, or compiled."""
    for name in names:
        implementation.implements(
            f"{SYSTEM}/{name}",
            mode=mode,
            hyper_dtype=held_in(name, backend),
            reciprocal_math=compiler in compilers.BY_XLA,
            compiles=compiler is not None or backend is JAX,
        )(_eager(backend, name) if compiler is None else _compiled(backend, name, compiler))


def _claim_around(
    implementation: Implementation, backend: Backend, compiler: Compiler | None = None
) -> None:
    """Claim what is around a step: look-up by name, configurations, and the training of a model.

    And that optimizers go on where they are restored, and that variables are constrained: both
    are as slow as what is compiled.
    """
    around = [("restored", name, _restored(backend, name)) for name in RESTORED]
    around += [("constrained", name, _constrained(backend, name)) for name in CONSTRAINED]
    for mode, name, factory in around:
        implementation.implements(
            f"{SYSTEM}/{name}", mode=mode, hyper_dtype=held_in(name, backend), compiles=True
        )(factory)
    implementation.looks_up(SYSTEM)(_found(backend, compiler))
    implementation.configures(SYSTEM)(configurer(backend))
    implementation.trains_by_name(SYSTEM)(trainer_by_name(backend))
    for name in CLASSES:
        implementation.trains(
            f"{SYSTEM}/{name}", dtypes=TRAINED_IN, reciprocal_math=backend is JAX
        )(trainer(backend, name))


keras = _implementation("keras", TENSORFLOW, "known_failures.toml")
_claim(keras, TENSORFLOW)
_claim(keras, TENSORFLOW, compilers.graph, mode="function")
_claim_around(keras, TENSORFLOW)
for _name in (name for name, row in CLASSES.items() if row.wraps is None):
    keras.implements(
        f"{SYSTEM}/{_name}", mode="sliced", hyper_dtype=held_in(_name, TENSORFLOW), compiles=True
    )(_sliced(_name))

keras_xla = _implementation("keras-xla", TENSORFLOW, "known_failures_xla.toml")
_claim(keras_xla, TENSORFLOW, compilers.xla)
keras_xla.looks_up(SYSTEM)(_found(TENSORFLOW, compilers.xla))

keras_jax = _implementation("keras-jax", JAX, "known_failures_jax.toml")
_claim(keras_jax, JAX, compilers.stateless)
_claim(keras_jax, JAX, mode="eager", names=EAGER_ON_JAX)
_claim_around(keras_jax, JAX, compilers.stateless)

keras_torch = _implementation("keras-torch", TORCH, "known_failures_torch.toml")
_claim(keras_torch, TORCH)
_claim_around(keras_torch, TORCH)
