"""Adagrad and gradient descent on a device whose quotients are 6 ulp off, as it declares."""

from itertools import count

import numpy as np
from devices.adversary import Adversary
from devices.device import Device, Kernel

import oracle
from oracle import Implementation
from oracle.arithmetic.doubles import as_floats
from oracle.dtypes import float_type
from oracle.operations import Operations, ulp
from oracle.problem import Problem
from oracle.trajectories import states

DECLARED = Operations({"divide": ulp(6), "cos": ulp(9)}, name="gadget")
FLOAT32 = float_type("float32")


def stepping(spec_id):
    """Return a factory for a spec, which it runs on the device."""
    spec = oracle.spec(spec_id)

    def factory(params, **hyper):
        start, given = tuple(p.copy() for p in params), []
        every = (Problem.checked(spec, start, [given.pop()]).grads[0] for _ in count())
        xp = Device(Kernel(FLOAT32, FLOAT32, DECLARED), Adversary("away"))
        run = states(xp, spec.program(hyper), Problem(start, every))
        next(run)

        def step(grads):
            given.append(grads)
            return [np.asarray(as_floats(p), np.float32) for p in next(run).params]

        return step

    return factory


def by_device(dtype, device):
    return DECLARED if device != "exact" else None


candidate = Implementation(
    "on_an_emulated_device",
    dtypes=("float32",),
    operations=by_device,
    devices={"exact": lambda: np.errstate(all="ignore")},
)
candidate.implements("tf.train/AdadeltaOptimizer")(stepping("tf.train/AdadeltaOptimizer"))
candidate.implements("torch/Adagrad")(stepping("torch/Adagrad"))
