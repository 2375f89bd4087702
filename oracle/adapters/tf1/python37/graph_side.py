"""An optimizer of TensorFlow 1 in a graph of its own: what every side of this kind shares.

Python 3.7, no oracle.
"""

import graph
import numpy as np
import tensorflow.compat.v1 as tf
import tensors


def variable_name(k):
    """Return the name of parameter ``k`` in the graph."""
    return "param_{}".format(k)


def has_sparse(message):
    """Whether some gradient of a run is sparse."""
    return any(tensors.is_sparse(g) for row in message["grads"] for g in row)


def slices_like(param):
    """Return placeholders for a sparse gradient of a parameter; None for a scalar."""
    if not param.ndim:
        return None
    values = tf.placeholder(param.dtype, (None, *param.shape[1:]))
    shape = tf.constant(param.shape, dtype=tf.int64)
    return tf.IndexedSlices(values, tf.placeholder(tf.int64, (None,)), shape)


def fed(dense, slices, gradient):
    """Return what is fed for one gradient."""
    if isinstance(gradient, tensors.SparseRows):
        return {slices.indices: gradient.indices, slices.values: gradient.values}
    return {dense: gradient}


class GraphOptimizer:
    """One optimizer and its variables; a subclass says which classes there are."""

    CLASSES = None
    """The module of the library that has the classes."""
    SLOTS = None
    """For each class, by the name that the rules use, the library's name of each slot."""
    SPARSE_BY_REFERENCE = ()
    """The classes that take sparse gradients of reference variables alone."""
    BY_REFERENCE = ()
    """The classes that are driven on reference variables, as they err on others."""
    AS_WRITTEN = ()
    """The classes whose graph is not to be rewritten, because that makes them wrong at random."""

    def __init__(self, name, message, params):
        self._name = name
        self._dtype = message["dtype"]
        self._graph = tf.Graph()
        with self._graph.as_default():
            self._step = tf.train.create_global_step()
            dense = name not in self.SPARSE_BY_REFERENCE or not has_sparse(message)
            resource = dense and name not in self.BY_REFERENCE
            self._params = [
                tf.Variable(p, dtype=p.dtype, use_resource=resource, name=variable_name(k))
                for k, p in enumerate(params)
            ]
            self._grads = [tf.placeholder(p.dtype, p.shape) for p in params]
            self._slices = [slices_like(p) for p in params]
            self._optimizer = self._built(message["hyper"])
            self._applies = {}
            self._apply(tuple((k, False) for k in range(len(params))))
            start = tf.global_variables_initializer()
        self._session = graph.new_session(self._graph, as_written=name in self.AS_WRITTEN)
        self._session.run(start)

    def _built(self, hyper):
        """Return the optimizer; a subclass says how its arguments are taken."""
        return getattr(self.CLASSES, self._name)(**hyper)

    def _applied(self, pairs):
        """Return the operation that applies pairs of gradients and variables."""
        return self._optimizer.apply_gradients(pairs, self._step)

    def _apply(self, present):
        """Return the operation that applies the gradients that are there: (k, whether sparse)."""
        if present not in self._applies:
            places = [self._slices[k] if sparse else self._grads[k] for k, sparse in present]
            pairs = [(place, self._params[k]) for place, (k, _) in zip(places, present)]
            self._applies[present] = self._applied(pairs)
        return self._applies[present]

    def step(self, grads):
        """Take one step; the global step counts it."""
        there = [(k, g) for k, g in enumerate(grads) if g is not None]
        with self._graph.as_default():
            apply = self._apply(tuple((k, isinstance(g, tensors.SparseRows)) for k, g in there))
        feed = {}
        for k, g in there:
            feed.update(fed(self._grads[k], self._slices[k], g))
        self._session.run(apply, feed)

    def params(self):
        """Return the parameters."""
        return [np.array(value) for value in self._session.run(self._params)]

    def slots(self):
        """Return the slots by the names that the rules use."""
        shown = {}
        for slot, name in self.SLOTS[self._name].items():
            held = [self._optimizer.get_slot(p, name) for p in self._params]
            if all(variable is not None for variable in held):
                shown[slot] = self._session.run(held)
        return shown

    def close(self):
        """Give the session's memory back."""
        self._session.close()
