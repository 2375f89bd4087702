"""The arguments of Optax's Muon, and of its direction alone."""

from __future__ import annotations

from oracle.rules.directions.adam_rooted import adam_rooted, nadam_rooted
from oracle.rules.directions.orthogonal import muon_average, muon_average_nesterov
from oracle.specification.checks import count, optional, real
from oracle.specification.domains import Count, DecayRate, Domain, Momentum
from oracle.specification.draws import Among, Whole
from oracle.specification.spec import Argument, Spec
from oracle.systems.optax.arguments import (
    RATE,
    RATE_OR_NONE,
    decay_rate,
    eps_root,
    epsilon,
    flag,
    mask,
    weight_decay,
)
from oracle.systems.optax.muon import (
    FACTORS,
    FACTORS_OR_PRESET,
    MUON_CHAIN,
    MUON_DIRECTION,
    PRECONDITIONING,
    by_adam,
)

_STEPS = Argument(
    "ns_steps",
    5,
    Count(count(1), Whole(1, 3), usual=True, coarse=(1,), others=(2,), decimals=(3,)),
    "Newton-Schulz steps",
)
_BETA = Argument("beta", 0.95, DecayRate(), "decay rate of the average")
_AHEAD = flag("nesterov", True, "look ahead")
_ADAPTIVE = flag("adaptive", False, "scale by the dual norm")
_FORMS = {(): muon_average, ("nesterov",): muon_average_nesterov}
_QUIRKS = (
    "A parameter is a matrix if it has two axes: no other dimension numbers are run here.",
    "A table of factors has a step for each of its rows, of which there are at most ns_steps.",
)

MUON = (
    Spec(
        MUON_CHAIN,
        "muon",
        {
            argument.name: argument
            for argument in (
                RATE,
                FACTORS_OR_PRESET,
                _STEPS,
                _BETA,
                epsilon(1e-8),
                weight_decay(0.0),
                mask("weight_decay_mask"),
                _AHEAD,
                _ADAPTIVE,
                PRECONDITIONING,
                Argument("adam_b1", 0.9, Momentum(), "decay rate of Adam's first moment"),
                decay_rate("adam_b2", 0.999, "decay rate of Adam's second moment"),
                Argument(
                    "adam_eps_root", 0.0, eps_root(0.0).domain, "added under the root of Adam"
                ),
                weight_decay(0.0, "adam_weight_decay"),
                Argument(
                    "adam_learning_rate",
                    None,
                    RATE_OR_NONE.domain,
                    "step size of Adam, or a schedule; Muon's by default",
                ),
                Argument(
                    "consistent_rms",
                    None,
                    Domain(
                        optional(real),
                        Among((0.25, 1.0)),
                        on=0.25,
                        zero_is_on=True,
                        others=(0.5,),
                        decimals=(0.2,),
                    ),
                    "root mean square of an update; None for a scale by the shape alone",
                ),
            )
        },
        _FORMS,
        (),
        "Muon for matrices, AdamW for all else.",
        _QUIRKS,
        {
            "beta_1": "adam_b1",
            "beta_2": "adam_b2",
            "epsilon": "eps",
            "eps_root": "adam_eps_root",
        },
        apart={(): adam_rooted, ("nesterov",): nadam_rooted},
        stands_apart=by_adam,
    ),
    Spec(
        MUON_DIRECTION,
        "scale_by_muon",
        {
            argument.name: argument
            for argument in (
                FACTORS,
                _STEPS,
                _BETA,
                epsilon(1e-8),
                _AHEAD,
                _ADAPTIVE,
                PRECONDITIONING,
            )
        },
        _FORMS,
        (),
        "What muon makes of a matrix, before its shape, its rate and its decay.",
        _QUIRKS,
    ),
)
