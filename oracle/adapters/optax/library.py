"""Optax and JAX, imported when they are first needed, or refused in one sentence."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from oracle.errors import ImplementationError


@dataclass(frozen=True)
class Libraries:
    """The two modules that the adapter drives."""

    optax: ModuleType
    jax: ModuleType

    def wide(self, on: bool) -> AbstractContextManager[None]:
        """Let float64 be float64, or not, as ``jax_enable_x64`` says, inside of a block."""
        scope: AbstractContextManager[None] = self.jax.enable_x64(on)
        return scope


@cache
def libraries() -> Libraries:
    """Import Optax and JAX, quietly, on the CPU unless the environment says otherwise."""
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        import jax
        import optax
    except ImportError as error:
        raise ImplementationError(
            f"Optax cannot be imported ({error}): "
            "install it with `pip install 'optimizer-oracle[optax]'`"
        ) from error
    return Libraries(optax, jax)
