"""PyTorch as an implementation under test, in each way in which it computes a step."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from oracle.adapters.torch.averaged import AVERAGED, AveragedOptimizer
from oracle.adapters.torch.classes import CLASSES, FOREACH, SINGLE, held_in
from oracle.adapters.torch.clip import CLIPS, Clip, given_in
from oracle.adapters.torch.devices import DEVICES, on, operations
from oracle.adapters.torch.optimizer import CountingOptimizer, SparseOptimizer, TorchOptimizer
from oracle.adapters.torch.quasi_newton import LBFGS, QuasiNewton
from oracle.adapters.torch.scaled import SCALER, TAKEN, ScaledOptimizer
from oracle.adapters.torch.scheduled import HELD, SCHEDULERS, ScheduledOptimizer
from oracle.adapters.torch.tensors import Array
from oracle.claim import Factory
from oracle.dtypes import DTYPES
from oracle.implementation import Implementation

SYSTEM = "torch"

torch = Implementation(
    "torch",
    dtypes=DTYPES,
    operations=operations,
    known_failures=Path(__file__).with_name("known_failures.toml"),
    missing_gradients=True,
    devices={name: partial(on, name) for name in DEVICES},
    packages=("torch",),
)


def _factory(name: str, mode: str) -> Factory:
    row = CLASSES[name]
    plain = SparseOptimizer if row.sparse else TorchOptimizer
    kind = CountingOptimizer if row.counts else plain

    def factory(params: Sequence[Array], **hyper: Any) -> TorchOptimizer:
        return kind(name, mode, params, hyper)

    return factory


for _name, _row in CLASSES.items():
    for _mode in _row.modes:
        torch.implements(
            f"{SYSTEM}/{_name}",
            mode=_mode,
            hyper_dtype=held_in(_name, _mode),
            sparse_gradients=_row.sparse,
            empties=_row.empties,
        )(_factory(_name, _mode))


def _clip(name: str, mode: str) -> Factory:
    def factory(params: Sequence[Array], **hyper: Any) -> Clip:
        return Clip(name, mode, params, hyper)

    return factory


for _name in CLIPS:
    for _mode in (SINGLE, FOREACH):
        torch.implements(f"{SYSTEM}/{_name}", mode=_mode, hyper_dtype=given_in)(_clip(_name, _mode))


def _scheduled(name: str) -> Factory:
    def factory(params: Sequence[Array], **hyper: Any) -> ScheduledOptimizer:
        return ScheduledOptimizer(name, params, hyper)

    return factory


for _name in SCHEDULERS:
    torch.implements(f"{SYSTEM}/{_name}", hyper_dtype=HELD)(_scheduled(_name))


def _averaged(mode: str) -> Factory:
    def factory(params: Sequence[Array], **hyper: Any) -> AveragedOptimizer:
        return AveragedOptimizer(mode, params, hyper)

    return factory


for _mode in (SINGLE, FOREACH):
    torch.implements(f"{SYSTEM}/{AVERAGED}", mode=_mode, hyper_dtype=HELD)(_averaged(_mode))


@torch.implements(f"{SYSTEM}/{SCALER}", dtypes=TAKEN, hyper_dtype=HELD)
def _scaled(params: Sequence[Array], **hyper: Any) -> ScaledOptimizer:
    return ScaledOptimizer(params, hyper)


@torch.implements(f"{SYSTEM}/{LBFGS}", hyper_dtype=HELD)
def _lbfgs(params: Sequence[Array], **hyper: Any) -> QuasiNewton:
    return QuasiNewton(params, hyper)
