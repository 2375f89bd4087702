"""Steps that the tests of an adapter take: three parameters, each its own gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from oracle.claim import Claim
from oracle.dtypes import float_type
from oracle.specification.options import demanded
from oracle.specification.shapes import takes_shape
from oracle.systems import spec as find_spec


def arrays(dtype: str = "float32") -> list[np.ndarray]:
    kind = float_type(dtype).numpy
    return [np.array(values).astype(kind) for values in ([1.0, -2.0, 3.0], [[0.5, 0.25]], 1.5)]


def forms(values: list[Any]) -> list[tuple[tuple[int, ...], np.dtype[Any]]]:
    return [(value.shape, value.dtype) for value in values]


def stepped(claim: Claim, dtype: str, **hyper: Any) -> Any:
    """Return a run after a step, whose parameters have to be what they were, but for the values."""
    spec = find_spec(claim.spec)
    hyper = {**demanded(spec), **hyper}
    given = [a for a in arrays(dtype) if takes_shape(spec, a.shape)]
    run = claim.factory(given, **hyper)
    assert forms(run.step(given)) == forms(given)
    slots = spec.program(hyper).slots
    assert set(run.slots() if slots else ()) == set(slots)
    return run
