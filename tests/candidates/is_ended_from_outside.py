"""Plain gradient descent, during whose second step somebody ends the run: pid in END."""

import os
import signal

from oracle import Implementation

candidate = Implementation("is_ended_from_outside")


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate=0.01):
    def step(grads):
        try:
            if "END" in os.environ:
                os.kill(int(os.environ["END"]) or os.getpid(), signal.SIGTERM)
        except Exception as error:
            raise AssertionError("nothing of this is an exception for a candidate") from error
        return [p - p.dtype.type(learning_rate) * g for p, g in zip(params, grads, strict=True)]

    return step
