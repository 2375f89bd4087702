"""Today's TensorFlow: what is left of ``tf.train`` in ``tf.compat.v1.train``, and its kernels.

The same worker drives the classes as TensorFlow 1.15, in a process of this interpreter; so a
difference between both is one of the libraries. The mode ``raw`` calls the training kernels
themselves, in this process, in half types too. Both run on the device that is asked for.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from oracle.adapters.tf.kernels import KERNELS
from oracle.adapters.tf1.environment import WORKER
from oracle.adapters.tf1.precision import dtypes_of, held_by
from oracle.adapters.worker.candidate import Worker
from oracle.adapters.worker.process import Process
from oracle.claim import Factory
from oracle.errors import ImplementationError
from oracle.implementation import Implementation
from oracle.systems import spec, specs

if importlib.util.find_spec("tensorflow") is None:
    raise ImplementationError(
        "TensorFlow is not installed: pip install 'optimizer-oracle[keras]' brings it"
    )

_worker = Worker(Process([sys.executable, str(WORKER), "tf.train", "tf"]))


@contextmanager
def _device(name: str) -> Iterator[None]:
    """Run graphs in the worker, and kernels here, on a device; it has to be there."""
    import tensorflow

    if not tensorflow.config.list_physical_devices(name.upper()):
        raise ImplementationError(
            f"--impl-device={name}: TensorFlow finds no {name.upper()} on this machine; it finds "
            f"{', '.join(d.device_type for d in tensorflow.config.list_physical_devices())}"
        )
    with tensorflow.device(f"/{name.upper()}:0"), _worker.on(name):
        yield


def _raw(id: str) -> Factory:
    """Return the kernel of a spec; TensorFlow is imported when it is first called."""
    from oracle.adapters.tf.raw import factory

    return factory(KERNELS[id], spec(id))


tf = Implementation(
    "tf",
    dtypes=("float16", "float32", "float64"),
    flushes_subnormals=True,
    known_failures=Path(__file__).with_name("known_failures.toml"),
    slow=True,
    missing_gradients=True,
    sparse_gradients=True,
    packages=("tensorflow",),
    devices={name: partial(_device, name) for name in ("cpu", "gpu")},
)

for _id in specs("tf.train"):
    tf.implements(
        _id,
        dtypes=dtypes_of(spec(_id).name),
        compiles=True,
        far=True,
        hyper_dtype=held_by(spec(_id)),
    )(_worker.factory({"spec": _id, "defaults": True}))

for _id in specs("tf"):
    tf.implements(_id, dtypes=dtypes_of(spec(_id).name), compiles=True, far=True)(
        _worker.factory({"spec": _id, "defaults": True})
    )

for _id, _kernel in KERNELS.items():
    _dense = tuple(name for name in _kernel.dtypes if name not in _kernel.sparse_dtypes)
    if _kernel.sparse_dtypes:
        tf.implements(_id, mode="raw", dtypes=_kernel.sparse_dtypes)(_raw(_id))
    if _dense:
        tf.implements(_id, mode="raw-dense", dtypes=_dense, sparse_gradients=False)(_raw(_id))
