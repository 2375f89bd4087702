"""How a candidate says what it implements: the few lines that an author of an optimizer writes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

from oracle.errors import ImplementationError
from oracle.packages import versions_here

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

FlushDeclaration: TypeAlias = "bool | Callable[[str], bool]"
"""One answer, or a function of the case's dtype."""


Device: TypeAlias = Callable[[], AbstractContextManager[Any]]


@dataclass(frozen=True)
class Precision:
    """The arithmetic that a candidate declares for a dtype; the error bound follows from it."""

    dtype: str
    hyper_dtype: str | Mapping[str, str] | None = None
    compute_dtype: str | None = None
    flushes_subnormals: bool = False


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
    flushes_subnormals: FlushDeclaration
    schedules: bool
    missing_gradients: bool
    sparse_gradients: bool
    compiles: bool
    far: bool = False

    def precision(self, dtype: str, *, sparse: bool = False) -> Precision:
        """Return the declared arithmetic for a case in ``dtype``, with sparse gradients or none."""
        compute = _resolve(self.compute_dtype, dtype)
        if isinstance(compute, Mapping):
            raise ImplementationError(
                f"{self.spec}: compute_dtype is a mapping; give one dtype, such as 'float32'"
            )
        declared = self.sparse_hyper_dtype if sparse else None
        hyper = _resolve(self.hyper_dtype if declared is None else declared, dtype)
        flushes = self.flushes_subnormals
        return Precision(dtype, hyper, compute, flushes(dtype) if callable(flushes) else flushes)

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


class Implementation:
    """An implementation under test: a name, and the specs that it claims.

    ``hyper_dtype`` is the precision in which it holds its hyperparameters, ``compute_dtype`` the
    one in which it computes (both default to the dtype of the case); each may be a dtype, a mapping
    from argument to dtype, or a function of the case's dtype. ``known_failures`` is a TOML file.
    ``slow`` says that a step costs milliseconds: by default fewer random examples are tried then,
    and golden cases are run in float32 and one more dtype; ``--impl-profile=thorough`` runs all.

    ``schedules`` says that the learning rate may be a schedule, as the mapping that the library
    serializes it to; ``missing_gradients`` that a gradient may be None; ``sparse_gradients`` that
    it may be an `oracle.Sparse`. Cases with what is not declared are counted as not claimed.

    ``devices`` has a context manager for each device that ``--impl-device`` may name; the candidate
    is built and run inside of it. It raises `ImplementationError` where the device is missing.

    ``packages`` names what is judged, as it is installed, such as ``("keras", "tensorflow")``; for
    what is in another environment it maps each name to its version. Headers of runs and of reports
    tell the versions, and known failures may be bound to some of them.
    """

    def __init__(
        self,
        name: str,
        *,
        dtypes: Sequence[str] = ("float32", "float64"),
        hyper_dtype: PrecisionDeclaration = None,
        compute_dtype: PrecisionDeclaration = None,
        flushes_subnormals: FlushDeclaration = False,
        known_failures: Path | None = None,
        slow: bool = False,
        schedules: bool = False,
        missing_gradients: bool = False,
        sparse_gradients: bool = False,
        devices: Mapping[str, Device] | None = None,
        packages: Iterable[str] | Mapping[str, str | None] = (),
    ) -> None:
        self.name = name
        self.dtypes = tuple(dtypes)
        self.hyper_dtype = hyper_dtype
        self.compute_dtype = compute_dtype
        self.flushes_subnormals = flushes_subnormals
        self.known_failures = known_failures
        self.slow = slow
        self.schedules = schedules
        self.missing_gradients = missing_gradients
        self.sparse_gradients = sparse_gradients
        self.devices = dict(devices or {})
        self.versions = dict(packages) if isinstance(packages, Mapping) else versions_here(packages)
        """By package; None where it is not installed."""
        self.claims: list[Claim] = []
        self.lookups: dict[str, Factory] = {}
        self.trainers: list[Claim] = []
        self.trainers_by_name: dict[tuple[str, str], Factory] = {}
        """By system and mode."""
        self.configurations: dict[str, Configured] = {}

    def implements(
        self,
        spec: str,
        *,
        mode: str = "",
        dtypes: Sequence[str] | None = None,
        hyper_dtype: PrecisionDeclaration = None,
        compute_dtype: PrecisionDeclaration = None,
        flushes_subnormals: FlushDeclaration | None = None,
        sparse_hyper_dtype: PrecisionDeclaration = None,
        sparse_gradients: bool | None = None,
        compiles: bool = False,
        far: bool = False,
    ) -> Callable[[Factory], Factory]:
        """Claim ``spec`` with the decorated factory; what is left out is the implementation's.

        ``sparse_hyper_dtype`` stands in for ``hyper_dtype`` in runs with sparse gradients.

        ``compiles`` says that each new choice of hyperparameters is compiled first: by default its
        checks are then shared out over the dtypes, each in one of them, where
        ``--impl-profile=thorough`` runs each in all.

        ``far`` says that it steps in another process, in one go: what only arrays and optimizers
        side by side in one process can show is then not asked.
        """
        if any((claim.spec, claim.mode) == (spec, mode) for claim in self.claims):
            raise ImplementationError(
                f"{self.name} claims {spec} twice; give the second claim a mode of its own"
            )

        def register(factory: Factory) -> Factory:
            flushes = self.flushes_subnormals if flushes_subnormals is None else flushes_subnormals
            claim = Claim(
                spec,
                mode,
                factory,
                self.dtypes if dtypes is None else tuple(dtypes),
                self.hyper_dtype if hyper_dtype is None else hyper_dtype,
                sparse_hyper_dtype,
                self.compute_dtype if compute_dtype is None else compute_dtype,
                flushes,
                self.schedules,
                self.missing_gradients,
                self.sparse_gradients if sparse_gradients is None else sparse_gradients,
                compiles,
                far,
            )
            self.claims.append(claim)
            return factory

        return register

    def looks_up(self, system: str) -> Callable[[Factory], Factory]:
        """Declare ``by_name(name, params) -> step``: look-up by name with default parameters."""

        def register(factory: Factory) -> Factory:
            self.lookups[system] = factory
            return factory

        return register

    def trains(
        self,
        spec: str,
        *,
        mode: str = "",
        dtypes: Sequence[str] | None = None,
        hyper_dtype: PrecisionDeclaration = None,
        compute_dtype: PrecisionDeclaration = None,
        flushes_subnormals: FlushDeclaration | None = None,
    ) -> Callable[[Factory], Factory]:
        """Declare ``factory(weights, **hyper) -> train_on_batch``: ``spec`` trains a whole model.

        The model is that of `oracle.training`, its weights the kernel and the bias of the dense
        layer. ``train_on_batch(x, y)`` takes a step and returns the new weights as a list.
        """

        def register(factory: Factory) -> Factory:
            flushes = self.flushes_subnormals if flushes_subnormals is None else flushes_subnormals
            claim = Claim(
                spec=spec,
                mode=mode,
                factory=factory,
                dtypes=self.dtypes if dtypes is None else tuple(dtypes),
                hyper_dtype=self.hyper_dtype if hyper_dtype is None else hyper_dtype,
                sparse_hyper_dtype=None,
                compute_dtype=self.compute_dtype if compute_dtype is None else compute_dtype,
                flushes_subnormals=flushes,
                schedules=False,
                missing_gradients=False,
                sparse_gradients=False,
                compiles=True,
            )
            self.trainers.append(claim)
            return factory

        return register

    def trains_by_name(self, system: str, *, mode: str = "") -> Callable[[Factory], Factory]:
        """Declare ``by_name(name, weights) -> train_on_batch``, with the defaults of that name."""

        def register(factory: Factory) -> Factory:
            self.trainers_by_name[system, mode] = factory
            return factory

        return register

    def configures(self, system: str) -> Callable[[Configured], Configured]:
        """Declare ``configured(way, name, hyper) -> (class name, configuration)``.

        The way in which the optimizer comes about is ``constructor`` (from ``hyper``), ``config``
        (that one's configuration back through ``from_config``), ``serialization`` (the same through
        ``serialize`` and ``deserialize``) or ``name`` (looked up). It raises for an unknown name.
        """

        def register(configured: Configured) -> Configured:
            self.configurations[system] = configured
            return configured

        return register

    def __repr__(self) -> str:
        return f"Implementation({self.name!r}, {len(self.claims)} claims)"


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
