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


class Optimizer(graph_side.GraphOptimizer):
    """One optimizer in a graph of its own."""

    CLASSES = tf.train
    SLOTS = SLOTS

    def _keywords(self, hyper):
        keywords = dict(hyper)
        if self._name == "AdagradDAOptimizer":
            keywords["global_step"] = self._step
        if self._name in UNCAST:
            regularization = ("l1_regularization_strength", "l2_regularization_strength")
            keywords = {**dict.fromkeys(regularization, 0.0), **keywords}
            cast = np.dtype(self._dtype).type
            keywords = {key: cast(value) for key, value in keywords.items()}
        return keywords
