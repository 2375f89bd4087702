"""The ``tf.contrib.opt`` optimizers of TensorFlow 1.15 in a graph (Python 3.7, no oracle)."""

import contextlib

import ggt_state
import graph_side
import tensorflow.compat.v1 as tf
import tf_inner
import tf_train_side
from tensorflow.contrib import opt
from tensorflow.contrib.opt.python.training import sign_decay

EXTENDED = "extend_with_decoupled_weight_decay."
SLOTS = {
    "AdamWOptimizer": {"m": "m", "v": "v"},
    "MomentumWOptimizer": {"b": "momentum"},
    "AdaMaxOptimizer": {"m": "m", "u": "v"},
    "NadamOptimizer": {"m": "m", "v": "v"},
    "LazyAdamOptimizer": {"m": "m", "v": "v"},
    "AdamGSOptimizer": {"m": "m", "v": "v"},
    "LazyAdamGSOptimizer": {"m": "m", "v": "v"},
    "RegAdagradOptimizer": {"a": "accumulator"},
    "AddSignOptimizer": {"m": "m"},
    "PowerSignOptimizer": {"m": "m"},
    "LARSOptimizer": {"b": "momentum"},
    "ShampooOptimizer": {},
    "GGTOptimizer": {"m": "moment1"},
}
"""By the name that the rules use, the library's name of each slot."""
_EVERY = {**tf_train_side.SLOTS, **SLOTS}
SLOTS.update({EXTENDED + name: slots for name, slots in _EVERY.items()})

NAMES = list(SLOTS)
BY_CALL = ("decay_var_list", "avoid_updating_slots")
"""What is given when gradients are applied, not when the optimizer is made."""


def optimizer(name, hyper, dtype, step):
    """Return an optimizer; ``step`` is the global step."""
    taken = {key: value for key, value in hyper.items() if key not in BY_CALL}
    extended = name.startswith(EXTENDED)
    base = name[len(EXTENDED) :] if extended else name
    if taken.get("global_step") == "global_step" or base == "ShampooOptimizer":
        taken["global_step"] = step
    if taken.get("sign_decay_fn") is not None:
        function = taken["sign_decay_fn"]
        make = getattr(sign_decay, function["class_name"])
        taken["sign_decay_fn"] = make(**function["config"])
    if taken.get("skip_list") is not None:
        taken["skip_list"] = [graph_side.variable_name(k) + ":" for k in taken["skip_list"]]
    if not extended:
        return getattr(opt, name)(**taken)
    decay = taken.pop("weight_decay")
    of_train = base in tf_train_side.SLOTS
    made = opt.extend_with_decoupled_weight_decay(getattr(tf.train if of_train else opt, base))
    if of_train:
        taken = tf_train_side.keywords(base, taken, dtype, step)
    return made(decay, **taken)


class Optimizer(graph_side.GraphOptimizer):
    """One optimizer in a graph of its own."""

    CLASSES = opt
    SLOTS = SLOTS
    SPARSE_BY_REFERENCE = tuple(
        prefix + name
        for prefix in ("", EXTENDED)
        for name in (*tf_inner.SPARSE_BY_REFERENCE, "ShampooOptimizer")
    )
    BY_REFERENCE = (EXTENDED + "ShampooOptimizer",)
    AS_WRITTEN = ("GGTOptimizer",)

    def _built(self, hyper):
        self._hyper = hyper
        return optimizer(self._name, hyper, self._dtype, self._step)

    def _applied(self, pairs):
        chosen = self._hyper.get("decay_var_list")
        more = {}
        if chosen is not None:
            more["decay_var_list"] = [self._params[k] for k in chosen]
        with contextlib.ExitStack() as around:
            if self._hyper.get("avoid_updating_slots"):
                around.enter_context(self._optimizer.avoid_updating_slots())
            return self._optimizer.apply_gradients(pairs, self._step, **more)

    def slots(self):
        """Return the slots by the names that the rules use."""
        if self._name != "GGTOptimizer":
            return super().slots()
        with self._graph.as_default():
            return {"m": ggt_state.moments(self._optimizer, self._params, self._session)}
