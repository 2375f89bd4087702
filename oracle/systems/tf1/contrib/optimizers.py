"""TensorFlow 1.15.5 (`tf.contrib.opt`): the optimizers beside those of decay and of signs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from oracle.rules.adagrad import adagrad_at_rest, adagrad_without_epsilon
from oracle.rules.adamax import adamax_dropping_nan
from oracle.rules.lars import lars, lars_nesterov, lars_skipped, lars_skipped_nesterov
from oracle.rules.nadam import nadam_without_schedule
from oracle.specification.checks import at_least, count
from oracle.specification.domains import Epsilon, Flag, Indices, Momentum, Other, Rate, among
from oracle.specification.draws import Among
from oracle.specification.sparse import ALL_ROWS, LAZY, LAZY_PARAMS
from oracle.specification.spec import REQUIRED, Argument
from oracle.systems.tf1.contrib.base import BASES, GLOBAL_STEP, contrib_spec, heir, in_skip_list
from oracle.systems.tf1.contrib.base import TF_CONTRIB as TF_CONTRIB
from oracle.systems.tf1.contrib.base import TfContrib as TfContrib
from oracle.systems.tf1.contrib.decay import DECAYING
from oracle.systems.tf1.contrib.signs import SIGNS


def _counter(value: Any) -> str | None:
    """Accept a number that rests, or what stands for the graph's counter."""
    wanted = count(0)(value)
    return f"{wanted}, or {GLOBAL_STEP!r}" if wanted and value != GLOBAL_STEP else None


_COUNTER = Argument(
    "global_step",
    0,
    Other(
        _counter,
        Among((GLOBAL_STEP, 2)),
        on=2,
        counting=GLOBAL_STEP,
        others=(3,),
        decimals=(GLOBAL_STEP,),
    ),
    f"what counts the steps: {GLOBAL_STEP!r} or a number, which rests",
)
_EPSILON_HAT = "Epsilon stands beside the uncorrected root (epsilon hat)."
_FROZEN = (
    "By default the counter is the number 0: every step is corrected as the first one.",
    _EPSILON_HAT,
)
_PLAIN_MOMENTUM = replace(
    LAZY,
    doc=f"{LAZY.doc} It is plain momentum in the same slot: no norms, no decay, the rate outside.",
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
    contrib_spec(
        "RegAdagradOptimizer",
        "Adagrad whose slots can be kept from updates.",
        (
            *BASES["AdagradOptimizer"].arguments.values(),
            Argument(
                "avoid_updating_slots",
                False,
                Flag(),
                "whether the step is made within avoid_updating_slots()",
            ),
        ),
        {(): adagrad_without_epsilon, ("avoid_updating_slots",): adagrad_at_rest},
        quirks=(
            "Outside avoid_updating_slots() it is AdagradOptimizer.",
            "Within avoid_updating_slots() the sum of squares still divides.",
            "There is no epsilon.",
            "The accumulator starts at 0.1.",
        ),
        names={},
    ),
    replace(
        contrib_spec(
            "LARSOptimizer",
            "LARS: momentum at a rate that each tensor's norms scale.",
            (
                Argument("learning_rate", REQUIRED, Rate(), "step size"),
                Argument(
                    "momentum", 0.9, Momentum(at_least(0)), "share of the last buffer that is kept"
                ),
                Argument(
                    "weight_decay",
                    0.0001,
                    among(0.0625, 0.004, 0.5, check=at_least(0), on=0.0625, coarse=(0.25,)),
                    "L2 on the gradient",
                ),
                Argument(
                    "eeta",
                    0.001,
                    among(0.0625, 0.5, 1.0, coarse=(0.5,), others=(1.0,)),
                    "trust in the scaled rate",
                ),
                Argument("epsilon", 0.0, Epsilon(), "keeps the sum of norms away from 0"),
                BASES["MomentumOptimizer"].arguments["use_nesterov"],
                Argument(
                    "skip_list",
                    None,
                    Indices(),
                    "indices of the variables without norms and decay; the library takes parts of "
                    "their names",
                ),
            ),
            {(): lars, ("use_nesterov",): lars_nesterov},
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
        stands_apart=in_skip_list,
        apart={(): lars_skipped, ("use_nesterov",): lars_skipped_nesterov},
    ),
)
