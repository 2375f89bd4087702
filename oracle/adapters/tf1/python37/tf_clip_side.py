"""TensorFlow's functions that clip gradients, with the gradients for parameters.

Python 3.7, no oracle; today's TensorFlow runs it as well.
"""

import graph
import graph_side
import numpy as np
import tensorflow.compat.v1 as tf
import tensors

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
        return [tf.fill(shape_of(g), norm) for g in grads]
    return [getattr(tf, name)(g, **hyper) for g in grads]


def shape_of(gradient):
    """Return the shape of a gradient, or the one that slices are of."""
    return gradient.dense_shape if isinstance(gradient, tf.IndexedSlices) else tf.shape(gradient)


class Optimizer:
    """One function in a graph of its own; its steps show what it returns."""

    def __init__(self, name, message, params):
        self._name = name
        self._hyper = message["hyper"]
        self._shown = [np.array(p) for p in params]
        self._graph = tf.Graph()
        with self._graph.as_default():
            self._grads = [tf.placeholder(p.dtype, p.shape) for p in params]
            self._slices = [graph_side.slices_like(p) for p in params]
        self._results = {}
        self._session = graph.new_session(self._graph)

    def _clipped(self, present):
        """Return what becomes of the gradients that are there, as arrays: (k, whether sparse)."""
        if present not in self._results:
            with self._graph.as_default():
                grads = [self._slices[k] if sparse else self._grads[k] for k, sparse in present]
                results = clipped(self._name, grads, self._hyper)
                self._results[present] = [tf.convert_to_tensor(result) for result in results]
        return self._results[present]

    def step(self, grads):
        """Clip the gradients; where there is none, what was shown stays."""
        there = [(k, g) for k, g in enumerate(grads) if g is not None]
        feed = {}
        for k, g in there:
            feed.update(graph_side.fed(self._grads[k], self._slices[k], g))
        results = self._clipped(tuple((k, isinstance(g, tensors.SparseRows)) for k, g in there))
        for (k, _), value in zip(there, self._session.run(results, feed)):
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
