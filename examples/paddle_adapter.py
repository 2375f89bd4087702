"""PaddlePaddle's optimizers and clips on the CPU: pytest --impl=examples/paddle_adapter.py."""

from pathlib import Path

import paddle
from paddle import nn, optimizer
from paddle.base.framework import EagerParamBase

from oracle import Implementation, UnsupportedError

paddle.set_device("cpu")
# The kernels take all but the rate as `float` (paddle/phi/kernels/momentum_kernel.h and others).
FLOATS = ("epsilon", "rho", "momentum", "beta_1", "beta_2", "schedule_decay")
paddlepaddle = Implementation(
    "paddlepaddle",
    hyper_dtype=dict.fromkeys(FLOATS, "float32"),
    known_failures=Path(__file__).with_name("paddle_known.toml"),
    packages=("paddlepaddle",),
)


class Judged:
    def __init__(self, params, new, learning_rate, **hyper):
        self.params = [EagerParamBase.from_tensor(paddle.to_tensor(p)) for p in params]
        self.optimizer = new(learning_rate, parameters=self.params, **hyper)

    def step(self, grads):
        for p, g in zip(self.params, grads, strict=True):
            p.grad = paddle.to_tensor(g)
        self.optimizer.step()
        return [p.numpy().copy() for p in self.params]


@paddlepaddle.implements("tf.train/GradientDescentOptimizer")
def sgd(params, *, learning_rate):
    return Judged(params, optimizer.SGD, learning_rate)


@paddlepaddle.implements("tf.train/MomentumOptimizer")
def momentum(params, *, learning_rate, momentum, use_nesterov=False):
    hyper = {"momentum": momentum, "use_nesterov": use_nesterov}
    return Judged(params, optimizer.Momentum, learning_rate, **hyper)


@paddlepaddle.implements("keras2/Adagrad")
def adagrad(params, *, learning_rate, epsilon):
    return Judged(params, optimizer.Adagrad, learning_rate, epsilon=epsilon)


@paddlepaddle.implements("keras3/Adadelta")
def adadelta(params, *, learning_rate, rho, epsilon):
    return Judged(params, optimizer.Adadelta, learning_rate, rho=rho, epsilon=epsilon)


@paddlepaddle.implements("keras3/RMSprop")
def rmsprop(params, *, learning_rate, rho, epsilon, momentum=0.0, centered=False):
    hyper = {"rho": rho, "epsilon": epsilon, "momentum": momentum, "centered": centered}
    return Judged(params, optimizer.RMSProp, learning_rate, **hyper)


@paddlepaddle.implements("keras2/Nadam")
def nadam(params, *, learning_rate, beta_1, beta_2, epsilon, schedule_decay):
    hyper = {"beta1": beta_1, "beta2": beta_2, "epsilon": epsilon}
    return Judged(params, optimizer.NAdam, learning_rate, momentum_decay=schedule_decay, **hyper)


def clipped(params, clip):
    weights = [EagerParamBase.from_tensor(paddle.to_tensor(p)) for p in params]

    def step(grads):
        pairs = list(zip(weights, map(paddle.to_tensor, grads), strict=True))
        # ClipGradByGlobalNorm gives a number an axis, so that it must be taken away again.
        return [
            new.numpy().reshape(g.shape) for g, (_, new) in zip(grads, clip(pairs), strict=True)
        ]

    return step


@paddlepaddle.implements("tf/clip_by_value")
def clip_by_value(params, *, clip_value_min, clip_value_max):
    if clip_value_min > clip_value_max:
        raise UnsupportedError("max should be greater than or equal to min")
    return clipped(params, nn.ClipGradByValue(clip_value_max, clip_value_min))


# "The kernel ... of kernel `clip_by_norm` is not registered" for float64 on the CPU
@paddlepaddle.implements("tf/clip_by_norm", dtypes=("float32",))
def clip_by_norm(params, *, clip_norm):
    if clip_norm <= 0:
        raise UnsupportedError("max_norm should be greater than 0")
    return clipped(params, nn.ClipGradByNorm(clip_norm))


@paddlepaddle.implements("tf/clip_by_global_norm")
def clip_by_global_norm(params, *, clip_norm):
    return clipped(params, nn.ClipGradByGlobalNorm(clip_norm))
