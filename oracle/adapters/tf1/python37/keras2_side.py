"""Keras 2.3.1's own optimizers, driven through ``get_updates`` (Python 3.7, no oracle).

Keras reads its step counter while another operation of the same graph increments it, in no defined
order. Here each step is three runs of the session: first the updates of slots and parameters, then
Nadam's momentum schedule, then the counter; that is the order in which the code is written.

Keras 2.3.1 cannot optimize an empty parameter at all (K.zeros((0,)) is no variable, so that its
update raises AttributeError); the empty ones are left out here and shown as they came.
"""

import os

os.environ["KERAS_BACKEND"] = "tensorflow"

import graph
import graph_side
import keras
import numpy as np
import tensors
from keras import backend

SLOTS = {
    "SGD": ["v"],
    "RMSprop": ["v"],
    "Adagrad": ["a"],
    "Adadelta": ["a", "d"],
    "Adam": ["m", "v", "v_max"],
    "Adamax": ["m", "u"],
    "Nadam": ["m", "v"],
}
"""In the order of ``optimizer.weights``, behind the counter and Nadam's schedule."""

NAMES = list(SLOTS)


class Optimizer:
    """One optimizer in a graph of its own."""

    def __init__(self, name, message, params):
        backend.clear_session()
        backend.set_session(graph.new_session())
        backend.set_floatx(message["dtype"])
        self._name = name
        self._hyper = {key: value for key, value in message["hyper"].items() if value is not None}
        self._optimizer = self._built(message.get("lookup"))
        self._given = params
        self._filled = [k for k, p in enumerate(params) if p.size]
        filled = [params[k] for k in self._filled]
        self._params = [backend.variable(p, dtype=message["dtype"]) for p in filled]
        self._dense = [backend.placeholder(p.shape, dtype=message["dtype"]) for p in filled]
        self._slices = [graph_side.slices_like(p) for p in filled]
        rows = message["grads"]
        self._sparse = [any(tensors.is_sparse(row[k]) for row in rows) for k in self._filled]
        places = zip(self._dense, self._slices, self._sparse)
        self._grads = [slices if sparse else dense for dense, slices, sparse in places]
        self._phases = self._ordered(self._updates())
        self._session = backend.get_session()

    def _built(self, lookup):
        if lookup is not None:
            return keras.optimizers.get(lookup)
        return getattr(keras.optimizers, self._name)(**self._hyper)

    def _updates(self):
        """Build the library's own updates, with placeholders for what K.gradients would give."""
        real = backend.gradients
        backend.gradients = lambda loss, variables: list(self._grads)
        try:
            return self._optimizer.get_updates(loss=backend.constant(0.0), params=self._params)
        finally:
            backend.gradients = real

    def _ordered(self, updates):
        count, rest = updates[0], list(updates[1:])
        schedule = [backend.update(*rest.pop(0))] if self._name == "Nadam" else []
        return [[update.op for update in phase] for phase in (rest, schedule, [count])]

    def step(self, grads):
        """Take one step in three runs of the session."""
        feed = {}
        for place, k in enumerate(self._filled):
            g = tensors.SparseRows.of_every_row(grads[k]) if self._sparse[place] else grads[k]
            feed.update(graph_side.fed(self._dense[place], self._slices[place], g))
        for phase in self._phases:
            if phase:
                self._session.run(phase, feed)

    def params(self):
        """Return the parameters."""
        return self._with_empty(self._session.run(self._params))

    def _with_empty(self, arrays):
        whole = list(self._given)
        for k, array in zip(self._filled, arrays):
            whole[k] = np.array(array)
        return whole

    def slots(self):
        """Return the slots by the names that the rules use."""
        weights = self._session.run(self._optimizer.weights)
        shown = {}
        if self._name == "Nadam":
            shown["mu_product"] = [weights[1] for _ in self._given]
        count = len(self._params)
        arrays = weights[2:] if self._name == "Nadam" else weights[1:]
        for place, slot in enumerate(SLOTS[self._name]):
            if slot != "v_max" or self._hyper.get("amsgrad"):
                shown[slot] = self._with_empty(arrays[place * count : (place + 1) * count])
        return shown

    def close(self):
        """Give the session's memory back."""
        self._session.close()
        backend.set_floatx("float32")
