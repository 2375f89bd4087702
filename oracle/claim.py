"""What an implementation claims: a spec, its factory, and the arithmetic that it declares."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from oracle.errors import ImplementationError

if TYPE_CHECKING:
    from oracle.operations import Operations, OperationsDeclaration

Factory: TypeAlias = Callable[..., Any]
"""``factory(params, **hyper)`` returns ``step(grads) -> new params`` or an object with ``step``.

Such an object may show its ``slots()``, by name one array for each parameter, and may offer
``set_step(n)``, which sets its own counter ahead to what it is after n steps, and no slot: late
steps are then judged at once.
"""

Configured: TypeAlias = Callable[[str, str, Mapping[str, Any]], tuple[str, Mapping[str, Any]]]
"""``configured(way, name, hyper)`` returns the name of a class and its configuration."""

DtypeDeclaration: TypeAlias = "str | Mapping[str, str] | None"
"""One dtype, or one for each argument, or None for the dtype of the case."""

PrecisionDeclaration: TypeAlias = "DtypeDeclaration | Callable[[str], DtypeDeclaration]"

YesNoDeclaration: TypeAlias = "bool | Callable[[str], bool]"
"""One answer, or a function of the case's dtype."""


Device: TypeAlias = Callable[[], AbstractContextManager[Any]]


@dataclass(frozen=True)
class Precision:
    """The arithmetic that a candidate declares for a dtype; the error bound follows from it."""

    dtype: str
    hyper_dtype: str | Mapping[str, str] | None = None
    compute_dtype: str | None = None
    flushes_subnormals: bool = False
    reciprocal_math: bool = False
    operations: Operations | None = None

    @property
    def options(self) -> dict[str, Any]:
        """What `Model.declared`, `Trajectory.bounds` and all that compute a bound take by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True)
class Claim:
    """One spec that an implementation claims to implement, and the factory that builds it."""

    spec: str
    mode: str
    factory: Factory
    dtypes: tuple[str, ...]
    hyper_dtype: PrecisionDeclaration
    sparse_hyper_dtype: PrecisionDeclaration
    compute_dtype: PrecisionDeclaration
    flushes_subnormals: YesNoDeclaration
    reciprocal_math: YesNoDeclaration
    schedules: bool
    missing_gradients: bool
    sparse_gradients: bool
    compiles: bool
    far: bool = False
    scalars: bool = True
    empties: bool = True
    operations: OperationsDeclaration = None
    device: str = ""
    """Where it runs, of the implementation's devices; empty for its own choice."""

    def precision(self, dtype: str, *, sparse: bool = False) -> Precision:
        """Return the declared arithmetic for a case in ``dtype``, with sparse gradients or none."""
        compute = _resolve(self.compute_dtype, dtype)
        if isinstance(compute, Mapping):
            raise ImplementationError(
                f"{self.spec}: compute_dtype is a mapping; give one dtype, such as 'float32'"
            )
        declared = self.sparse_hyper_dtype if sparse else None
        hyper = _resolve(self.hyper_dtype if declared is None else declared, dtype)
        flushes = _answer(self.flushes_subnormals, dtype)
        reciprocal = _answer(self.reciprocal_math, dtype)
        return Precision(dtype, hyper, compute, flushes, reciprocal, self._operations(dtype))

    def _operations(self, dtype: str) -> Operations | None:
        if self.operations is None:
            return None
        from oracle.platforms import stated_by

        return stated_by(self.operations, dtype, self.device)

    def takes(self, argument: str) -> bool:
        """Whether the factory's signature accepts the hyperparameter called ``argument``."""
        return argument in self._keywords or self._takes_everything

    @property
    def required(self) -> frozenset[str]:
        """The hyperparameters that the factory's signature gives no default for."""
        empty = inspect.Parameter.empty
        return frozenset(name for name, p in self._keywords.items() if p.default is empty)

    @property
    def defaults(self) -> dict[str, Any]:
        """The values that the factory's signature gives hyperparameters which are left out."""
        empty = inspect.Parameter.empty
        return {name: p.default for name, p in self._keywords.items() if p.default is not empty}

    @cached_property
    def _keywords(self) -> dict[str, inspect.Parameter]:
        kinds = (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        parameters = list(inspect.signature(self.factory).parameters.values())[1:]
        return {p.name: p for p in parameters if p.kind in kinds}

    @cached_property
    def _takes_everything(self) -> bool:
        parameters = inspect.signature(self.factory).parameters.values()
        return any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters)


def _answer(declaration: YesNoDeclaration, dtype: str) -> bool:
    return declaration(dtype) if callable(declaration) else declaration


def _resolve(declaration: PrecisionDeclaration, dtype: str) -> Any:
    if not callable(declaration):
        return declaration
    try:
        return declaration(dtype)
    except Exception as error:
        raise ImplementationError(
            f"{declaration!r}, which is to say a precision for {dtype!r}, fails: {error}; give a "
            "name such as 'float32', a mapping from argument to name, or a function that gives one"
        ) from error
