"""The wrapping optimizers of TensorFlow 1.15's ``tf.contrib.opt``, each with one worker.

Python 3.7, no oracle.
"""

import numpy as np
import tf_inner
from tensorflow.contrib import opt
from wrapped_graph import WrappedOptimizer


class MovingAverage(WrappedOptimizer):
    """Shows the averages as slots."""

    def _built(self, optimizer):
        return opt.MovingAverageOptimizer(optimizer, **self._hyper)

    def _own_slots(self):
        averages = [self._optimizer._ema.average(p) for p in self._params]
        return {"average": self._session.run(averages)}


class Multitask(WrappedOptimizer):
    """Adds nothing."""

    def _built(self, optimizer):
        return opt.MultitaskOptimizerWrapper(optimizer, **self._hyper)


class VariableClipping(WrappedOptimizer):
    """Takes the variables for their indices."""

    def _built(self, optimizer):
        dims = self._hyper.pop("vars_to_clip_dims")
        variables = {self._params[int(k)]: axes for k, axes in dims.items()}
        return opt.VariableClippingOptimizer(optimizer, variables, **self._hyper)


class DropStale(WrappedOptimizer):
    """Computes each gradient at the step in which it is applied."""

    def _built(self, optimizer):
        return opt.DropStaleGradientOptimizer(optimizer, **self._hyper)

    def _applied(self, pairs):
        loss = tf_inner.loss_with_gradients(pairs)
        computed = self._optimizer.compute_gradients(loss, [variable for _, variable in pairs])
        return self._optimizer.apply_gradients(computed, self._step)

    def _own_slots(self):
        (counter,) = [v for v in self._graph.get_collection("variables") if "stale" in v.name]
        return {"stale_counter": [self._session.run(counter) for _ in self._params]}


class ElasticAverage(WrappedOptimizer):
    """Has the pull of the center in gradients that it computes."""

    def _variables(self, params):
        self._getter = opt.ElasticAverageCustomGetter("")
        return self._got(params, self._getter, use_resource=True)

    def _built(self, optimizer):
        rate = self._hyper.pop("moving_rate", None)
        period = self._hyper.get("communication_period", 10)
        if rate is None and self._dtype != "float32":
            rate = opt.ElasticAverageOptimizer.BETA / period / self._hyper["num_worker"]
        if rate is not None:
            rate = np.dtype(self._dtype).type(rate)
        return opt.ElasticAverageOptimizer(
            optimizer, ea_custom_getter=self._getter, moving_rate=rate, **self._hyper
        )

    def _applied(self, pairs):
        loss = tf_inner.loss_with_gradients(pairs)
        computed = self._optimizer.compute_gradients(loss, self._params)
        return self._optimizer.apply_gradients(computed)

    def _started(self):
        with self._graph.as_default():
            start = self._optimizer.get_init_op(0)
        self._session.run(start)

    def _own_slots(self):
        maps = {"local_center": self._getter._local_map, "global_center": self._getter._global_map}
        return {
            name: self._session.run([centers[p] for p in self._params])
            for name, centers in maps.items()
        }


class ModelAverage(WrappedOptimizer):
    """Takes reference variables alone."""

    def _variables(self, params):
        self._getter = opt.ModelAverageCustomGetter("")
        return self._got(params, self._getter, use_resource=False)

    def _built(self, optimizer):
        return opt.ModelAverageOptimizer(optimizer, ma_custom_getter=self._getter, **self._hyper)

    def _started(self):
        with self._graph.as_default():
            start = self._optimizer.get_init_op()
        self._session.run(start)

    def _own_slots(self):
        centers = [self._getter._local_2_global[p] for p in self._params]
        return {"global_center": self._session.run(centers)}


class AccumulatedGradient(WrappedOptimizer):
    """Shows the slots of the center beside those of the parameters."""

    ARGUMENT = "optimizer"

    def _variables(self, params):
        self._getter = opt.AGNCustomGetter("")
        return self._got(params, self._getter, use_resource=self._takes_resources())

    def _built(self, optimizer):
        return opt.AGNOptimizer(optimizer, custom_getter=self._getter, **self._hyper)

    def _applied(self, pairs):
        return self._optimizer.apply_gradients(pairs)

    def _started(self):
        with self._graph.as_default():
            start = self._optimizer.get_init_op(0)
        self._session.run(start)

    def _own_slots(self):
        centers = [self._getter._global_map[p] for p in self._params]
        sums = [self._getter._grad_map[p] for p in self._params]
        return {
            "global_center": self._session.run(centers),
            "accumulated_gradient": self._session.run(sums),
            **self._inner.slots(self._session, centers, "center_"),
        }


CLASSES = {
    "MovingAverageOptimizer": MovingAverage,
    "MultitaskOptimizerWrapper": Multitask,
    "VariableClippingOptimizer": VariableClipping,
    "DropStaleGradientOptimizer": DropStale,
    "ElasticAverageOptimizer": ElasticAverage,
    "ModelAverageOptimizer": ModelAverage,
    "AGNOptimizer": AccumulatedGradient,
}
NAMES = list(CLASSES)


def Optimizer(name, message, params):  # noqa: N802 - the worker builds what has this name
    """Return one wrapper in a graph of its own."""
    return CLASSES[name](name, message, params)
