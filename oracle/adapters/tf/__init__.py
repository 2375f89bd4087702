"""Today's TensorFlow: what is left of ``tf.train`` in ``tf.compat.v1.train``, with its kernels.

The same worker drives it as TensorFlow 1.15, in a process of this interpreter; so a difference
between both is one of the libraries.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from oracle.adapters.tf1.environment import WORKER
from oracle.adapters.tf1.precision import held_in
from oracle.adapters.worker.candidate import Worker
from oracle.adapters.worker.process import Process
from oracle.errors import ImplementationError
from oracle.implementation import Implementation
from oracle.systems import spec, specs

if importlib.util.find_spec("tensorflow") is None:
    raise ImplementationError(
        "TensorFlow is not installed: pip install 'optimizer-oracle[keras]' brings it"
    )

tf = Implementation(
    "tf",
    dtypes=("float32", "float64"),
    flushes_subnormals=True,
    known_failures=Path(__file__).with_name("known_failures.toml"),
    slow=True,
    missing_gradients=True,
)

_worker = Worker(Process([sys.executable, str(WORKER), "tf.train"]))

for _id in specs("tf.train"):
    tf.implements(_id, compiles=True, hyper_dtype=held_in(spec(_id).name))(
        _worker.factory({"spec": _id, "defaults": True})
    )
