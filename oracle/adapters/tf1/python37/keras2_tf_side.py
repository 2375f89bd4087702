"""Keras 2.3.1's TFOptimizer around an optimizer of TensorFlow 1.15 (Python 3.7, no oracle).

Keras moves its counter on while TensorFlow does so, too; here the steps of the variables are run
before it, as none of the optimizers reads it.
"""

import graph
import keras
import numpy as np
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
        self._inner = tf_inner.Inner(message["hyper"]["optimizer"], dtype, None)
        self._params = [backend.variable(p, dtype=dtype) for p in params]
        self._grads = [backend.placeholder(p.shape, dtype=dtype) for p in params]
        inner = self._inner.optimizer
        inner.compute_gradients = lambda loss, var_list: list(zip(self._grads, var_list))
        optimizer = keras.optimizers.get(inner)
        count, self._update = optimizer.get_updates(loss=None, params=self._params)
        self._count = count.op
        self._session = backend.get_session()
        held = [v for v in inner.variables() if v not in self._params]
        self._session.run([variable.initializer for variable in held])

    def step(self, grads):
        """Take one step."""
        self._session.run(self._update, dict(zip(self._grads, grads)))
        self._session.run(self._count)

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
