"""Candidates with several hyperparameters wrong at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from oracle import Implementation
from oracle.dtypes import DTYPES
from wrong.fault import HONEST


@dataclass(frozen=True)
class WrongNumbers:
    """A candidate that changes what it is given, a case, and what has to be told of it."""

    name: str
    spec: str
    change: Any
    case: str
    says: str
    dtype: str = "float32"

    @property
    def implementation(self) -> Implementation:
        """The candidate."""
        it = Implementation(self.name, dtypes=DTYPES, schedules=True, missing_gradients=True)

        @it.implements(self.spec)
        def changed(params, **hyper):
            return HONEST[self.spec](params, **self.change(hyper))

        return it

    @property
    def fault(self) -> WrongNumbers:
        """What has the implementation."""
        return self

    def __str__(self) -> str:
        return self.name


def _times(ratios: dict[str, float]) -> Any:
    return lambda hyper: {**hyper, **{n: r * hyper[n] for n, r in ratios.items() if n in hyper}}


def _exchanged(one: str, other: str) -> Any:
    return lambda hyper: {**hyper, one: hyper[other], other: hyper[one]}


ADAM = "keras3/Adam"
NUMBERS = [
    WrongNumbers(
        "adam_rate_and_epsilon_exchanged",
        ADAM,
        _exchanged("learning_rate", "epsilon"),
        "coarse",
        "learning_rate and epsilon exchanged",
    ),
    WrongNumbers(
        "adam_two_numbers_of_its_own",
        ADAM,
        lambda hyper: {**hyper, "learning_rate": 0.3, "beta_1": 0.8},
        "coarse",
        "learning_rate=0.3 instead of learning_rate=0.125 and beta_1=0.8 instead of beta_1=0.5",
    ),
    WrongNumbers(
        "adam_two_numbers_scaled",
        ADAM,
        _times({"learning_rate": 3.0, "epsilon": 7.0}),
        "coarse",
        "3.0 * learning_rate instead of learning_rate and 7.0 * epsilon instead of epsilon",
    ),
    WrongNumbers(
        "adadelta_with_the_defaults_of_tensorflow",
        "keras2/Adadelta",
        lambda hyper: {"learning_rate": 0.001, "epsilon": 1e-8, **hyper},
        "defaults",
        "learning_rate=0.001, epsilon=1e-08, the defaults of tf.train/AdadeltaOptimizer",
    ),
    WrongNumbers(
        "adam_at_its_defaults",
        ADAM,
        lambda hyper: {},
        "coarse",
        "the defaults, whatever is given for learning_rate, beta_1, beta_2, epsilon",
    ),
]
