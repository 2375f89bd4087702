"""The optimizers and clips of Optax: pytest --impl=examples/optax_adapter.py."""

from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import optax as library

from oracle import Implementation, UnsupportedError

jax.config.update("jax_enable_x64", True)
optax = Implementation(
    "optax",
    dtypes=("float16", "bfloat16", "float32", "float64"),
    packages=("optax", "jax", "jaxlib"),
    flushes_subnormals=True,  # as XLA does on a CPU
    slow=True,
    known_failures=Path(__file__).with_name("optax_known.toml"),
)


class Run:
    def __init__(self, optimizer, params, **slots):
        self.update, self.names = jax.jit(optimizer.update), slots
        self.params = [jnp.array(p) for p in params]
        self.state = optimizer.init(self.params)

    def step(self, grads):
        grads = [jnp.array(g) for g in grads]
        updates, self.state = self.update(grads, self.state, self.params)
        self.params = library.apply_updates(self.params, updates)
        return [np.asarray(p) for p in self.params]

    def slots(self):
        found = {slot: library.tree.get(self.state, key) for slot, key in self.names.items()}
        return {slot: [np.asarray(a) for a in arrays] for slot, arrays in found.items() if arrays}


@optax.implements("keras3/SGD")
def sgd(params, *, learning_rate, momentum, nesterov, gradient_accumulation_steps):
    optimizer = library.sgd(learning_rate, momentum, nesterov)
    if gradient_accumulation_steps:
        optimizer = library.MultiSteps(optimizer, gradient_accumulation_steps)
    return Run(optimizer, params)


@optax.implements("tf.train/GradientDescentOptimizer")
def gradient_descent(params, *, learning_rate):
    return Run(library.sgd(learning_rate), params)


@optax.implements("tf.train/MomentumOptimizer")
def momentum(params, *, learning_rate, momentum, use_nesterov):
    return Run(library.sgd(learning_rate, momentum, use_nesterov), params, b="trace")


@optax.implements("keras3/Adagrad")
def adagrad(params, *, learning_rate, initial_accumulator_value, epsilon):
    optimizer = library.adagrad(learning_rate, initial_accumulator_value, epsilon)
    return Run(optimizer, params, a="sum_of_squares")


@optax.implements("tf.train/AdagradOptimizer")
def adagrad_without_epsilon(params, *, learning_rate, initial_accumulator_value):
    optimizer = library.adagrad(learning_rate, initial_accumulator_value, eps=0.0)
    return Run(optimizer, params, a="sum_of_squares")


@optax.implements("keras3/Adadelta")
def adadelta(params, *, learning_rate, rho, epsilon):
    return Run(library.adadelta(learning_rate, rho, epsilon), params, a="e_g", d="e_x")


@optax.implements("keras3/RMSprop")
def rmsprop(params, *, learning_rate, rho, momentum, epsilon, centered):
    how = {"centered": centered, "momentum": momentum or None}
    return Run(library.rmsprop(learning_rate, rho, epsilon, **how), params, v="nu", mg="mu")


@optax.implements("keras2/RMSprop")
def rmsprop_epsilon_outside(params, *, learning_rate, rho, epsilon):
    return Run(library.rmsprop(learning_rate, rho, epsilon, eps_in_sqrt=False), params, v="nu")


@optax.implements("tf.train/RMSPropOptimizer")
def rmsprop_from_one(params, *, learning_rate, decay, momentum, epsilon, centered):
    how = {"initial_scale": 1.0, "centered": centered, "momentum": momentum}
    return Run(library.rmsprop(learning_rate, decay, epsilon, **how), params, v="nu", mg="mu")


@optax.implements("keras2/Adamax")
def adamax(params, *, learning_rate, beta_1, beta_2, epsilon):
    return Run(library.adamax(learning_rate, beta_1, beta_2, epsilon), params, m="mu", u="nu")


@optax.implements("keras3/Lion")
def lion(params, *, learning_rate, beta_1, beta_2, weight_decay):
    how = {"weight_decay": weight_decay or 0.0}
    return Run(library.lion(learning_rate, beta_1, beta_2, **how), params, m="mu")


def clipped(clip):
    def step(grads):
        updates, _ = clip.update([jnp.array(g) for g in grads], clip.init(grads))
        return [np.asarray(u) for u in updates]

    return step


@optax.implements("tf/clip_by_global_norm")
def clip_by_global_norm(params, *, clip_norm):
    return clipped(library.clip_by_global_norm(clip_norm))


@optax.implements("tf/clip_by_value")
def clip(params, *, clip_value_min, clip_value_max):
    if clip_value_min != -clip_value_max:
        raise UnsupportedError("optax.clip has one threshold for both signs")
    return clipped(library.clip(clip_value_max))


@optax.implements("tf/global_norm")
def global_norm(params):
    def step(grads):
        norm = library.global_norm([jnp.array(g) for g in grads])
        return [np.full_like(g, norm) for g in grads]

    return step
