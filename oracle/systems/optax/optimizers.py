"""Optax (`optax`): the aliases without a second moment, and those that divide by a root alone."""

from __future__ import annotations

from oracle.rules.directions import gradient, links, momentum, rms
from oracle.rules.directions.adadelta import adadelta
from oracle.rules.directions.adagrad import adagrad_resting_at_zero
from oracle.rules.directions.lion import lion
from oracle.rules.directions.rprop import rprop_one_step_late
from oracle.specification.checks import optional, real
from oracle.specification.direction import chosen_by, direction_with
from oracle.specification.domains import Momentum, Share, Start, among
from oracle.specification.numbers import number
from oracle.specification.spec import Argument
from oracle.systems.optax.arguments import (
    CONSTANT_RATE,
    DESCEND,
    RATE,
    RATE_OR_NONE,
    alias,
    decay_rate,
    decayed,
    eps_root,
    epsilon,
    flag,
    is_let_through,
    mask,
    weight_decay,
)
from oracle.systems.optax.base import Chosen

_BETA_1 = decay_rate("b1", 0.9, "decay rate of the first moment")
_EPSILON, _EPS_ROOT = epsilon(1e-8), eps_root(0.0)
_AHEAD = flag("nesterov", False, "look ahead")
_MOMENTUM = Argument(
    "momentum",
    None,
    Momentum(optional(real), zero_is_on=True),
    "share of the buffer; None for none",
)
_NESTEROV = flag("nesterov", False, "look ahead", "momentum")
_OPTIMISM = (
    Argument("alpha", 1.0, among(0.5, 0.75, usual=True, on=0.75), "weight of the gradient"),
    Argument("beta", 1.0, among(0.25, 0.5, usual=True, on=0.5), "weight of how it has grown"),
)
_BUFFERED = {(): momentum.heavy_ball, ("nesterov",): momentum.nesterov}
_TRACE = Chosen("trace", _BUFFERED, asks=("momentum",))
_BY_MASKED_NORMS = direction_with(
    links.trust_ratio,
    name="scale_by_trust_ratio",
    fixed={"min_norm": 0.0},
    holds=chosen_by("trust_ratio_mask", is_let_through),
)
RMS_FORMS = {
    (): rms.rms_epsilon_beside,
    ("bias_correction",): rms.rms_epsilon_beside_corrected,
    ("eps_in_sqrt",): rms.rms,
    ("eps_in_sqrt", "bias_correction"): rms.rms_corrected,
    ("centered",): rms.rms_centered_epsilon_beside,
    ("centered", "bias_correction"): rms.rms_centered_epsilon_beside_corrected,
    ("centered", "eps_in_sqrt"): rms.rms_centered,
    ("centered", "eps_in_sqrt", "bias_correction"): rms.rms_centered_corrected,
}
_STARTS = Start()


FIRST_ORDER = (
    alias(
        "sgd",
        "Gradient descent with momentum and Nesterov's momentum.",
        (RATE, _MOMENTUM, _NESTEROV),
        {
            (): gradient.steepest,
            ("momentum",): momentum.heavy_ball,
            ("momentum", "nesterov"): momentum.nesterov,
        },
        DESCEND,
        quirks=("The learning rate is outside the buffer.",),
    ),
    alias(
        "sign_sgd", "The sign of the gradient.", (RATE,), {(): gradient.sign_of_gradient}, DESCEND
    ),
    alias(
        "signum",
        "The sign of an average of gradients.",
        (RATE, decay_rate("beta", 0.9, "decay rate of the average")),
        {(): gradient.signum},
        DESCEND,
    ),
    alias(
        "optimistic_gradient_descent",
        "Gradient descent that expects the gradient to go on growing as it did.",
        (RATE, *_OPTIMISM),
        {(): gradient.optimistic},
        DESCEND,
    ),
    alias(
        "lion",
        "Lion: the sign of an interpolated momentum.",
        (
            RATE,
            _BETA_1,
            decay_rate("b2", 0.99, "decay rate of the momentum"),
            weight_decay(0.001),
            mask(),
        ),
        {(): lion},
        decayed(),
        DESCEND,
        quirks=("Weights decay by default.",),
    ),
    alias(
        "lars",
        "LARS: momentum at a rate that each tensor's norms scale.",
        (
            RATE,
            weight_decay(0.0),
            mask("weight_decay_mask", default=True),
            number("trust_coefficient", 0.001, "factor of the ratio of norms", 0.5, 0.25, 0.03),
            epsilon(0.0),
            mask("trust_ratio_mask", "trust_coefficient", default=True),
            Argument("momentum", 0.9, Momentum(), "share of the buffer that is kept"),
            _AHEAD,
        ),
        _BUFFERED,
        before=(decayed(masked_by="weight_decay_mask"), _BY_MASKED_NORMS, DESCEND),
        quirks=("The learning rate is inside the buffer.",),
    ),
    alias(
        "fromage",
        "Fromage: steps relative to each tensor's norm, which shrink it as they lengthen it.",
        (
            RATE,
            number("min_norm", 1e-6, "smallest norm of a parameter or gradient", 0.5, 2.0, 0.3),
        ),
        {(): links.trust_ratio},
        direction_with(links.fromage_step, name="scale_by_learning_rate"),
        fixed={"trust_coefficient": 1.0, "eps": 0.0},
    ),
    alias(
        "rprop",
        "Rprop: a step for each element, which grows while its gradient keeps its sign.",
        (
            CONSTANT_RATE,
            number("eta_minus", 0.5, "factor of a step whose sign has turned", 0.25, 0.75, 0.3),
            number("eta_plus", 1.2, "factor of a step whose sign has not", 1.5, 2.0, 1.1),
            number("min_step_size", 1e-6, "smallest step", 0.0625, 0.125, 0.03),
            number("max_step_size", 50.0, "largest step", 0.5, 1.0, 0.7),
        ),
        {(): rprop_one_step_late},
        direction_with(links.turn_around, name="scale"),
        quirks=("Each step is the one before it: the first moves nothing.",),
    ),
)

ROOTS = (
    alias(
        "adagrad",
        "Adagrad.",
        (
            RATE,
            Argument("initial_accumulator_value", 0.1, _STARTS, "where the sum of squares starts"),
            epsilon(1e-7),
        ),
        {(): adagrad_resting_at_zero},
        DESCEND,
        quirks=("The accumulator starts at 0.1.", "Epsilon is under the root."),
    ),
    alias(
        "adadelta",
        "Adadelta.",
        (
            RATE_OR_NONE,
            Argument("rho", 0.9, Share(), "decay rate of both averages"),
            epsilon(1e-6),
            weight_decay(0.0),
            mask("weight_decay_mask"),
        ),
        {(): adadelta},
        direction_with(links.descend, name="scale_by_learning_rate", asks=("learning_rate",)),
        before=(decayed(masked_by="weight_decay_mask"),),
        quirks=("Without a learning rate nothing turns the direction around: it climbs.",),
    ),
    alias(
        "rmsprop",
        "RMSprop, centered or not, with momentum or without.",
        (
            RATE,
            Argument("decay", 0.9, Share(), "decay rate of the mean square"),
            _EPSILON,
            Argument("initial_scale", 0.0, _STARTS, "where the mean square starts"),
            flag("eps_in_sqrt", True, "epsilon under the root"),
            flag("centered", False, "divide by the standard deviation"),
            _MOMENTUM,
            _NESTEROV,
            flag("bias_correction", False, "correct the averages for their start at 0"),
        ),
        RMS_FORMS,
        DESCEND,
        _TRACE,
        quirks=("The learning rate is inside the buffer.", "Epsilon is under the root by default."),
    ),
)
