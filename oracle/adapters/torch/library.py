"""PyTorch, imported when it is first needed, or refused in one sentence."""

from __future__ import annotations

from functools import cache
from types import ModuleType

from oracle.errors import ImplementationError


@cache
def library() -> ModuleType:
    """Import PyTorch."""
    try:
        import torch
    except ImportError as error:
        raise ImplementationError(
            f"PyTorch cannot be imported ({error}): "
            "install it with `pip install 'optimizer-oracle[torch]'`"
        ) from error
    found: ModuleType = torch
    return found
