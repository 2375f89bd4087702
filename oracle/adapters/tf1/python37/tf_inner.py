"""The optimizer that another one wraps, built from its mapping (Python 3.7, no oracle)."""

import importlib

import tensorflow.compat.v1 as tf
import tf_train_side

SPARSE_BY_REFERENCE = ("AddSignOptimizer", "PowerSignOptimizer")
"""The classes that take sparse gradients of reference variables alone."""


class WrappedOptimizer:
    """A wrapped optimizer, and its slots by the names that the rules use."""

    def __init__(self, given, dtype, step):
        self._name = given["class_name"]
        of_train = self._name in tf_train_side.SLOTS
        side = tf_train_side if of_train else importlib.import_module("tf_contrib_side")
        self._slots = side.SLOTS[self._name]
        self.optimizer = side.optimizer(self._name, given["config"], dtype, step)

    def slots(self, session, params, prefix=""):
        """Return the slots of these variables; ``prefix`` tells them from those of others."""
        shown = {}
        for slot, name in self._slots.items():
            held = [self.optimizer.get_slot(p, name) for p in params]
            if all(variable is not None for variable in held):
                shown[prefix + slot] = session.run(held)
        return shown


def loss_with_gradients(pairs):
    """Return a loss whose gradients by the variables are the placeholders, to the last bit."""
    return tf.add_n([tf.reduce_sum(_met(gradient, variable)) for gradient, variable in pairs])


def _met(gradient, variable):
    """Return the variable times its gradient: of a sparse one, the rows that it has."""
    if isinstance(gradient, tf.IndexedSlices):
        return tf.gather(variable, gradient.indices) * gradient.values
    return variable * gradient
