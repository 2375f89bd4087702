"""Claims a spec that does not exist."""

from oracle import Implementation

candidate = Implementation("claims_a_stranger")


@candidate.implements("keras3/Adamm")
def adamm(params, *, learning_rate):
    return lambda grads: params
