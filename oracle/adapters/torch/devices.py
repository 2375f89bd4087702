"""Where PyTorch computes: on the CPU, or on an accelerator that it finds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from oracle.adapters.torch.library import library
from oracle.errors import ImplementationError

DEVICES = ("cpu", "cuda", "mps", "xpu")
"""What ``--impl-device`` may name, as PyTorch names it; AMD's are its ``cuda``, too."""


@contextmanager
def on(name: str) -> Iterator[None]:
    """Make every tensor on a device, as long as this lasts; raises `ImplementationError`."""
    torch = library()
    there = [kind for kind in DEVICES if kind == "cpu" or getattr(torch, kind).is_available()]
    if name not in there:
        raise ImplementationError(
            f"--impl-device={name}: PyTorch {torch.__version__} finds {', '.join(there)} here"
        )
    with torch.device(name):
        yield


def operations(dtype: str, device: str) -> str | None:
    """Return the platform of a device; what nobody has measured counts as exact."""
    return {"": "pytorch_cpu", "cpu": "pytorch_cpu", "cuda": "cuda"}.get(device)
