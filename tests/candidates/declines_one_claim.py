"""Gradient descent, and an Adam that cannot be built here."""

from oracle import Implementation, UnsupportedError

declines_one_claim = Implementation("declines_one_claim", dtypes=("float32",))


@declines_one_claim.implements("keras3/SGD")
def descent(params, *, learning_rate=0.01):
    def step(grads):
        params[:] = [
            p - p.dtype.type(learning_rate) * g for p, g in zip(params, grads, strict=True)
        ]
        return params

    params = list(params)
    return step


@declines_one_claim.implements("keras3/Adam")
def adam(params, **hyper):
    raise UnsupportedError("it has no table of powers")
