"""The ``tf.contrib.opt`` optimizers of TensorFlow 1.15 in a graph (Python 3.7, no oracle)."""

import graph_side
from tensorflow.contrib import opt

SLOTS = {
    "AdamWOptimizer": {"m": "m", "v": "v"},
    "MomentumWOptimizer": {"b": "momentum"},
}
"""By the name that the rules use, the library's name of each slot."""

NAMES = list(SLOTS)


class Optimizer(graph_side.GraphOptimizer):
    """One optimizer in a graph of its own."""

    CLASSES = opt
    SLOTS = SLOTS
