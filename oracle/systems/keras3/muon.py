"""Muon of Keras 3: matrices by Muon, all else by Adam, each with a decay of its own."""

from __future__ import annotations

from oracle.rules.muon import (
    adam_beside_muon,
    muon,
    muon_nesterov,
    muon_scaled,
    muon_scaled_nesterov,
)
from oracle.rules.rule import Shape
from oracle.specification.checks import count, optional, real
from oracle.specification.domains import (
    Count,
    DecayRate,
    Epsilon,
    Flag,
    Indices,
    Momentum,
    among,
)
from oracle.specification.draws import Whole
from oracle.specification.numbers import number
from oracle.specification.spec import Argument, Hyper
from oracle.specification.step import Step
from oracle.specification.transformation import transformation
from oracle.systems.keras3.arguments import keras3_spec


def by_adam(hyper: Hyper, index: int, shape: Shape) -> bool:
    """Whether Adam moves a parameter: no matrix, or one that exclude_layers names."""
    return len(shape) != 2 or index in (hyper["exclude_layers"] or ())


def _decaying(step: Step, *, adam: bool) -> list[int]:
    excluded = step.hyper["exclude_from_weight_decay"] or ()
    shapes = {k: step.xp.shape(step.params[k]) for k in step.present() if k not in excluded}
    return [k for k, shape in shapes.items() if by_adam(dict(step.hyper), k, shape) == adam]


@transformation("weight_decay")
def decay_matrices(step: Step) -> None:
    """Shrink the weights that Muon moves, in proportion to the rate."""
    for k in _decaying(step, adam=False):
        p = step.params[k]
        step.params[k] = p - p * step.numbers["weight_decay"] * step.learning_rate


@transformation("adam_weight_decay")
def decay_others(step: Step) -> None:
    """Shrink the weights that Adam moves, in proportion to the rate."""
    for k in _decaying(step, adam=True):
        p = step.params[k]
        step.params[k] = p - p * step.numbers["adam_weight_decay"] * step.learning_rate


def _decay(name: str, whose: str) -> Argument:
    drawn = among(0.0625, 0.5, check=optional(real), zero_is_on=True, coarse=(0.25,))
    return Argument(name, 0.004, drawn, f"decoupled weight decay of {whose}, times the rate")


_STEPS = Count(count(0), Whole(1, 3), number=True, coarse=(1,))
_FIRST = Indices(on=[0], others=(), decimals=([0],))
MUON = keras3_spec(
    "Muon",
    "Muon for matrices, Adam for all else.",
    (
        Argument("adam_beta_1", 0.9, DecayRate(), "decay rate of Adam's first moment"),
        Argument("adam_beta_2", 0.999, DecayRate(), "decay rate of Adam's second moment"),
        _decay("weight_decay", "matrices"),
        _decay("adam_weight_decay", "all else"),
        Argument("epsilon", 1e-7, Epsilon(), "keeps Adam's denominator away from 0"),
        Argument("exclude_layers", None, _FIRST, "indices of matrices that Adam moves"),
        Argument("exclude_embeddings", True, Flag(decimals=(False,)), "Adam moves embeddings"),
        number("muon_a", 3.4445, "factor of x in a Newton-Schulz step", 2.0, 1.5, 3.1),
        number("muon_b", -4.775, "factor of x's third power", -1.5, -0.5, -4.2),
        number("muon_c", 2.0315, "factor of x's fifth power", 0.5, 0.25, 1.7),
        number("adam_lr_ratio", 1, "Adam's rate over Muon's", 0.5, 2.0, 0.7),
        Argument("momentum", 0.95, Momentum(), "share of the momentum that is kept"),
        Argument(
            "ns_steps", 5, Count(drawn=Whole(1, 3), number=True, coarse=(1,)), "Newton-Schulz steps"
        ),
        Argument("nesterov", True, Flag(others=(False,), decimals=(False,)), "look ahead"),
        Argument(
            "rms_rate",
            0.2,
            among(0.25, 1.0, check=optional(real), zero_is_on=True, coarse=(0.5,)),
            "root mean square of an update",
        ),
    ),
    {
        (): muon,
        ("nesterov",): muon_nesterov,
        ("rms_rate",): muon_scaled,
        ("rms_rate", "nesterov"): muon_scaled_nesterov,
    },
    quirks=("No parameter here is called an embedding, so that exclude_embeddings says nothing.",),
    apart={(): adam_beside_muon},
    stands_apart=by_adam,
    before=(decay_matrices, decay_others),
)
