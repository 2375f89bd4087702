"""autograd's optimizers, which are loops: pytest --impl=examples/autograd_adapter.py."""

from pathlib import Path
from queue import Queue
from threading import Thread

from autograd.misc.optimizers import sgd

from oracle import Implementation

# `velocity = np.zeros(len(x))`: whatever goes in, float64 comes out.
autograd = Implementation(
    "autograd",
    dtypes=("float64",),
    known_failures=Path(__file__).with_name("autograd_known.toml"),
    packages=("autograd",),
)


class Loop:
    """A loop that runs in a thread, and waits there for each gradient."""

    def __init__(self, optimize, params, **hyper):
        self.grads, self.params = Queue(), Queue()
        hyper |= {"callback": None, "num_iters": 10**9}
        loop = Thread(target=optimize, args=(self.gradient, params), kwargs=hyper, daemon=True)
        loop.start()
        self.params.get()

    def gradient(self, params, i):
        self.params.put(params)
        return self.grads.get()

    def step(self, grads):
        self.grads.put(grads)
        return self.params.get()


@autograd.implements("tf.train/GradientDescentOptimizer")
def gradient_descent(params, *, learning_rate):
    return Loop(sgd, params, step_size=learning_rate, mass=0.0)


# Its velocity is a moving average of gradients: (1 - mass) times the buffer of the spec.
@autograd.implements("tf.train/MomentumOptimizer")
def momentum_descent(params, *, learning_rate, momentum):
    return Loop(sgd, params, step_size=learning_rate / (1 - momentum), mass=momentum)
