"""An optimizer around another in a graph of its own: what every wrapper shares.

Python 3.7, no oracle.
"""

import graph
import graph_side
import numpy as np
import tensorflow.compat.v1 as tf
import tensors
import tf_inner


class WrappedOptimizer:
    """One wrapper and its variables; a subclass says how it is built and what it adds."""

    ARGUMENT = "opt"

    def __init__(self, name, message, params):
        self._hyper = dict(message["hyper"])
        self._dtype = message["dtype"]
        columns = zip(*message["grads"])
        self._sparse = [any(tensors.is_sparse(g) for g in column) for column in columns]
        self._graph = tf.Graph()
        with self._graph.as_default():
            self._step = tf.train.create_global_step()
            self._params = self._variables(params)
            self._grads = [tf.placeholder(p.dtype, p.shape) for p in params]
            self._slices = [graph_side.slices_like(p) for p in params]
            given = self._hyper.pop(self.ARGUMENT)
            self._inner = tf_inner.WrappedOptimizer(given, self._dtype, self._step)
            self._optimizer = self._built(self._inner.optimizer)
            self._applies = {}
            self._apply(tuple(enumerate(self._sparse)))
            start = [tf.global_variables_initializer(), tf.local_variables_initializer()]
        self._session = graph.new_session(self._graph)
        for operation in start:
            self._session.run(operation)
        self._started()

    def _variables(self, params):
        resource = self._takes_resources()
        return [tf.Variable(p, dtype=p.dtype, use_resource=resource) for p in params]

    def _takes_resources(self):
        """Whether the wrapped class takes these gradients of resource variables."""
        name = self._hyper[self.ARGUMENT]["class_name"]
        return not any(self._sparse) or name not in tf_inner.SPARSE_BY_REFERENCE

    def _got(self, params, getter, use_resource):
        """Return variables that are made through a class's custom getter."""
        with tf.variable_scope("", custom_getter=getter, use_resource=use_resource):
            return [tf.get_variable("p%d" % k, initializer=p) for k, p in enumerate(params)]

    def _built(self, optimizer):
        """Return the wrapper around an optimizer."""
        raise NotImplementedError

    def _applied(self, pairs):
        """Return the operation that applies pairs of gradient and variable."""
        return self._optimizer.apply_gradients(pairs, self._step)

    def _started(self):
        """Do what the class wants done before the first step."""

    def _apply(self, present):
        """Return the operation that applies the gradients that are there: (k, whether sparse)."""
        if present not in self._applies:
            places = [self._slices[k] if sparse else self._grads[k] for k, sparse in present]
            pairs = [(place, self._params[k]) for place, (k, _) in zip(places, present)]
            with tf.variable_scope("", reuse=tf.AUTO_REUSE):
                self._applies[present] = self._applied(pairs)
        return self._applies[present]

    def step(self, grads):
        """Take one step."""
        there = [(k, g) for k, g in enumerate(grads) if g is not None]
        with self._graph.as_default():
            apply = self._apply(tuple((k, isinstance(g, tensors.SparseRows)) for k, g in there))
        feed = {}
        for k, g in there:
            feed.update(graph_side.fed(self._grads[k], self._slices[k], g))
        self._run(apply, feed)

    def _run(self, apply, feed):
        self._session.run(apply, feed)

    def params(self):
        """Return the parameters."""
        return [np.array(value) for value in self._session.run(self._params)]

    def slots(self):
        """Return the slots by the names that the rules use."""
        return {**self._inner.slots(self._session, self._params), **self._own_slots()}

    def _own_slots(self):
        """Return the slots of the wrapper."""
        return {}

    def close(self):
        """Give the session's memory back."""
        self._session.close()
