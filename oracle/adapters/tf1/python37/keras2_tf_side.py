"""Keras 2.3.1's TFOptimizer around an optimizer of TensorFlow 1.15 (Python 3.7, no oracle).

Keras moves its counter on while TensorFlow does so, too; here the steps of the variables are run
before it, as none of the optimizers reads it.
"""

import graph
import graph_side
import keras
import numpy as np
import tensors
import tf_inner
from keras import backend

NAMES = ["TFOptimizer"]


class Optimizer:
    """One optimizer in a graph of its own."""

    def __init__(self, name, message, params):
        backend.clear_session()
        backend.set_session(graph.new_session())
        dtype = message["dtype"]
        backend.set_floatx(dtype)
        self._inner = tf_inner.WrappedOptimizer(message["hyper"]["optimizer"], dtype, None)
        self._params = [backend.variable(p, dtype=dtype) for p in params]
        self._dense = [backend.placeholder(p.shape, dtype=dtype) for p in params]
        self._slices = [graph_side.slices_like(p) for p in params]
        columns = zip(*message["grads"])
        self._sparse = [any(tensors.is_sparse(g) for g in column) for column in columns]
        inner = self._inner.optimizer
        inner.compute_gradients = lambda loss, var_list: list(zip(self._places(), var_list))
        optimizer = keras.optimizers.get(inner)
        count, self._update = optimizer.get_updates(loss=None, params=self._params)
        self._count = count.op
        self._session = backend.get_session()
        held = [v for v in inner.variables() if v not in self._params]
        self._session.run([variable.initializer for variable in held])

    def step(self, grads):
        """Take one step."""
        feed = {}
        for k, g in enumerate(grads):
            g = tensors.SparseRows.of_every_row(g) if self._sparse[k] else g
            feed.update(graph_side.fed(self._dense[k], self._slices[k], g))
        self._session.run(self._update, feed)
        self._session.run(self._count)

    def _places(self):
        """Return what is fed: one that is sparse in some step takes every row in the others."""
        places = zip(self._dense, self._slices, self._sparse)
        return [slices if sparse else dense for dense, slices, sparse in places]

    def params(self):
        """Return the parameters."""
        return [np.array(value) for value in self._session.run(self._params)]

    def slots(self):
        """Return the slots by the names that the rules use."""
        return self._inner.slots(self._session, self._params)

    def close(self):
        """Give the session's memory back."""
        self._session.close()
        backend.set_floatx("float32")
