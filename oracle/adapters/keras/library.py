"""Keras 3 on TensorFlow, imported when it is first needed, quietly, or refused in one sentence."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from oracle.errors import ImplementationError

BACKEND = "tensorflow"
FLOATX = "float32"


@dataclass(frozen=True)
class Libraries:
    """The two modules that the adapter drives."""

    keras: ModuleType
    tensorflow: ModuleType


@cache
def libraries() -> Libraries:
    """Import Keras and TensorFlow; what the declared precision does not hold for is refused."""
    _choose_backend()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        import keras
        import tensorflow
    except ImportError as error:
        raise ImplementationError(
            f"Keras on TensorFlow cannot be imported ({error}): "
            "install them with `pip install 'optimizer-oracle[keras]'`"
        ) from error
    _refuse_other_settings(keras)
    tensorflow.get_logger().setLevel("ERROR")
    return Libraries(keras, tensorflow)


def _choose_backend() -> None:
    """Keras fixes its backend at import, so another choice has to be refused before."""
    backend = os.environ.setdefault("KERAS_BACKEND", BACKEND)
    if backend != BACKEND and "keras" not in sys.modules:
        raise _wrong_backend(backend)


def _refuse_other_settings(keras: ModuleType) -> None:
    backend, floatx = keras.config.backend(), keras.config.floatx()
    if backend != BACKEND:
        raise _wrong_backend(backend)
    if floatx != FLOATX:
        raise ImplementationError(
            f"Keras has floatx {floatx!r}, in which it then holds the learning rate: the declared "
            f"precision is that of floatx {FLOATX!r}; remove the setting"
        )


def _wrong_backend(backend: str) -> ImplementationError:
    return ImplementationError(
        f"Keras has the backend {backend!r}, and this implementation drives it on {BACKEND!r}: "
        f"unset KERAS_BACKEND or set it to {BACKEND}"
    )
