"""The ``tf.contrib.opt`` optimizers of TensorFlow 1.15 in a graph (Python 3.7, no oracle)."""

import graph_side
from tensorflow.contrib import opt

SLOTS = {
    "AdamWOptimizer": {"m": "m", "v": "v"},
    "MomentumWOptimizer": {"b": "momentum"},
    "AdaMaxOptimizer": {"m": "m", "u": "v"},
    "NadamOptimizer": {"m": "m", "v": "v"},
    "LazyAdamOptimizer": {"m": "m", "v": "v"},
    "RegAdagradOptimizer": {"a": "accumulator"},
    "AddSignOptimizer": {"m": "m"},
    "PowerSignOptimizer": {"m": "m"},
    "LARSOptimizer": {"b": "momentum"},
}
"""By the name that the rules use, the library's name of each slot."""

NAMES = list(SLOTS)


class Optimizer(graph_side.GraphOptimizer):
    """One optimizer in a graph of its own."""

    CLASSES = opt
    SLOTS = SLOTS
