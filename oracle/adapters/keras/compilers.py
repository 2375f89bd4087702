"""How each backend compiles the step of a Keras optimizer, as Keras' own trainer has it done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from oracle.adapters.keras.library import Libraries

Apply: TypeAlias = Callable[[list[Any]], None]
"""Takes gradients, and leaves the new values in the variables."""

Compiler: TypeAlias = Callable[[Libraries, Any, Sequence[Any]], Apply]
"""Makes that of an optimizer, which is built, and of the variables that it moves."""


def graph(at: Libraries, optimizer: Any, variables: Sequence[Any], *, jit: bool = False) -> Apply:
    """Trace ``apply`` as a ``tf.function``."""

    def step(grads: list[Any]) -> None:
        optimizer.apply(grads, variables)

    apply: Apply = at.native.function(step, jit_compile=jit, autograph=False)
    return apply


def xla(at: Libraries, optimizer: Any, variables: Sequence[Any]) -> Apply:
    """Have the graph compiled by XLA."""
    return graph(at, optimizer, variables, jit=True)


def stateless(at: Libraries, optimizer: Any, variables: Sequence[Any]) -> Apply:
    """Compile ``stateless_apply`` with ``jax.jit``; the old values are given up to the new ones."""
    step = at.native.jit(optimizer.stateless_apply, donate_argnums=(0, 2))

    def apply(grads: list[Any]) -> None:
        state = optimizer.variables
        old = [v.value for v in state], grads, [v.value for v in variables]
        new_params, new_state = step(*old)
        for variable, value in zip([*variables, *state], [*new_params, *new_state], strict=True):
            variable.assign(value)

    return apply


BY_XLA: tuple[Compiler | None, ...] = (xla, stateless)
"""What multiplies by the reciprocal of a hyperparameter instead of dividing by it."""
