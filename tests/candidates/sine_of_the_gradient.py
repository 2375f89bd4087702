"""A wrong SGD that holds its parameters in bfloat16 and computes in float32."""

import numpy as np

from oracle import Implementation

mine = Implementation("mine", dtypes=("bfloat16",), compute_dtype="float32")


@mine.implements("keras3/SGD")
def sgd(params, *, learning_rate):
    def step(grads):
        for k, g in enumerate(grads):
            p = params[k].astype(np.float32)
            after = p - np.float32(learning_rate) * np.sin(g.astype(np.float32))
            params[k] = after.astype(params[k].dtype)
        return params

    return step
