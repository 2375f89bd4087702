"""TensorFlow 1.15.5 (`tf.contrib.opt`): the optimizers beside those of decay and of signs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from oracle.rules.adagrad import adagrad_at_rest, adagrad_without_epsilon
from oracle.rules.adamax import adamax_dropping_nan
from oracle.rules.lars import lars, lars_nesterov, lars_skipped, lars_skipped_nesterov
from oracle.rules.nadam import nadam_without_schedule
from oracle.rules.rule import Rule
from oracle.specification.checks import at_least, count, flag, indices, optional, real
from oracle.specification.sparse import ALL_ROWS, LAZY, LAZY_PARAMS
from oracle.specification.spec import REQUIRED, Argument, Hyper
from oracle.systems.tf1.contrib.base import BASES, GLOBAL_STEP, contrib_spec, heir
from oracle.systems.tf1.contrib.base import TF_CONTRIB as TF_CONTRIB
from oracle.systems.tf1.contrib.base import TfContrib as TfContrib
from oracle.systems.tf1.contrib.decay import DECAYING
from oracle.systems.tf1.contrib.signs import SIGNS


def choose_lars(hyper: Hyper) -> Rule:
    """Return the form of LARS with or without Nesterov's momentum."""
    return lars_nesterov if hyper["use_nesterov"] else lars


def _choose_reg_adagrad(hyper: Hyper) -> Rule:
    return adagrad_at_rest if hyper["avoid_updating_slots"] else adagrad_without_epsilon


def _counter(value: Any) -> str | None:
    """Accept a number that rests, or what stands for the graph's counter."""
    wanted = count(0)(value)
    return f"{wanted}, or {GLOBAL_STEP!r}" if wanted and value != GLOBAL_STEP else None


_COUNTER = Argument(
    "global_step", 0, f"what counts the steps: {GLOBAL_STEP!r} or a number, which rests", _counter
)
_EPSILON_HAT = "Epsilon stands beside the uncorrected root (epsilon hat)."
_FROZEN = (
    "By default the counter is the number 0: every step is corrected as the first one.",
    _EPSILON_HAT,
)
_PLAIN_MOMENTUM = replace(
    LAZY,
    doc=f"{LAZY.doc} It is plain momentum in the same slot: no norms, no decay, the rate outside.",
    choose=BASES["MomentumOptimizer"].rules,
    forms=BASES["MomentumOptimizer"].forms,
)

SPECS = (
    *DECAYING,
    *SIGNS,
    heir(
        "AdaMaxOptimizer",
        "AdamOptimizer",
        "Adam with the infinity norm for the second moment.",
        form=adamax_dropping_nan,
        quirks=(
            "Epsilon is added to the norm.",
            "The norm forgets a gradient that is NaN.",
        ),
    ),
    heir(
        "NadamOptimizer",
        "AdamOptimizer",
        "Adam with Nesterov's momentum.",
        form=nadam_without_schedule,
        quirks=(
            "There is no momentum schedule.",
            "Both parts of the first moment are corrected by 1 - beta1^t.",
            _EPSILON_HAT,
        ),
        sparse=LAZY_PARAMS,
    ),
    heir(
        "LazyAdamOptimizer",
        "AdamOptimizer",
        "Adam, lazy on sparse gradients alone.",
        quirks=("On dense gradients it is AdamOptimizer.", _EPSILON_HAT),
    ),
    heir(
        "AdamGSOptimizer",
        "AdamOptimizer",
        "Adam that takes its step from a counter which it is given.",
        _COUNTER,
        quirks=_FROZEN,
        sparse=ALL_ROWS,
    ),
    heir(
        "LazyAdamGSOptimizer",
        "AdamOptimizer",
        "AdamGS, lazy on sparse gradients.",
        _COUNTER,
        quirks=("On dense gradients it is AdamGSOptimizer.", *_FROZEN),
    ),
    replace(
        contrib_spec(
            "RegAdagradOptimizer",
            "Adagrad whose slots can be kept from updates.",
            (
                *BASES["AdagradOptimizer"].arguments.values(),
                Argument(
                    "avoid_updating_slots",
                    False,
                    "whether the step is made within avoid_updating_slots()",
                    flag,
                ),
            ),
            adagrad_without_epsilon,
            adagrad_at_rest,
            quirks=(
                "Outside avoid_updating_slots() it is AdagradOptimizer.",
                "Within avoid_updating_slots() the sum of squares still divides.",
                "There is no epsilon.",
                "The accumulator starts at 0.1.",
            ),
            names={},
        ),
        rules=_choose_reg_adagrad,
    ),
    replace(
        contrib_spec(
            "LARSOptimizer",
            "LARS: momentum at a rate that each tensor's norms scale.",
            (
                Argument("learning_rate", REQUIRED, "step size", real),
                Argument("momentum", 0.9, "share of the last buffer that is kept", at_least(0)),
                Argument("weight_decay", 0.0001, "L2 on the gradient", at_least(0)),
                Argument("eeta", 0.001, "trust in the scaled rate", real),
                Argument("epsilon", 0.0, "keeps the sum of norms away from 0", real),
                BASES["MomentumOptimizer"].arguments["use_nesterov"],
                Argument(
                    "skip_list",
                    None,
                    "indices of the variables without norms and decay; the library takes parts of "
                    "their names",
                    optional(indices),
                ),
            ),
            lars,
            lars_nesterov,
            quirks=(
                "Where the weights or the gradient have no norm above 0, the trust ratio is 1.",
                "A gradient with NaN in it has a trust ratio of 1.",
                "The decay is added to the gradient, and its share of the norm to the divisor.",
                "The learning rate is inside the buffer.",
                "A variable in skip_list has neither norms nor decay.",
            ),
            names={},
            sparse=_PLAIN_MOMENTUM,
        ),
        rules=choose_lars,
        apart=(lars_skipped, lars_skipped_nesterov),
    ),
)
