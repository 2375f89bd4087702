"""``tf.train.experimental.MixedPrecisionLossScaleOptimizer`` (Python 3.7, no oracle)."""

import tensorflow.compat.v1 as tf
from wrapped_graph import WrappedOptimizer

NAMES = ["experimental.MixedPrecisionLossScaleOptimizer"]


class Optimizer(WrappedOptimizer):
    """Is given its gradients as they are when they are not scaled any more."""

    def _built(self, optimizer):
        self._scale = self._hyper["loss_scale"]
        if isinstance(self._scale, dict):
            self._scale = tf.train.experimental.DynamicLossScale(**self._scale["config"])
        wrapper = tf.train.experimental.MixedPrecisionLossScaleOptimizer(optimizer, self._scale)
        self._scale = wrapper._loss_scale
        return wrapper

    def _own_slots(self):
        kept = {name: variable for (name, _), variable in self._scale._weights.items()}
        return {name: [self._session.run(v) for _ in self._params] for name, v in kept.items()}
