"""optimizer-oracle: the exact answer for every optimizer step, and a bound on honest rounding.

The names below are the public interface. They are imported when first used, so that
``import oracle`` costs a user's pytest nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from oracle import domains as domains
    from oracle.errors import OracleError as OracleError
    from oracle.errors import SpecError as SpecError
    from oracle.errors import UnsupportedError as UnsupportedError
    from oracle.implementation import Implementation as Implementation
    from oracle.rules.rule import Rule as Rule
    from oracle.rules.rule import Slot as Slot
    from oracle.rules.rule import at_parameter as at_parameter
    from oracle.rules.rule import filled_with as filled_with
    from oracle.rules.rule import of_columns as of_columns
    from oracle.rules.rule import of_rows as of_rows
    from oracle.rules.rule import rule as rule
    from oracle.rules.rule import scalar_one as scalar_one
    from oracle.rules.rule import zeros as zeros
    from oracle.sparse import Sparse as Sparse
    from oracle.specification.given import given as given
    from oracle.specification.given import per_step as per_step
    from oracle.specification.own import chain as chain
    from oracle.specification.spec import REQUIRED as REQUIRED
    from oracle.specification.spec import Argument as Argument
    from oracle.specification.spec import Spec as Spec
    from oracle.specification.step import Step as Step
    from oracle.specification.transformation import Transformation as Transformation
    from oracle.specification.transformation import transformation as transformation
    from oracle.systems import spec as spec
    from oracle.systems import specs as specs
    from oracle.systems.own import define as define
    from oracle.trajectories import Trajectory as Trajectory
    from oracle.trajectories import trajectory as trajectory

__version__ = "0.1.0"

_HOMES = {
    "Argument": "oracle.specification.spec",
    "Implementation": "oracle.implementation",
    "OracleError": "oracle.errors",
    "REQUIRED": "oracle.specification.spec",
    "Rule": "oracle.rules.rule",
    "Slot": "oracle.rules.rule",
    "Sparse": "oracle.sparse",
    "Spec": "oracle.specification.spec",
    "SpecError": "oracle.errors",
    "Step": "oracle.specification.step",
    "Trajectory": "oracle.trajectories",
    "Transformation": "oracle.specification.transformation",
    "UnsupportedError": "oracle.errors",
    "at_parameter": "oracle.rules.rule",
    "chain": "oracle.specification.own",
    "define": "oracle.systems.own",
    "filled_with": "oracle.rules.rule",
    "given": "oracle.specification.given",
    "of_columns": "oracle.rules.rule",
    "of_rows": "oracle.rules.rule",
    "per_step": "oracle.specification.given",
    "rule": "oracle.rules.rule",
    "scalar_one": "oracle.rules.rule",
    "spec": "oracle.systems",
    "specs": "oracle.systems",
    "trajectory": "oracle.trajectories",
    "transformation": "oracle.specification.transformation",
    "zeros": "oracle.rules.rule",
}
"""Where the names are from; `domains` is a module."""

__all__ = [
    "REQUIRED",
    "Argument",
    "Implementation",
    "OracleError",
    "Rule",
    "Slot",
    "Sparse",
    "Spec",
    "SpecError",
    "Step",
    "Trajectory",
    "Transformation",
    "UnsupportedError",
    "__version__",
    "at_parameter",
    "chain",
    "define",
    "domains",
    "filled_with",
    "given",
    "of_columns",
    "of_rows",
    "per_step",
    "rule",
    "scalar_one",
    "spec",
    "specs",
    "trajectory",
    "transformation",
    "zeros",
]


def __getattr__(name: str) -> Any:
    if name == "domains":
        return import_module("oracle.domains")
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'oracle' has no attribute {name!r}")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted(__all__)
