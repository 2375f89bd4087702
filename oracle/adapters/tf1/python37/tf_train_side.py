"""The ``tf.train`` optimizers in a graph: TensorFlow 1.15's, and those that are left of them today.

Python 3.7, no oracle.
"""

import graph_side
import numpy as np
import tensorflow.compat.v1 as tf

SLOTS = {
    "GradientDescentOptimizer": {},
    "MomentumOptimizer": {"b": "momentum"},
    "AdagradOptimizer": {"a": "accumulator"},
    "AdagradDAOptimizer": {
        "z": "gradient_accumulator",
        "a": "gradient_squared_accumulator",
    },
    "AdadeltaOptimizer": {"a": "accum", "d": "accum_update"},
    "AdamOptimizer": {"m": "m", "v": "v"},
    "FtrlOptimizer": {"n": "accum", "z": "linear"},
    "RMSPropOptimizer": {"v": "rms", "b": "momentum", "mg": "mg"},
    "ProximalGradientDescentOptimizer": {},
    "ProximalAdagradOptimizer": {"a": "accumulator"},
}
"""By the name that the rules use, the library's name of each slot."""

NAMES = list(SLOTS)
UNCAST = ("ProximalGradientDescentOptimizer", "ProximalAdagradOptimizer")
"""They take hyperparameters of the variable's dtype only, and so does their l1 = l2 = 0."""


def keywords(name, hyper, dtype, step):
    """Return the arguments as a class takes them; ``step`` is the global step."""
    taken = dict(hyper)
    if name == "AdagradDAOptimizer":
        taken["global_step"] = step
    if name in UNCAST:
        regularization = ("l1_regularization_strength", "l2_regularization_strength")
        taken = {**dict.fromkeys(regularization, 0.0), **taken}
        cast = np.dtype(dtype).type
        taken = {key: cast(value) for key, value in taken.items()}
    return taken


def optimizer(name, hyper, dtype, step):
    """Return an optimizer; ``step`` is the global step."""
    return getattr(tf.train, name)(**keywords(name, hyper, dtype, step))


class Optimizer(graph_side.GraphOptimizer):
    """One optimizer in a graph of its own."""

    CLASSES = tf.train
    SLOTS = SLOTS

    def _built(self, hyper):
        return optimizer(self._name, hyper, self._dtype, self._step)
