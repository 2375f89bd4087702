"""The model of Keras' page, compiled and trained by Keras 3 as a user does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from oracle.adapters.keras.hyperparameters import construct
from oracle.adapters.keras.library import libraries
from oracle.adapters.keras.slots import Array
from oracle.claim import Factory

TrainOnBatch = Callable[[Array, Array], list[Array]]


def trainer(name: str) -> Factory:
    """Return the factory that trains with one class, with what is given of its arguments."""

    def factory(weights: Sequence[Array], **hyper: Any) -> TrainOnBatch:
        return _trained(weights, construct(name, hyper))

    return factory


def trainer_by_name(name: str, weights: Sequence[Array]) -> TrainOnBatch:
    """Hand the optimizer to ``model.compile`` by its name."""
    return _trained(weights, name)


def _trained(weights: Sequence[Array], optimizer: Any) -> TrainOnBatch:
    keras = libraries().keras
    features, units = weights[0].shape
    model = keras.Sequential(
        [
            keras.layers.Input((features,)),
            keras.layers.Dense(units, kernel_initializer="uniform"),
            keras.layers.Activation("softmax"),
        ]
    )
    model.compile(loss="mean_squared_error", optimizer=optimizer)
    model.set_weights([w.copy() for w in weights])

    def train_on_batch(x: Array, y: Array) -> list[Array]:
        model.train_on_batch(x, y)
        return [np.array(w) for w in model.get_weights()]

    return train_on_batch


def configured(way: str, name: str, hyper: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """Return the class and the configuration of an optimizer that came about in one way.

    A list without elements is how Keras keeps the None of an argument that is a list.
    """
    optimizer = _WAYS[way](name, hyper)
    config = {key: None if value == [] else value for key, value in optimizer.get_config().items()}
    return type(optimizer).__name__, config


def _from_config(name: str, hyper: Mapping[str, Any]) -> Any:
    one = construct(name, hyper)
    return type(one).from_config(one.get_config())


def _deserialized(name: str, hyper: Mapping[str, Any]) -> Any:
    optimizers = libraries().keras.optimizers
    return optimizers.deserialize(optimizers.serialize(construct(name, hyper)))


def _looked_up(name: str, hyper: Mapping[str, Any]) -> Any:
    return libraries().keras.optimizers.get(name)


_WAYS: dict[str, Callable[[str, Mapping[str, Any]], Any]] = {
    "constructor": construct,
    "config": _from_config,
    "serialization": _deserialized,
    "name": _looked_up,
}
