"""thinc's optimizers, those of spaCy: pytest --impl=examples/thinc_adapter.py."""

from pathlib import Path

from thinc.api import SGD, Adam, NumpyOps

from oracle import Implementation

# Its Floats1d are float32; a parameter has at least one dimension.
thinc = Implementation(
    "thinc",
    dtypes=("float32",),
    scalars=False,
    known_failures=Path(__file__).with_name("thinc_known.toml"),
    packages=("thinc",),
)


class Judged:
    def __init__(self, params, optimizer):
        self.params, self.optimizer = params, optimizer

    def step(self, grads):
        self.params = [
            self.optimizer((k, "W"), p, g.copy())[0]
            for k, (p, g) in enumerate(zip(self.params, grads, strict=True))
        ]
        self.optimizer.step_schedules()
        return self.params


@thinc.implements("keras3/SGD")
def sgd(params, *, learning_rate, weight_decay=0.0, clipnorm=0.0):
    return Judged(params, SGD(learning_rate, L2=weight_decay or 0.0, grad_clip=clipnorm or 0.0))


@thinc.implements("keras3/Adam")
def adam(params, *, learning_rate, beta_1, beta_2, epsilon, weight_decay=0.0, clipnorm=0.0):
    hyper = {"beta1": beta_1, "beta2": beta_2, "eps": epsilon}
    hyper |= {"L2": weight_decay or 0.0, "grad_clip": clipnorm or 0.0}
    return Judged(params, Adam(learning_rate, **hyper))


@thinc.implements("tf/clip_by_norm")
def clip_by_norm(params, *, clip_norm):
    return lambda grads: [NumpyOps().clip_gradient(g.copy(), clip_norm) for g in grads]
