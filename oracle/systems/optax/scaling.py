"""Optax's `scale_by_*`: what an alias makes of a gradient, without its rate and its decay.

From optax/_src/transform.py and optax/contrib (0.2.8).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from oracle.rules.directions.yogi import yogi
from oracle.specification.domains import Epsilon, Start
from oracle.specification.forms import Forms, deciding
from oracle.specification.spec import Argument, Spec
from oracle.systems.optax.arguments import alias, decay_rate, eps_root
from oracle.systems.optax.contrib import CONTRIB
from oracle.systems.optax.moments import SECOND_MOMENTS
from oracle.systems.optax.optimizers import FIRST_ORDER, RMS_FORMS, ROOTS

_ALIASES = {spec.name: spec for spec in (*FIRST_ORDER, *ROOTS, *SECOND_MOMENTS, *CONTRIB)}


def _own(
    name: str, of: str, *quirks: str, forms: Forms | None = None, contrib: bool = False, **new: Any
) -> Spec:
    """Return the spec of the link that an alias has of its own, with what its rules read.

    ``new`` are defaults or arguments that are others, ``forms`` some of the alias's.
    """
    whole = _ALIASES[of]
    rules = whole.forms if forms is None else forms
    read = {whole.names.get(name, name) for rule in rules.values() for name in rule.hyper}
    starts = {slot.initial for rule in rules.values() for slot in rule.slots.values()}
    asked = {*read, *starts, *deciding(rules)}
    arguments = (a for a in whole.arguments.values() if a.name in asked)
    own = tuple(_renewed(a, new.get(a.name, a.default)) for a in arguments)
    doc = f"What {of} makes of a gradient, before its rate and its decay."
    return alias(name, doc, own, rules, quirks=quirks, renamed=whole.names, contrib=contrib)


def _renewed(argument: Argument, given: Any) -> Argument:
    return given if isinstance(given, Argument) else replace(argument, default=given)


_UNCENTERED = {row: rule for row, rule in RMS_FORMS.items() if "centered" not in row}
_CENTERED = {
    tuple(name for name in row if name != "centered"): rule
    for row, rule in RMS_FORMS.items()
    if "centered" in row
}
_YOGI = (
    decay_rate("b1", 0.9, "decay rate of the first moment"),
    decay_rate("b2", 0.999, "decay rate of the second moment"),
    Argument("eps", 1e-3, Epsilon(decimals=(0.003, 0.01)), "keeps the denominator away from 0"),
    eps_root(0.0),
    Argument("initial_accumulator_value", 1e-6, Start(), "where both moments start"),
)

SCALING = (
    _own("scale_by_adadelta", "adadelta"),
    _own("scale_by_adam", "adam"),
    _own("scale_by_adamax", "adamax"),
    _own(
        "scale_by_adan",
        "adan",
        "Differences have the weight 1 - b2, where the paper's is b2.",
        eps_root=eps_root(0.0),
    ),
    _own("scale_by_amsgrad", "amsgrad", "The maximum is that of corrected second moments."),
    _own("scale_by_belief", "adabelief"),
    _own("scale_by_lion", "lion", "Its mode is 'hard': the sign."),
    _own("scale_by_novograd", "novograd", eps=1e-8),
    _own("scale_by_optimistic_gradient", "optimistic_gradient_descent"),
    _own("scale_by_radam", "radam"),
    _own("scale_by_rms", "rmsprop", "Epsilon is under the root by default.", forms=_UNCENTERED),
    _own("scale_by_rprop", "rprop", "Each step is the one before it: the first moves nothing."),
    _own("scale_by_rss", "adagrad", "The accumulator starts at 0.1.", "Epsilon is under the root."),
    _own("scale_by_stddev", "rmsprop", "Epsilon is under the root by default.", forms=_CENTERED),
    alias(
        "scale_by_yogi",
        "What yogi makes of a gradient, before its rate.",
        _YOGI,
        {(): yogi},
        quirks=("Both moments start at 1e-6.",),
    ),
)
SCALING_OF_CONTRIB = (
    _own("scale_by_acprop", "acprop", contrib=True),
    _own("scale_by_ademamix", "ademamix", contrib=True, alpha=6.0),
    _own("scale_by_adopt", "adopt", "The first step moves nothing.", contrib=True),
    _own("scale_by_cocob", "cocob", "It turns no gradient around.", contrib=True),
    _own("scale_by_madgrad", "madgrad", contrib=True),
    _own("scale_by_simplified_ademamix", "simplified_ademamix", contrib=True),
)
