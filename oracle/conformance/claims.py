"""Whether a claim can be judged at all: its spec, its dtypes and arguments, its precision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

import oracle
from oracle.claim import Claim, DtypeDeclaration
from oracle.dtypes import float_type
from oracle.errors import ImplementationError, OracleError
from oracle.truth import Array


def check_claim(claim: Claim, name: str) -> None:
    """Refuse what cannot be judged, in the name of the candidate.

    Raises `ImplementationError`, which says what there is instead.
    """
    try:
        if oracle.spec(claim.spec).id != claim.spec:
            raise ImplementationError(
                f"the spec {claim.spec!r} is claimed by an alias; "
                f"its id is {oracle.spec(claim.spec).id}"
            )
        for dtype in claim.dtypes:
            float_type(dtype)
            for sparse in (False, True):
                precision = claim.precision(dtype, sparse=sparse)
                _check_dtypes("hyper_dtype", claim.spec, precision.hyper_dtype)
                _check_dtypes("compute_dtype", claim.spec, precision.compute_dtype)
                _check_names(claim.spec, precision.hyper_dtype)
        for argument in sorted(claim.required - set(oracle.spec(claim.spec).arguments)):
            raise ImplementationError(
                f"the factory for {claim.spec} requires {argument!r}, which the library does not "
                f"have; it has {', '.join(oracle.spec(claim.spec).arguments)}"
            )
    except OracleError as error:
        raise ImplementationError(f"{name} claims what cannot be judged: {error}") from error


def declined(claim: Claim, params: Sequence[Array]) -> set[str]:
    """Return by which options a claim declines some of the parameters: see `oracle.declining`."""
    asked = {
        "scalars": any(np.shape(p) == () for p in params),
        "empties": not all(np.size(p) for p in params),
    }
    return {option for option, there in asked.items() if there and not getattr(claim, option)}


def _check_names(spec: str, declared: DtypeDeclaration) -> None:
    """Refuse precisions of what is no argument."""
    named = [*declared] if isinstance(declared, Mapping) else []
    known = _arguments_of_all() | {"*"}
    for name in (name for name in named if known.isdisjoint(name.split("."))):
        raise ImplementationError(
            f"hyper_dtype of {spec} names {name!r}, which no spec has; it has "
            f"{', '.join(oracle.spec(spec).arguments)}, and '*' stands for all others"
        )


@cache
def _arguments_of_all() -> frozenset[str]:
    """Return the arguments of all specs, and the numbers made of them, for one declaration."""
    every = map(oracle.spec, oracle.specs())
    return frozenset(name for spec in every for name in (*spec.arguments, *spec.derived))


def _check_dtypes(option: str, spec: str, declared: DtypeDeclaration) -> None:
    kinds = declared.values() if isinstance(declared, Mapping) else (declared,)
    for kind in kinds:
        if kind is not None:
            try:
                float_type(kind if isinstance(kind, str) else repr(kind))
            except OracleError as error:
                raise ImplementationError(f"{option} of {spec}: {error}") from error
