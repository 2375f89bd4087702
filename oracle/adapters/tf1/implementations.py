"""The genuine old libraries as implementations under test; a process of Python 3.7 runs them."""

from __future__ import annotations

from pathlib import Path

from oracle.adapters.tf1.environment import WORKER, python
from oracle.adapters.tf1.precision import (
    dtypes_of,
    held_by,
    held_for_sparse_gradients,
    held_in,
)
from oracle.adapters.worker.candidate import Worker
from oracle.adapters.worker.process import Process
from oracle.implementation import Implementation
from oracle.packages import versions_beside
from oracle.systems import spec, specs

DTYPES = ("float16", "float32", "float64")

WIDE = ("float32", "float64")
"""In which wrapping optimizers, whose scalars are float32, and clip functions are judged."""


def _worker(*systems: str) -> Worker:
    return Worker(Process([str(python()), str(WORKER), *systems]))


def _implementation(name: str, *packages: str, missing_gradients: bool) -> Implementation:
    return Implementation(
        name,
        dtypes=DTYPES,
        flushes_subnormals=True,
        known_failures=Path(__file__).with_name(f"known_failures_{name}.toml"),
        slow=True,
        missing_gradients=missing_gradients,
        sparse_gradients=True,
        packages=versions_beside(python(), packages),
    )


keras2 = _implementation("keras2", "keras", "tensorflow", missing_gradients=False)
tf1 = _implementation("tf1", "tensorflow", missing_gradients=True)

_keras2, _tf1 = _worker("keras2"), _worker("tf.train", "tf.contrib.opt", "tf")

for _id in specs("keras2"):
    _wraps = spec(_id).wraps
    keras2.implements(
        _id,
        dtypes=WIDE if _wraps else None,
        compiles=True,
        far=True,
        hyper_dtype=held_by(spec(_id)) if _wraps else None,
    )(_keras2.factory({"spec": _id, "defaults": True}))
keras2.looks_up("keras2")(_keras2.look_up("keras2"))

PASSED_TO_COMPILE = ("tf.train/AdadeltaOptimizer", "tf.contrib.opt/AdamWOptimizer")
"""TensorFlow's optimizers that the documentation of Keras hands to ``model.compile``."""

READ_THEIR_COUNTER = ("keras2/SGD", "keras2/Adam", "keras2/Adamax", "keras2/Nadam")
"""What is also trained in the order that the code intends: reading first, then incrementing."""

for _id in (name for name in specs("keras2") if not spec(name).required):
    keras2.trains(_id)(_keras2.trainer({"spec": _id}))
for _id in PASSED_TO_COMPILE:
    keras2.trains(_id, hyper_dtype=held_in(spec(_id).name))(_keras2.trainer({"spec": _id}))
for _id in READ_THEIR_COUNTER:
    keras2.trains(_id, mode="ordered")(_keras2.trainer({"spec": _id, "mode": "ordered"}))
for _mode in ("", "ordered"):
    keras2.trains_by_name("keras2", mode=_mode)(_keras2.trainer_by_name("keras2", _mode))
keras2.configures("keras2")(_keras2.configured("keras2"))

for _id in (*specs("tf.train"), *specs("tf.contrib.opt")):
    _name = spec(_id).name
    tf1.implements(
        _id,
        dtypes=WIDE if spec(_id).wraps else dtypes_of(_name),
        compiles=True,
        far=True,
        hyper_dtype=held_by(spec(_id)),
        sparse_hyper_dtype=held_for_sparse_gradients(_name),
    )(_tf1.factory({"spec": _id, "defaults": True}))

for _id in specs("tf"):
    tf1.implements(_id, dtypes=dtypes_of(spec(_id).name) or WIDE, compiles=True, far=True)(
        _tf1.factory({"spec": _id, "defaults": True})
    )
