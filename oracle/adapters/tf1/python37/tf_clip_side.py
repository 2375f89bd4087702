"""TensorFlow's functions that clip gradients, with the gradients for parameters.

Python 3.7, no oracle; today's TensorFlow runs it as well.
"""

import graph
import numpy as np
import tensorflow.compat.v1 as tf

NAMES = [
    "clip_by_value",
    "clip_by_norm",
    "clip_by_global_norm",
    "clip_by_average_norm",
    "global_norm",
]


def clipped(name, grads, hyper):
    """Return what a function makes of the gradients that are there."""
    if name == "clip_by_global_norm":
        return tf.clip_by_global_norm(grads, **hyper)[0]
    if name == "global_norm":
        norm = tf.global_norm(grads)
        return [tf.fill(tf.shape(g), norm) for g in grads]
    return [getattr(tf, name)(g, **hyper) for g in grads]


class Optimizer:
    """One function in a graph of its own; its steps show what it returns."""

    def __init__(self, name, message, params):
        self._name = name
        self._hyper = message["hyper"]
        self._shown = [np.array(p) for p in params]
        self._graph = tf.Graph()
        with self._graph.as_default():
            self._grads = [tf.placeholder(p.dtype, p.shape) for p in params]
        self._results = {}
        self._session = graph.new_session(self._graph)

    def _clipped(self, present):
        if present not in self._results:
            with self._graph.as_default():
                grads = [self._grads[k] for k in present]
                self._results[present] = clipped(self._name, grads, self._hyper)
        return self._results[present]

    def step(self, grads):
        """Clip the gradients; where there is none, what was shown stays."""
        present = tuple(k for k, g in enumerate(grads) if g is not None)
        feed = {self._grads[k]: grads[k] for k in present}
        for k, value in zip(present, self._session.run(self._clipped(present), feed)):
            self._shown[k] = np.array(value)

    def params(self):
        """Return the clipped gradients."""
        return self._shown

    def slots(self):
        """Return nothing: a function has no memory."""
        return {}

    def close(self):
        """Give the session's memory back."""
        self._session.close()
