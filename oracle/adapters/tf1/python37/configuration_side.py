"""What Keras 2.3.1 says of an optimizer's configuration, and makes of it (Python 3.7)."""

import os

os.environ["KERAS_BACKEND"] = "tensorflow"

from keras import backend, optimizers


def constructed(name, hyper):
    """Return the optimizer as its class builds it."""
    return getattr(optimizers, name)(**hyper)


def from_config(name, hyper):
    """Return the optimizer that the configuration of another one gives."""
    one = constructed(name, hyper)
    return type(one).from_config(one.get_config())


def deserialized(name, hyper):
    """Return the same by way of ``serialize``, which keeps the name of the class, too."""
    return optimizers.deserialize(optimizers.serialize(constructed(name, hyper)))


def looked_up(name, hyper):
    """Return the optimizer of that name, with its defaults."""
    return optimizers.get(name)


WAYS = {
    "constructor": constructed,
    "config": from_config,
    "serialization": deserialized,
    "name": looked_up,
}


def configure(message):
    """Return the class and the configuration of an optimizer that came about in one of the ways."""
    backend.clear_session()
    optimizer = WAYS[message["way"]](message["name"], message["hyper"])
    config = optimizer.get_config()
    return {
        "type": "configuration",
        "id": message["id"],
        "class_name": type(optimizer).__name__,
        "config": {key: plain(value) for key, value in config.items()},
    }


def plain(value):
    """Return a number of numpy as Python has it."""
    return value.item() if hasattr(value, "item") else value
