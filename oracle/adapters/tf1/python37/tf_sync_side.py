"""``tf.train.SyncReplicasOptimizer`` with one worker, whose chief acts as soon as it can.

Python 3.7, no oracle. The worker's step waits for a token that only the chief can give it, so that
it runs in a thread of its own, while the chief is run here instead of by the library's queue
runner: in which order they act is then settled.
"""

import threading

import tensorflow.compat.v1 as tf
from wrapped_graph import WrappedOptimizer

NAMES = ["SyncReplicasOptimizer"]


class Optimizer(WrappedOptimizer):
    """The worker and the chief."""

    def _built(self, optimizer):
        self._group = self._hyper["replicas_to_aggregate"]
        return tf.train.SyncReplicasOptimizer(optimizer, **self._hyper)

    def _applied(self, pairs):
        worker = self._optimizer.apply_gradients(pairs, self._step)
        self._optimizer.ready_for_local_init_op.mark_used()
        (self._chief,) = self._optimizer.get_chief_queue_runner().enqueue_ops
        accumulators = [accumulator for accumulator, _ in self._optimizer._accumulator_list]
        self._collected = [accumulator.num_accumulated() for accumulator in accumulators]
        self._tokens = self._optimizer.get_init_tokens_op()
        return worker

    def _started(self):
        self._session.run(self._optimizer.chief_init_op)
        self._session.run(self._tokens)

    def _run(self, apply, feed):
        """Let the worker take its step, and the chief act when a group is whole."""
        worker = threading.Thread(target=self._session.run, args=(apply, feed))
        worker.start()
        while worker.is_alive():
            self._act()
            worker.join(0.001)
        self._act()

    def _act(self):
        if min(self._session.run(self._collected), default=0) >= self._group:
            self._session.run(self._chief)
