"""Emulated devices: none fails with what it declares, and each fails somewhere without it."""

from __future__ import annotations

import numpy as np
import pytest
from devices.adversary import DIRECTIONS, Adversary
from devices.device import ORDERS, Device, Kernel
from devices.machines import MACHINES
from devices.trial import Emulation, emulations

import oracle
from oracle.arithmetic.bounded import as_bounded
from oracle.arithmetic.doubles import as_floats
from oracle.arithmetic.model import Model
from oracle.arithmetic.native import native
from oracle.dtypes import float_type
from oracle.operations import EXACT, Operations, absolute, exp2_log2, relative, ulp

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

EXACT_ENOUGH = ("exact", "pytorch_cpu", "xla_cpu")
"""What passes undeclared: their losses are covered by what honest rearrangements lose anyway."""
FLOAT32 = float_type("float32")
SIZE = 20_000
LONG_SUM = 5_000
"""More terms than those up to which a sum is charged for each of its roundings."""
POWERS = Operations({"power": exp2_log2(ulp(2), absolute(2.0**-20))})


def a_sum(xp, a, b):
    return xp.sum(xp.rearranged(lambda x: x[:LONG_SUM], a))


def matrix_product(xp, a, b):
    def of(x):
        return xp.rearranged(lambda x: x[:36].reshape(6, 6), x)

    return xp.matmul(of(a), of(b))


OPERATIONS = {
    "add": (lambda xp, a, b: a + b, Operations({"add": ulp(1)})),
    "subtract": (lambda xp, a, b: a - b, Operations({"add": ulp(2)})),
    "multiply": (lambda xp, a, b: a * b, Operations({"multiply": ulp(1)})),
    "divide": (lambda xp, a, b: a / b, Operations({"divide": ulp(2)})),
    "sqrt": (lambda xp, a, b: xp.sqrt(a), Operations({"sqrt": ulp(1)})),
    "sqrt, relative": (lambda xp, a, b: xp.sqrt(a), Operations({"sqrt": relative(2.0**-21)})),
    "rsqrt": (lambda xp, a, b: a / xp.sqrt(b), Operations({"rsqrt": ulp(3)})),
    "exp": (lambda xp, a, b: xp.exp(a), Operations({"exp": ulp(8)})),
    "exp, by its argument": (
        lambda xp, a, b: xp.exp(a),
        Operations({"exp": ulp(1, of_argument=8)}),
    ),
    "log": (lambda xp, a, b: xp.log(a), Operations({"log": absolute(2.0**-20)})),
    "cos": (lambda xp, a, b: xp.cos(a), Operations({"cos": ulp(9)})),
    "power": (lambda xp, a, b: a ** xp.constant(0.75), Operations({"power": ulp(8)})),
    "power, by its logarithm": (lambda xp, a, b: a ** xp.constant(30.0), POWERS),
    "sum": (a_sum, Operations({"add": ulp(1)})),
    "sum in halves": (a_sum, Operations(accumulator="float16")),
    "matrix product": (matrix_product, Operations(products="tfloat32")),
    "matrix product in bfloat16": (matrix_product, Operations(products="bfloat16")),
    "matrix product in halves": (matrix_product, Operations(accumulator="float16")),
}
"""An expression of two arrays, and what a device loses in it."""


def operands(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return tuple(rng.uniform(0.25, 4.0, (2, SIZE)).astype(np.float32))


def outside(expression, operations: Operations, declared: Operations, seed: int) -> int:
    """How many elements of a device's result are out of a declaration's bound."""
    xp = native(Model.declared("float32", operations=declared))
    a, b = operands(seed)
    bound = as_bounded(expression(xp, xp.array(a), xp.array(b)))
    kernel = Kernel(FLOAT32, FLOAT32, operations, ORDERS[seed % 3], rearranges=seed % 2 == 0)
    device = Device(kernel, Adversary(DIRECTIONS[seed % 4], seed))
    shown = as_floats(expression(device, device.array(a), device.array(b)))
    return int(np.sum(~(np.abs(shown - bound.value) <= bound.error * xp.inflation())))


@pytest.mark.parametrize("name", OPERATIONS)
def test_what_an_operation_loses_is_in_its_bound_and_in_no_smaller_one(name):
    expression, operations = OPERATIONS[name]
    seeds = range(12)
    assert not sum(outside(expression, operations, operations, seed) for seed in seeds)
    assert not sum(outside(expression, EXACT, operations, seed) for seed in seeds)
    assert sum(outside(expression, operations, EXACT, seed) for seed in seeds)


def of_turn(turn: int, turns: int) -> list[str]:
    return [spec for place, spec in enumerate(oracle.specs()) if place % turns == turn % turns]


@pytest.mark.long
@pytest.mark.parametrize("turn", range(3))
@pytest.mark.parametrize("name", MACHINES)
def test_no_rule_fails_on_a_device_that_is_declared(name, turn):
    """Every third optimizer, another third on the next device; the benchmark has all of them."""
    failed = [
        str(emulation)
        for spec in of_turn(turn + list(MACHINES).index(name), 9)
        for emulation in emulations(spec, MACHINES[name], range(turn, turn + 1))
        if emulation.verdict().failed
    ]
    assert not failed


WITNESSES = {
    ("cuda", "power"): ("optax/sgd", 0),
    ("cuda_fast_math", "divide"): ("keras3/Ftrl", 0),
    ("cuda_fast_math", "sqrt"): ("optax.contrib/scale_by_madgrad", 3),
    ("cuda_fast_math", "power"): ("optax.contrib/schedule_free_adamw", 0),
    ("triton", "divide"): ("keras3/Ftrl", 0),
    ("triton", "power"): ("optax.contrib/schedule_free_adamw", 0),
    ("inductor", "divide"): ("keras3/Ftrl", 0),
    ("inductor", "power"): ("optax/sgd", 0),
}


@pytest.mark.parametrize(("machine", "part"), WITNESSES)
def test_a_rule_fails_on_a_device_of_which_a_loss_is_not_declared(machine, part):
    spec, seed = WITNESSES[machine, part]
    emulation = Emulation(spec, MACHINES[machine], seed)
    assert not emulation.verdict().failed
    assert emulation.verdict(part).failed


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name in MACHINES if name not in EXACT_ENOUGH])
def test_a_device_that_declares_nothing_fails_somewhere(name):
    machine = MACHINES[name]
    specs = ("keras3/Ftrl", "torch/Adam", "optax/sgd", "torch/Muon", "torch/clip_grad_norm_")
    runs = (e for spec in specs for e in emulations(spec, machine, range(0, 60, 5)))
    assert any(emulation.verdict(*machine.parts).failed for emulation in runs)
