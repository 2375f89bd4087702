"""The ``tf.train`` optimizers in a graph: TensorFlow 1.15's, and those that are left of them today.

Python 3.7, no oracle.
"""

import graph
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


class Optimizer:
    """One optimizer in a graph of its own."""

    def __init__(self, name, message, params):
        self._name = name
        self._dtype = message["dtype"]
        self._graph = tf.Graph()
        with self._graph.as_default():
            self._step = tf.train.create_global_step()
            self._params = [tf.Variable(p, dtype=p.dtype, use_resource=True) for p in params]
            self._grads = [tf.placeholder(p.dtype, p.shape) for p in params]
            self._optimizer = getattr(tf.train, name)(**self._keywords(message["hyper"]))
            self._applies = {}
            self._apply(tuple(range(len(params))))
            start = tf.global_variables_initializer()
        self._session = graph.new_session(self._graph)
        self._session.run(start)

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
        for slot, name in SLOTS[self._name].items():
            held = [self._optimizer.get_slot(p, name) for p in self._params]
            if all(variable is not None for variable in held):
                shown[slot] = self._session.run(held)
        return shown

    def close(self):
        """Give the session's memory back."""
        self._session.close()
