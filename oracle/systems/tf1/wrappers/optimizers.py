"""TensorFlow 1.15.5's optimizers that wrap another one, in one process with one worker.

What is built for many processes is followed as far as one goes: its only worker is the chief, and
nobody else moves what is shared.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oracle.rules.wrappers import elastic_exchange, moving_average, moving_average_of_few
from oracle.specification.checks import Check, count, optional, real
from oracle.specification.domains import Count, Domain, Flag, Other, Share, among
from oracle.specification.draws import Among, Halvings, Whole
from oracle.specification.forms import Forms
from oracle.specification.sparse import SparseForm
from oracle.specification.spec import REQUIRED, Argument, Spec, System
from oracle.systems.tf1.wrappers.base import CONTRIB, SCALED, TRAIN
from oracle.systems.tf1.wrappers.loss_scale import LOSS_SCALE
from oracle.systems.tf1.wrappers.wrapped import NESTEROV, OF_THE_GLOBAL_STEP, WRAPPED, optimizer

_SUFFIX = "Optimizer"
BY_ITSELF = "The wrapped optimizer takes it as it does by itself."


def wrapper_spec(
    system: System,
    name: str,
    doc: str,
    *arguments: Argument,
    forms: Forms | None = None,
    quirks: tuple[str, ...],
    sparse: str = "",
    short: str = "",
) -> Spec:
    """Return the spec of a class that wraps; ``short`` is its alias beside its name."""
    return Spec(
        system,
        name,
        {argument.name: argument for argument in arguments},
        forms or {},
        tuple(dict.fromkeys((name.lower(), short or name.removesuffix(_SUFFIX).lower()))),
        doc,
        quirks,
        sparse=SparseForm(sparse or BY_ITSELF),
    )


def _only(value: Any, why: str) -> Check:
    """Accept one value alone, and of its own type: True is not 1."""
    return lambda given: None if given == value and type(given) is type(value) else why


def _whole(value: Any) -> str | None:
    """Accept an integer, as the graph's counter is one."""
    fits = isinstance(value, int) and not isinstance(value, bool)
    return None if fits else "it must be an integer"


def clipped_axes(value: Any) -> str | None:
    """Accept a mapping from parameter indices, as strings, to lists of axes."""
    fits = isinstance(value, Mapping) and all(
        isinstance(key, str)
        and key.isdecimal()
        and isinstance(axes, (list, tuple))
        and all(isinstance(axis, int) and not isinstance(axis, bool) for axis in axes)
        for key, axes in value.items()
    )
    return None if fits else "it must map parameter indices to lists of axes, as in {'0': [1]}"


_ANY = optimizer("opt", WRAPPED.check())
_STUCK = "waits for a global step that this class does not move on at every step"
_NO_COUNTER = WRAPPED.check(OF_THE_GLOBAL_STEP, _STUCK)
_ALONE = "it must be 1: what other workers do is not known here"
_WORKERS = Argument(
    "num_worker", REQUIRED, Count(_only(1, _ALONE), Among((1,)), on=1), "the number of workers"
)
_PERIOD = Argument(
    "communication_period",
    10,
    Count(count(1), Whole(1, 3), coarse=(2,), others=(3,), decimals=(2,)),
    "steps from exchange to exchange",
)
AN_OPTIMIZER_ONCE = "A wrapper within a wrapper has no spec."

SPECS = (
    wrapper_spec(
        CONTRIB,
        "MovingAverageOptimizer",
        "Any optimizer, with an exponential average of its parameters.",
        _ANY,
        Argument(
            "average_decay", 0.9999, Share(usual=False), "share of the last average that is kept"
        ),
        Argument(
            "num_updates",
            None,
            Domain(optional(real), Whole(0, 100), zero_is_on=True, others=(20,), decimals=(3,)),
            "a number of updates, by which the decay is limited",
        ),
        forms={(): moving_average, ("num_updates",): moving_average_of_few},
        quirks=(
            "The parameters themselves are not averaged: only a saver swaps both.",
            "The average starts at the parameter and has no bias correction.",
            "The decay is held in float32, and taken from 1 in float32, whatever the variable.",
            "num_updates is a constant here, not the global step, which is read in no set order.",
            "sequential_update is True here: without it average and update race.",
            AN_OPTIMIZER_ONCE,
        ),
        sparse=f"{BY_ITSELF} The average of every row moves.",
    ),
    wrapper_spec(
        CONTRIB,
        "MultitaskOptimizerWrapper",
        "Any optimizer, which takes no step by a gradient that is 0 in all elements.",
        _ANY,
        quirks=(
            "Slots rest with their variable, but Adam's powers of the betas move on.",
            "A decoupled weight decay rests as well.",
            AN_OPTIMIZER_ONCE,
        ),
        sparse=f"{BY_ITSELF} It counts as 0 where the occurrences of each row add up to 0, "
        "but gradient descent takes it past the wrapper.",
    ),
    wrapper_spec(
        CONTRIB,
        "VariableClippingOptimizer",
        "Any optimizer, after which some parameters are clipped by their norm.",
        _ANY,
        Argument(
            "vars_to_clip_dims",
            REQUIRED,
            Other(
                clipped_axes,
                Among(({"0": [0]}, {"0": []}, {})),
                on={"0": []},
                coarse=({"0": [0]},),
                others=({"0": [0], "1": []},),
                decimals=({"1": []},),
            ),
            "for the index of each parameter to be clipped, the axes of the norm",
        ),
        Argument(
            "max_norm",
            REQUIRED,
            Domain(drawn=Halvings(-4, 4), others=(1.5,)),
            "largest norm along the axes",
        ),
        quirks=(
            "The parameter is clipped, not its gradient.",
            "What exceeds the norm is subtracted, so that the result is rounded like a difference.",
            "A parameter without a gradient is not clipped.",
            AN_OPTIMIZER_ONCE,
        ),
        sparse=f"{BY_ITSELF} Then a row is clipped for each time that it occurs, as the update "
        "left it: one that occurs twice loses twice what exceeds the norm. An axis 0 clips the "
        "whole parameter, and one that is counted from the end all occurrences together.",
    ),
    wrapper_spec(
        CONTRIB,
        "DropStaleGradientOptimizer",
        "Any optimizer, which drops gradients that are too many steps old.",
        _ANY,
        Argument(
            "staleness",
            REQUIRED,
            Count(_whole, Whole(-1, 3)),
            "how many steps old a gradient may be",
        ),
        quirks=(
            "In one process each gradient is as old as its step: 0 steps.",
            "A negative staleness drops them all, and the global step rests.",
            AN_OPTIMIZER_ONCE,
        ),
    ),
    wrapper_spec(
        CONTRIB,
        "ElasticAverageOptimizer",
        "Any optimizer, drawn to a center that follows it (elastic averaging), with one worker.",
        optimizer("opt", _NO_COUNTER, NESTEROV),
        _WORKERS,
        _PERIOD,
        Argument(
            "moving_rate",
            None,
            among(0.0625, 0.25, 0.5, check=optional(real), coarse=(0.25,)),
            "share of the distance that both move; 0.9 / communication_period by default",
        ),
        Argument(
            "rho",
            None,
            Share(optional(real)),
            "pull of the center; moving_rate / learning_rate by default",
        ),
        forms={(): elastic_exchange},
        quirks=(
            "rho times the distance from the local center is added to the gradient.",
            "The local center becomes what the global one was before the exchange.",
            "A parameter without a gradient is pulled to its center all the same.",
            "The default of rho raises AttributeError for Adam and others that have no "
            "_learning_rate.",
            "A float64 variable takes no Python float as moving_rate, only numpy.float64.",
            AN_OPTIMIZER_ONCE,
        ),
        sparse="The gradient is made dense, as the pull of the center is added to it.",
    ),
    wrapper_spec(
        CONTRIB,
        "ModelAverageOptimizer",
        "Any optimizer, whose model is averaged with those of other workers: here there is one.",
        optimizer("opt", _NO_COUNTER),
        _WORKERS,
        Argument(
            "is_chief",
            REQUIRED,
            Flag(_only(True, "it must be True: the only worker is the chief")),
            "whether this worker is the chief",
        ),
        Argument(
            "interval_steps",
            100,
            Count(count(1), Whole(1, 3), coarse=(2,), others=(1,)),
            "steps from average to average",
        ),
        quirks=(
            "The average of one model is that model: the parameters are those of opt alone.",
            "The global center is the parameter at the last step that interval_steps divides.",
            "It takes no resource variables: they raise AttributeError.",
            AN_OPTIMIZER_ONCE,
        ),
    ),
    wrapper_spec(
        CONTRIB,
        "AGNOptimizer",
        "Any optimizer, whose steps give way to one by their mean gradient (Hermans 2017).",
        optimizer("optimizer", _NO_COUNTER),
        _WORKERS,
        _PERIOD,
        quirks=(
            "What the parameter did since the last period is lost: it goes on from the center.",
            "Parameter and center have slots of their own, but share the powers of Adam's betas, "
            "which move on once more every period.",
            "The mean gradient is taken at the whole learning rate.",
            AN_OPTIMIZER_ONCE,
        ),
        sparse=f"{BY_ITSELF} The sum of a period is dense, and the center is moved by all of it.",
    ),
    wrapper_spec(
        SCALED,
        "experimental.MixedPrecisionLossScaleOptimizer",
        "Any optimizer, which takes no step by a gradient that is not finite, and scales the loss.",
        _ANY,
        LOSS_SCALE,
        quirks=(
            "The gradients here are those that apply_gradients is given: not scaled any more.",
            "A fixed scale skips no step.",
            "The scale never falls below 1.",
            "A gradient that is not finite in one parameter stops all of them.",
            AN_OPTIMIZER_ONCE,
        ),
    ),
    wrapper_spec(
        TRAIN,
        "SyncReplicasOptimizer",
        "Any optimizer, by the mean gradient of several replicas: here one, without averages.",
        _ANY,
        Argument(
            "replicas_to_aggregate",
            REQUIRED,
            Count(count(1), Whole(1, 3), on=1, coarse=(1,)),
            "gradients to a mean",
        ),
        Argument(
            "total_num_replicas",
            None,
            Count(optional(count(1)), Whole(1, 3)),
            "number of workers; replicas_to_aggregate by default",
        ),
        quirks=(
            "The first gradient after the first update is stale, and dropped.",
            "With more workers declared than gradients are collected, tokens pile up in one "
            "process, and gradients go on being dropped.",
            "The parameter rests while gradients are collected.",
            "The chief is taken to act before the next gradient comes.",
            AN_OPTIMIZER_ONCE,
        ),
        sparse=f"{BY_ITSELF} The mean of a row is over the gradients in which it occurs. In a "
        "gradient whose rows are not in order, or repeated, those that meet nothing in the merge "
        "of two sorted lists stay entries of their own, which are added up.",
    ),
)
