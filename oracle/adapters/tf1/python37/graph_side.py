"""An optimizer of TensorFlow 1 in a graph of its own: what every side of this kind shares.

Python 3.7, no oracle.
"""

import graph
import numpy as np
import tensorflow.compat.v1 as tf


class GraphOptimizer:
    """One optimizer and its variables; a subclass says which classes there are."""

    CLASSES = None
    """The module of the library that has the classes."""
    SLOTS = None
    """For each class, by the name that the rules use, the library's name of each slot."""

    def __init__(self, name, message, params):
        self._name = name
        self._dtype = message["dtype"]
        self._graph = tf.Graph()
        with self._graph.as_default():
            self._step = tf.train.create_global_step()
            self._params = [tf.Variable(p, dtype=p.dtype, use_resource=True) for p in params]
            self._grads = [tf.placeholder(p.dtype, p.shape) for p in params]
            self._optimizer = getattr(self.CLASSES, name)(**self._keywords(message["hyper"]))
            self._applies = {}
            self._apply(tuple(range(len(params))))
            start = tf.global_variables_initializer()
        self._session = graph.new_session(self._graph)
        self._session.run(start)

    def _keywords(self, hyper):
        """Return the arguments as the class takes them."""
        return dict(hyper)

    def _apply(self, present):
        """Return the operation that applies the gradients that are there."""
        if present not in self._applies:
            pairs = [(self._grads[k], self._params[k]) for k in present]
            self._applies[present] = self._optimizer.apply_gradients(pairs, self._step)
        return self._applies[present]

    def step(self, grads):
        """Take one step; the global step counts it."""
        present = tuple(k for k, g in enumerate(grads) if g is not None)
        with self._graph.as_default():
            apply = self._apply(present)
        self._session.run(apply, {self._grads[k]: grads[k] for k in present})

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
