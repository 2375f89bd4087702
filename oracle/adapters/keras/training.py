"""The model of Keras' page, compiled and trained by Keras 3 as a user does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from oracle.adapters.keras.hyperparameters import construct
from oracle.adapters.keras.library import Backend, libraries
from oracle.adapters.keras.slots import Array
from oracle.claim import Configured, Factory

TrainOnBatch = Callable[[Array, Array], list[Array]]


def trainer(backend: Backend, name: str) -> Factory:
    """Return the factory that trains with one class, with what is given of its arguments."""

    def factory(weights: Sequence[Array], **hyper: Any) -> TrainOnBatch:
        keras = libraries(backend).keras
        return _trained(keras, weights, construct(keras, name, hyper))

    return factory


def trainer_by_name(backend: Backend) -> Factory:
    """Return what hands the optimizer to ``model.compile`` by its name."""

    def by_name(name: str, weights: Sequence[Array]) -> TrainOnBatch:
        return _trained(libraries(backend).keras, weights, name)

    return by_name


def _trained(keras: Any, weights: Sequence[Array], optimizer: Any) -> TrainOnBatch:
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


def configurer(backend: Backend) -> Configured:
    """Return what tells the class and the configuration of an optimizer, made in one way.

    A list without elements is how Keras keeps the None of an argument that is a list.
    """

    def configured(way: str, name: str, hyper: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
        optimizer = _WAYS[way](libraries(backend).keras, name, hyper)
        config = optimizer.get_config().items()
        return type(optimizer).__name__, {k: None if v == [] else v for k, v in config}

    return configured


def _from_config(keras: Any, name: str, hyper: Mapping[str, Any]) -> Any:
    one = construct(keras, name, hyper)
    return type(one).from_config(one.get_config())


def _deserialized(keras: Any, name: str, hyper: Mapping[str, Any]) -> Any:
    optimizers = keras.optimizers
    return optimizers.deserialize(optimizers.serialize(construct(keras, name, hyper)))


def _looked_up(keras: Any, name: str, hyper: Mapping[str, Any]) -> Any:
    return keras.optimizers.get(name)


_WAYS: dict[str, Callable[[Any, str, Mapping[str, Any]], Any]] = {
    "constructor": construct,
    "config": _from_config,
    "serialization": _deserialized,
    "name": _looked_up,
}
