"""Raises an error whose message raises one."""

from oracle import Implementation

candidate = Implementation("raises_what_cannot_be_read")


class UnreadableError(Exception):
    def __str__(self):
        raise RuntimeError("no message")


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate=0.01):
    def step(grads):
        raise UnreadableError

    return step
