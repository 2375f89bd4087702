"""tinygrad's optimizers: pytest --impl=examples/tinygrad_adapter.py, with clang or DEV=PYTHON."""

from pathlib import Path

from tinygrad import Context, Tensor
from tinygrad.nn import optim

from oracle import Implementation

# Rate and slots are float32, whatever the parameters are.
# A rate of shape (1,) cannot be broadcast to a parameter of shape ().
tinygrad = Implementation(
    "tinygrad",
    dtypes=("float32",),
    slow=True,
    scalars=False,
    known_failures=Path(__file__).with_name("tinygrad_known.toml"),
    packages=("tinygrad",),
)


class Judged:
    def __init__(self, params, new, learning_rate, **hyper):
        self.params = [Tensor(p.copy()).is_param_() for p in params]
        self.optimizer = new(self.params, learning_rate, **hyper)

    def step(self, grads):
        for p, g in zip(self.params, grads, strict=True):
            p.grad = Tensor(g.copy())
        with Context(TRAINING=1):
            self.optimizer.step()
        return [p.numpy() for p in self.params]


@tinygrad.implements("tf.train/MomentumOptimizer")
def sgd(params, *, learning_rate, momentum, use_nesterov=False):
    return Judged(params, optim.SGD, learning_rate, momentum=momentum, nesterov=use_nesterov)


@tinygrad.implements("keras3/SGD")
def classic(params, *, learning_rate, momentum=0.0, nesterov=False):
    return Judged(
        params, optim.SGD, learning_rate, momentum=momentum, nesterov=nesterov, classic=True
    )


@tinygrad.implements("tf.contrib.opt/LARSOptimizer")
def lars(params, *, learning_rate, momentum=0.9, weight_decay=1e-4, eeta=0.001, use_nesterov=False):
    hyper = {"momentum": momentum, "weight_decay": weight_decay, "tcoef": eeta}
    return Judged(params, optim.LARS, learning_rate, **hyper, nesterov=use_nesterov)
