"""Optax (`optax.contrib`): the arguments, the defaults and the links of each alias."""

from __future__ import annotations

from functools import partial

from oracle.rules.directions import adopt as adopting
from oracle.rules.directions.acprop import acprop
from oracle.rules.directions.ademamix import ademamix, simplified_ademamix
from oracle.rules.directions.cocob import cocob
from oracle.rules.directions.links import ascend
from oracle.rules.directions.madgrad import madgrad
from oracle.specification.direction import direction_with
from oracle.specification.domains import DecayRate, Momentum, Start
from oracle.specification.numbers import number
from oracle.specification.spec import Argument
from oracle.systems.optax.arguments import (
    DESCEND,
    RATE,
    alias,
    decay_rate,
    decayed,
    eps_root,
    epsilon,
    flag,
    mask,
    weight_decay,
)

_alias = partial(alias, contrib=True)
_BETA_1 = decay_rate("b1", 0.9, "decay rate of the first moment")
_BETA_2 = decay_rate("b2", 0.999, "decay rate of the second moment")
_DECAY = (weight_decay(0.0), mask())

CONTRIB = (
    _alias(
        "acprop",
        "ACProp: AdaBelief without momentum, its second moment that of the step before.",
        (RATE, _BETA_1, _BETA_2, epsilon(1e-16), eps_root(1e-16), *_DECAY),
        {(): acprop},
        decayed(),
        DESCEND,
        quirks=("The first step goes along the gradient itself.",),
    ),
    _alias(
        "ademamix",
        "AdEMAMix: Adam with a slow average of gradients beside the fast one.",
        (
            RATE,
            _BETA_1,
            _BETA_2,
            decay_rate("b3", 0.9999, "decay rate of the slow average"),
            number("alpha", 5.0, "weight of the slow average", 0.5, 2.0, 1.3),
            epsilon(1e-8),
            eps_root(0.0),
            *_DECAY,
        ),
        {(): ademamix},
        decayed(),
        DESCEND,
    ),
    _alias(
        "simplified_ademamix",
        "AdEMAMix with a sum of gradients in the place of its slow average.",
        (
            RATE,
            decay_rate("b1", 0.99, "share of the sum that is kept"),
            Argument(
                "b2",
                0.95,
                DecayRate(decimals=(0.8, 0.7, 0.6)),
                "decay rate of the second moment",
            ),
            number("alpha", 0.0, "weight of the gradient", 0.5, 2.0, 1.3),
            epsilon(1e-8),
            eps_root(0.0),
            *_DECAY,
        ),
        {(): simplified_ademamix},
        decayed(),
        DESCEND,
    ),
    _alias(
        "adopt",
        "ADOPT: gradients over the root of the second moment before them, then averaged.",
        (
            RATE,
            _BETA_1,
            decay_rate("b2", 0.9999, "decay rate of the second moment"),
            epsilon(1e-6),
            flag("nesterov", False, "look ahead"),
            flag("use_clipping", True, "clip what is averaged"),
        ),
        {
            (): adopting.adopt,
            ("use_clipping",): adopting.adopt_clipped,
            ("nesterov",): adopting.adopt_nesterov,
            ("nesterov", "use_clipping"): adopting.adopt_clipped_nesterov,
        },
        DESCEND,
        quirks=("The first step moves nothing.",),
    ),
    _alias(
        "cocob",
        "COCOB: steps without a rate, by betting on each element.",
        (
            Argument("learning_rate", 1.0, RATE.domain, RATE.doc),
            number("alpha", 100.0, "how slowly stakes grow", 2.0, 4.0, 7.3),
            Argument("eps", 1e-8, Start(), "where the largest gradient starts"),
            *_DECAY,
        ),
        {(): cocob},
        before=(decayed(), direction_with(ascend, name="scale_by_learning_rate")),
        quirks=("The rate scales gradients, not steps.",),
    ),
    _alias(
        "madgrad",
        "MADGRAD: dual averaging with momentum.",
        (
            RATE,
            Argument("momentum", 0.9, Momentum(), "share of the parameter that is kept"),
            weight_decay(0.0),
            epsilon(1e-6),
        ),
        {(): madgrad},
        before=(decayed(masked_by=None),),
        quirks=("The rate weighs gradients: a later rate does not touch earlier steps.",),
    ),
)
