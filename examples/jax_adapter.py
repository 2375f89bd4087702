"""jax.example_libraries.optimizers: pytest --impl=examples/jax_adapter.py."""

from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from jax.example_libraries import optimizers

from oracle import Implementation

jax.config.update("jax_enable_x64", True)
examples = Implementation(
    "jax.example_libraries",
    dtypes=("float16", "bfloat16", "float32", "float64"),
    packages=("jax", "jaxlib"),
    flushes_subnormals=True,  # as XLA does on a CPU
    slow=True,
    known_failures=Path(__file__).with_name("jax_known.toml"),
)


class Run:
    def __init__(self, optimizer, params):
        self.optimizer, self.count = optimizer, 0
        self.state = optimizer.init_fn([jnp.array(p) for p in params])

    def step(self, grads):
        grads = [jnp.array(g) for g in grads]
        self.state = self.optimizer.update_fn(self.count, grads, self.state)
        self.count += 1
        return [np.asarray(p) for p in self.optimizer.params_fn(self.state)]

    def set_step(self, number):
        self.count = number


@examples.implements("tf.train/GradientDescentOptimizer")
def sgd(params, *, learning_rate):
    return Run(optimizers.sgd(learning_rate), params)


@examples.implements("tf.train/MomentumOptimizer")
def momentum(params, *, learning_rate, momentum, use_nesterov):
    make = optimizers.nesterov if use_nesterov else optimizers.momentum
    return Run(make(learning_rate, momentum), params)


@examples.implements("keras3/RMSprop")
def rmsprop(params, *, learning_rate, rho, momentum, epsilon):
    if momentum:
        return Run(optimizers.rmsprop_momentum(learning_rate, rho, epsilon, momentum), params)
    return Run(optimizers.rmsprop(learning_rate, rho, epsilon), params)


@examples.implements("keras2/Adamax")
def adamax(params, *, learning_rate, beta_1, beta_2, epsilon):
    return Run(optimizers.adamax(learning_rate, beta_1, beta_2, epsilon), params)


@examples.implements("tf/clip_by_global_norm")
def clip_grads(params, *, clip_norm):
    def step(grads):
        clipped = optimizers.clip_grads([jnp.array(g) for g in grads], clip_norm)
        return [np.asarray(g) for g in clipped]

    return step


@examples.implements("tf/global_norm")
def l2_norm(params):
    def step(grads):
        norm = optimizers.l2_norm([jnp.array(g) for g in grads])
        return [np.full_like(g, norm) for g in grads]

    return step
