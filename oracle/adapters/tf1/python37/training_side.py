"""The model of Keras' page, compiled and trained by Keras 2.3.1 as a user does it (Python 3.7).

The session is Keras' usual one, with as many threads as it likes: in which order a step reads and
increments its counter is then for TensorFlow's scheduler to choose, as it is for every user. In the
mode ``ordered`` it is the order that Keras' code intends.
"""

import os

os.environ["KERAS_BACKEND"] = "tensorflow"

import tensorflow as tf
import tensors
from keras import backend, optimizers
from keras.layers import Activation, Dense
from keras.models import Sequential

NAMESPACES = {"keras2": optimizers, "tf.train": tf.train, "tf.contrib.opt": tf.contrib.opt}


def train(message):
    """Train on every batch, and show the weights after those that are asked for."""
    dtype = message["dtype"]
    backend.clear_session()
    backend.set_floatx(dtype)
    try:
        model = compiled(message)
        model.set_weights([tensors.decoded(w, dtype) for w in message["params"]])
        states = []
        for step, batch in enumerate(message["batches"], 1):
            x, y = (tensors.decoded(array, dtype) for array in batch)
            model.train_on_batch(x, y)
            if step in message["steps"]:
                weights = [tensors.encoded(w) for w in model.get_weights()]
                states.append({"step": step, "params": weights})
    finally:
        backend.clear_session()
        backend.set_floatx("float32")
    return {"type": "states", "id": message["id"], "states": states}


def compiled(message):
    """Return the page's model; its optimizer is called by name where a name is given."""
    features, units = message["params"][0]["shape"]
    model = Sequential()
    model.add(Dense(units, kernel_initializer="uniform", input_shape=(features,)))
    model.add(Activation("softmax"))
    model.compile(loss="mean_squared_error", optimizer=optimizer(message))
    return model


def optimizer(message):
    """Return what ``compile`` is given."""
    system, name = message["spec"].split("/")
    if "lookup" in message:
        chosen = message["lookup"]
    else:
        chosen = getattr(NAMESPACES[system], name)(**message["hyper"])
    return ordered(optimizers.get(chosen)) if message["mode"] == "ordered" else chosen


def ordered(optimizer):
    """Let counter and schedule move on when everything that reads them is done."""
    build, update_add = optimizer.get_updates, backend.update_add

    def get_updates(loss, params):
        counted = []
        backend.update_add = lambda variable, by: counted.append((variable, by))
        try:
            updates = [update for update in build(loss=loss, params=params) if update is not None]
        finally:
            backend.update_add = update_add
        schedules = [update for update in updates if isinstance(update, tuple)]
        updates = [update for update in updates if not isinstance(update, tuple)]
        with tf.control_dependencies(updates):
            moved = [backend.update(variable, value) for variable, value in schedules]
            return updates + moved + [update_add(variable, by) for variable, by in counted]

    optimizer.get_updates = get_updates
    return optimizer
