"""How a candidate says what it implements: the few lines that an author of an optimizer writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from oracle.claim import (
    Claim,
    Configured,
    Device,
    Factory,
    PrecisionDeclaration,
    YesNoDeclaration,
)
from oracle.errors import ImplementationError
from oracle.packages import versions_here

if TYPE_CHECKING:
    from oracle.operations import OperationsDeclaration


class Implementation:
    """An implementation under test: a name, and the specs that it claims.

    ``hyper_dtype`` is the precision in which it holds its hyperparameters, ``compute_dtype`` the
    one in which it computes (both default to the dtype of the case); each may be a dtype, a mapping
    from argument to dtype, or a function of the case's dtype. ``flushes_subnormals`` says that it
    takes numbers below the smallest normal one for 0, ``reciprocal_math`` that it is compiled by
    something which multiplies by the reciprocal of a hyperparameter, as XLA and
    ``-freciprocal-math`` do, so that 6 / 6 may not be 1. ``known_failures`` is a TOML file.

    ``operations`` is what the operations of a device lose, where they are not correctly rounded: an
    `oracle.operations.Operations`, the losses of one such as ``{"divide": ulp(2)}``, the name of a
    platform such as ``"cuda"``, a file that `oracle measure` wrote, or a function of the case's
    dtype and of the device that gives one of these.

    ``slow`` says that a step costs milliseconds: by default fewer random examples are tried then,
    and golden cases are run in float32 and one more dtype; ``--impl-profile=thorough`` runs all.

    ``schedules`` says that the learning rate may be a schedule, as the mapping that the library
    serializes it to; ``missing_gradients`` that a gradient may be None; ``sparse_gradients`` that
    it may be an `oracle.Sparse`. Cases with what is not declared are counted as not claimed.

    ``scalars=False`` says that no parameter may be of shape ``()``: such a one is given as an array
    of one element. ``empties=False`` says that none may be without elements: it is left out. The
    end of a run tells in how many checks that was so.

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
        flushes_subnormals: YesNoDeclaration = False,
        reciprocal_math: YesNoDeclaration = False,
        operations: OperationsDeclaration = None,
        known_failures: Path | None = None,
        slow: bool = False,
        schedules: bool = False,
        missing_gradients: bool = False,
        sparse_gradients: bool = False,
        scalars: bool = True,
        empties: bool = True,
        devices: Mapping[str, Device] | None = None,
        packages: Iterable[str] | Mapping[str, str | None] = (),
    ) -> None:
        self.name = name
        self.dtypes = tuple(dtypes)
        self.hyper_dtype = hyper_dtype
        self.compute_dtype = compute_dtype
        self.flushes_subnormals = flushes_subnormals
        self.reciprocal_math = reciprocal_math
        self.operations = operations
        self.known_failures = known_failures
        self.slow = slow
        self.schedules = schedules
        self.missing_gradients = missing_gradients
        self.sparse_gradients = sparse_gradients
        self.scalars = scalars
        self.empties = empties
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
        flushes_subnormals: YesNoDeclaration | None = None,
        reciprocal_math: YesNoDeclaration | None = None,
        operations: OperationsDeclaration = None,
        sparse_hyper_dtype: PrecisionDeclaration = None,
        sparse_gradients: bool | None = None,
        scalars: bool | None = None,
        empties: bool | None = None,
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
            takes_scalars = self.scalars if scalars is None else scalars
            takes_empties = self.empties if empties is None else empties
            claim = Claim(
                spec,
                mode,
                _shown_what_it_takes(factory, takes_scalars, takes_empties),
                self.dtypes if dtypes is None else tuple(dtypes),
                self.hyper_dtype if hyper_dtype is None else hyper_dtype,
                sparse_hyper_dtype,
                self.compute_dtype if compute_dtype is None else compute_dtype,
                flushes,
                self.reciprocal_math if reciprocal_math is None else reciprocal_math,
                self.schedules,
                self.missing_gradients,
                self.sparse_gradients if sparse_gradients is None else sparse_gradients,
                compiles,
                far,
                takes_scalars,
                takes_empties,
                self.operations if operations is None else operations,
            )
            self.claims.append(claim)
            return factory

        return register

    def looks_up(self, system: str) -> Callable[[Factory], Factory]:
        """Declare ``by_name(name, params) -> step``: look-up by name with default parameters."""

        def register(by_name: Factory) -> Factory:
            self.lookups[system] = _shown_what_it_takes(by_name, self.scalars, self.empties)
            return by_name

        return register

    def trains(
        self,
        spec: str,
        *,
        mode: str = "",
        dtypes: Sequence[str] | None = None,
        hyper_dtype: PrecisionDeclaration = None,
        compute_dtype: PrecisionDeclaration = None,
        flushes_subnormals: YesNoDeclaration | None = None,
        reciprocal_math: YesNoDeclaration | None = None,
        operations: OperationsDeclaration = None,
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
                reciprocal_math=(
                    self.reciprocal_math if reciprocal_math is None else reciprocal_math
                ),
                schedules=False,
                missing_gradients=False,
                sparse_gradients=False,
                compiles=True,
                operations=self.operations if operations is None else operations,
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


def _shown_what_it_takes(factory: Factory, scalars: bool, empties: bool) -> Factory:
    if scalars and empties:
        return factory
    from oracle.declining import declining

    return declining(factory, scalars=scalars, empties=empties)
