"""Optax (`optax`): the aliases with two moments, Adam and its kin."""

from __future__ import annotations

from typing import Any

from oracle.rules.directions import amsgrad_rooted, gradient, links
from oracle.rules.directions.adam_rooted import adam_rooted, nadam_rooted
from oracle.rules.directions.adamax import adamax
from oracle.rules.directions.adan import adan
from oracle.rules.directions.belief import adabelief, adabelief_nesterov
from oracle.rules.directions.novograd import novograd
from oracle.rules.directions.radam_rooted import radam_rooted, radam_rooted_nesterov
from oracle.rules.directions.yogi import yogi
from oracle.specification.checks import optional, real
from oracle.specification.direction import direction_with
from oracle.specification.domains import Epsilon, among
from oracle.specification.numbers import number
from oracle.specification.spec import Argument, Hyper
from oracle.systems.optax.arguments import (
    CONSTANT_RATE,
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

_BETA_1 = decay_rate("b1", 0.9, "decay rate of the first moment")
_BETA_2 = decay_rate("b2", 0.999, "decay rate of the second moment")
_EPSILON, _EPS_ROOT = epsilon(1e-8), eps_root(0.0)
_ADAM = (_BETA_1, _BETA_2, _EPSILON, _EPS_ROOT)
_AHEAD = flag("nesterov", False, "look ahead")
_ADAM_FORMS = {(): adam_rooted, ("nesterov",): nadam_rooted}
_OPTIMISM = (
    Argument("alpha", 1.0, among(0.5, 0.75, usual=True, on=0.75), "weight of the gradient"),
    Argument("beta", 1.0, among(0.25, 0.5, usual=True, on=0.5), "weight of how it has grown"),
)
_OPTIMISTIC = direction_with(gradient.optimistic, name="scale_by_optimistic_gradient")
_PLAIN = {"min_norm": 0.0, "trust_coefficient": 1.0}
_BY_NORMS = direction_with(
    links.trust_ratio, name="scale_by_trust_ratio", fixed={**_PLAIN, "eps": 0.0}
)


def _optimism(hyper: Hyper) -> Any:
    given = hyper["optimism"]
    return hyper["learning_rate"] if given is None else given


SECOND_MOMENTS = (
    alias("adam", "Adam.", (RATE, *_ADAM, _AHEAD), _ADAM_FORMS, DESCEND),
    alias(
        "nadam",
        "Adam with Nesterov's momentum, without a momentum schedule.",
        (RATE, *_ADAM, flag("nesterov", True, "look ahead")),
        _ADAM_FORMS,
        DESCEND,
    ),
    alias(
        "adamw",
        "Adam with decoupled weight decay.",
        (RATE, *_ADAM, weight_decay(0.0001), mask(), _AHEAD),
        _ADAM_FORMS,
        decayed(),
        DESCEND,
    ),
    alias(
        "nadamw",
        "Nadam with decoupled weight decay.",
        (RATE, *_ADAM, weight_decay(0.0001), mask(), flag("nesterov", True, "look ahead")),
        _ADAM_FORMS,
        decayed(),
        DESCEND,
    ),
    alias(
        "amsgrad",
        "AMSGrad.",
        (
            RATE,
            *_ADAM,
            flag("bias_correction_mu", True, "correct the first moment"),
            flag("bias_correction_nu", True, "correct the second moment"),
        ),
        {
            (): amsgrad_rooted.amsgrad_uncorrected,
            ("bias_correction_mu",): amsgrad_rooted.amsgrad_first_corrected,
            ("bias_correction_nu",): amsgrad_rooted.amsgrad_second_corrected,
            ("bias_correction_mu", "bias_correction_nu"): amsgrad_rooted.amsgrad_corrected,
        },
        DESCEND,
        quirks=("The maximum is that of corrected second moments.",),
    ),
    alias("adamax", "Adamax.", (RATE, _BETA_1, _BETA_2, _EPSILON), {(): adamax}, DESCEND),
    alias(
        "adamaxw",
        "Adamax with decoupled weight decay.",
        (RATE, _BETA_1, _BETA_2, _EPSILON, weight_decay(0.0001), mask()),
        {(): adamax},
        decayed(),
        DESCEND,
    ),
    alias(
        "radam",
        "RAdam: momentum until the variance of Adam's rate can be told, then Adam.",
        (
            RATE,
            *_ADAM,
            number("threshold", 5.0, "degrees of freedom from which it can", 4.5, 6.0, 5.5),
            _AHEAD,
        ),
        {(): radam_rooted, ("nesterov",): radam_rooted_nesterov},
        DESCEND,
    ),
    alias(
        "adabelief",
        "AdaBelief: Adam whose second moment is that of what its first did not foresee.",
        (RATE, _BETA_1, _BETA_2, epsilon(1e-16), eps_root(1e-16), _AHEAD),
        {(): adabelief, ("nesterov",): adabelief_nesterov},
        DESCEND,
    ),
    alias(
        "yogi",
        "Yogi: Adam whose second moment moves by the gradient's square.",
        (
            RATE,
            _BETA_1,
            _BETA_2,
            Argument("eps", 1e-3, Epsilon(decimals=(0.003, 0.01)), _EPSILON.doc),
        ),
        {(): yogi},
        DESCEND,
        fixed={"eps_root": 0.0, "initial_accumulator_value": 1e-6},
        quirks=("Both moments start at 1e-6.",),
    ),
    alias(
        "adan",
        "Adan: Adam with the average of how gradients change.",
        (
            RATE,
            decay_rate("b1", 0.98, "decay rate of the gradients' average"),
            decay_rate("b2", 0.92, "decay rate of their differences' average"),
            decay_rate("b3", 0.99, "decay rate of the squares' average"),
            _EPSILON,
            eps_root(1e-8),
            weight_decay(0.0),
            mask(),
        ),
        {(): adan},
        decayed(),
        DESCEND,
        quirks=("Differences have the weight 1 - b2, where the paper's, in these terms, is b2.",),
    ),
    alias(
        "lamb",
        "LAMB: Adam's direction at a rate that each tensor's norms scale.",
        (RATE, _BETA_1, _BETA_2, epsilon(1e-6), _EPS_ROOT, weight_decay(0.0), mask()),
        {(): adam_rooted},
        decayed(),
        _BY_NORMS,
        DESCEND,
        quirks=("The decay is inside the ratio of norms.",),
    ),
    alias(
        "novograd",
        "NovoGrad: momentum of gradients over a second moment for each tensor.",
        (
            RATE,
            _BETA_1,
            decay_rate("b2", 0.25, "decay rate of the second moment"),
            epsilon(1e-6),
            _EPS_ROOT,
            weight_decay(0.0),
        ),
        {(): novograd},
        DESCEND,
    ),
    alias(
        "optimistic_adam",
        "Adam whose direction is expected to go on growing as it did; both at rates of their own.",
        (
            CONSTANT_RATE,
            Argument(
                "optimism",
                None,
                among(0.25, 0.5, check=optional(real), on=0.25, zero_is_on=True),
                "rate of the growth",
            ),
            *_ADAM,
            flag("nesterov", True, "look ahead"),
        ),
        _ADAM_FORMS,
        direction_with(
            gradient.optimistic,
            {"alpha": "learning_rate", "beta": "optimism"},
            name="scale_by_optimistic_gradient",
        ),
        direction_with(links.turn_around, name="scale_by_learning_rate"),
        derived={"optimism": _optimism},
    ),
    alias(
        "optimistic_adam_v2",
        "Adam whose direction is expected to go on growing as it did.",
        (RATE, *_OPTIMISM, *_ADAM, flag("nesterov", True, "look ahead")),
        _ADAM_FORMS,
        _OPTIMISTIC,
        DESCEND,
    ),
)
