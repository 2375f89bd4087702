"""optimizer-oracle: the exact answer for every optimizer step, and a bound on honest rounding.

The names below are the public interface. They are imported when first used, so that
``import oracle`` costs a user's pytest nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from oracle.errors import OracleError as OracleError
    from oracle.errors import UnsupportedError as UnsupportedError
    from oracle.implementation import Implementation as Implementation
    from oracle.sparse import Sparse as Sparse
    from oracle.specification.spec import Spec as Spec
    from oracle.systems import spec as spec
    from oracle.systems import specs as specs
    from oracle.trajectories import Trajectory as Trajectory
    from oracle.trajectories import trajectory as trajectory

__version__ = "0.1.0"

_HOMES = {
    "Implementation": "oracle.implementation",
    "OracleError": "oracle.errors",
    "Sparse": "oracle.sparse",
    "Spec": "oracle.specification.spec",
    "Trajectory": "oracle.trajectories",
    "UnsupportedError": "oracle.errors",
    "spec": "oracle.systems",
    "specs": "oracle.systems",
    "trajectory": "oracle.trajectories",
}

__all__ = [
    "Implementation",
    "OracleError",
    "Sparse",
    "Spec",
    "Trajectory",
    "UnsupportedError",
    "__version__",
    "spec",
    "specs",
    "trajectory",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'oracle' has no attribute {name!r}")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted(__all__)
