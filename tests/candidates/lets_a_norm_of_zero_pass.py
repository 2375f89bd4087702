"""Clips by a common norm and passes what is within it: where norm and threshold are 0 as well."""

import numpy as np

from oracle import Implementation

candidate = Implementation("lets_a_norm_of_zero_pass", dtypes=("float32",))


@candidate.implements("tf/clip_by_global_norm")
def clip(params, *, clip_norm):
    def step(grads):
        threshold = np.float32(clip_norm)
        with np.errstate(all="ignore"):
            norm = np.sqrt(sum(np.sum(g * g) for g in grads))
            scale = threshold / max(norm, threshold) if np.isfinite(norm) else np.float32(np.nan)
            if norm <= threshold == 0:
                scale = np.float32(1)
            return [g * scale for g in grads]

    return step
