"""Returns every parameter flattened with one more element."""

from oracle import Implementation

candidate = Implementation("returns_wrong_shape", dtypes=("float32",))


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate=0.01):
    import numpy

    return lambda grads: [numpy.append(p.ravel(), p.dtype.type(0)) for p in params]
