"""Where JAX computes: on the CPU, or on an accelerator that it finds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from oracle.adapters.optax.library import libraries
from oracle.errors import ImplementationError

DEVICES = ("cpu", "gpu", "tpu")
"""What ``--impl-device`` may name, as JAX names it."""


@contextmanager
def on(name: str) -> Iterator[None]:
    """Compute on a device, as long as this lasts; raises `ImplementationError`.

    JAX is left the choice among its platforms, which otherwise is the CPU alone.
    """
    if name != "cpu":
        os.environ.setdefault("JAX_PLATFORMS", "")
    jax = libraries().jax
    try:
        devices = jax.devices(name)
    except RuntimeError as error:
        there = ", ".join(dict.fromkeys(device.platform for device in jax.devices()))
        raise ImplementationError(
            f"--impl-device={name}: JAX {jax.__version__} finds {there} here; "
            f"JAX_PLATFORMS is {os.environ.get('JAX_PLATFORMS') or 'not set'}"
        ) from error
    with jax.default_device(devices[0]):
        yield


def operations(dtype: str, device: str) -> str | None:
    """Return the platform of a device; what nobody has measured counts as exact."""
    return {"": "xla_cpu", "cpu": "xla_cpu", "gpu": "xla_gpu"}.get(device)
