"""Optax as an implementation under test: jitted, eager, and with 64 bits everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from oracle.adapters.optax.aliases import DECLINING, SLOTS, held_in
from oracle.adapters.optax.devices import DEVICES, on, operations
from oracle.adapters.optax.state import Array
from oracle.adapters.optax.transformation import PairRun, Run
from oracle.claim import Factory
from oracle.dtypes import DTYPES
from oracle.implementation import Implementation

NARROW = tuple(dtype for dtype in DTYPES if dtype != "float64")


def _factory(name: str, *, jit: bool, wide: bool = False) -> Factory:
    def factory(params: Sequence[Array], **hyper: Any) -> Run:
        whole = wide or any(p.dtype.name == "float64" for p in params)
        run = PairRun if name == "optax/lookahead" else Run
        return run(name, params, hyper, whole, jit)

    return factory


def _implementation(name: str, dtypes: tuple[str, ...]) -> Implementation:
    return Implementation(
        name,
        dtypes=dtypes,
        flushes_subnormals=True,
        operations=operations,
        known_failures=Path(__file__).with_name("known_failures.toml"),
        slow=True,
        schedules=True,
        devices={place: partial(on, place) for place in DEVICES},
        packages=("optax", "jax", "jaxlib"),
    )


optax = _implementation("optax", DTYPES)
optax_eager = _implementation("optax-eager", DTYPES)
optax_x64 = _implementation("optax-x64", NARROW)

for _spec in SLOTS:
    _how: dict[str, Any] = dict(DECLINING.get(_spec, {}))
    optax.implements(_spec, hyper_dtype=held_in(_spec), compiles=True, **_how)(
        _factory(_spec, jit=True)
    )
    optax_eager.implements(_spec, hyper_dtype=held_in(_spec), **_how)(_factory(_spec, jit=False))
    optax_x64.implements(
        _spec, hyper_dtype=held_in(_spec, wide=True), compiles=True, **{"dtypes": NARROW, **_how}
    )(_factory(_spec, jit=True, wide=True))
