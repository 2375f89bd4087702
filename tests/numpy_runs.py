"""The candidate `numpy`, driven by plain numbers."""

from __future__ import annotations

import numpy as np

from oracle.adapters.numpy import numpy as candidate

CLAIMS = {claim.spec: claim for claim in candidate.claims}
KERAS_2 = [spec for spec in CLAIMS if spec.startswith("keras2/")]
KERAS_3 = [spec for spec in CLAIMS if spec.startswith("keras3/")]


def build(spec, params, **hyper):
    return CLAIMS[spec].factory([np.asarray(p) for p in params], **hyper)


def run(spec, params, grads, **hyper):
    """The parameters after each step."""
    optimizer = build(spec, params, **hyper)
    return [optimizer.step([g if g is None else np.asarray(g) for g in step]) for step in grads]


def last(spec, param, grads, **hyper):
    """One float64 parameter after its last step, as plain numbers."""
    return run(spec, [np.float64(param)], [[np.float64(g)] for g in grads], **hyper)[-1][0].tolist()
