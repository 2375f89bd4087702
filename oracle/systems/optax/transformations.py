"""Optax's gradient transformations by themselves: what comes out is added to the parameters."""

from __future__ import annotations

from oracle.rules.directions import averages, clips, gradient, links, momentum
from oracle.specification.checks import count
from oracle.specification.domains import Count, Domain, Momentum
from oracle.specification.draws import Halvings, Whole
from oracle.specification.forms import Forms
from oracle.specification.numbers import number
from oracle.specification.spec import REQUIRED, Argument, Spec
from oracle.specification.transformation import Transformation
from oracle.systems.optax import whole
from oracle.systems.optax.arguments import (
    RATE,
    alias,
    decay_rate,
    decayed,
    epsilon,
    flag,
    mask,
    weight_decay,
)


def _threshold(name: str, doc: str) -> Argument:
    domain = Domain(drawn=Halvings(-4, 4), coarse=(0.5,), others=(1.5,), decimals=(0.7,))
    return Argument(name, REQUIRED, domain, doc)


def _whole(link: Transformation, doc: str, *own: Argument, quirks: tuple[str, ...] = ()) -> Spec:
    """Return the spec of a link that is no rule."""
    forms: Forms = {(): gradient.steepest}
    return alias(link.name, doc, own, forms, before=(link,), quirks=quirks)


CLIPS = (
    alias(
        "clip",
        "Each element, moved into an interval around 0.",
        (_threshold("max_delta", "largest magnitude"),),
        {(): clips.clip},
    ),
    alias(
        "clip_by_block_rms",
        "Each tensor, scaled down to a root mean square.",
        (_threshold("threshold", "largest root mean square"),),
        {(): clips.clip_by_block_rms},
    ),
    _whole(
        whole.clip_by_global_norm,
        "All updates, scaled to a common norm that they are not below.",
        _threshold("max_norm", "largest norm"),
        quirks=("What has an infinite norm becomes 0 where it is finite, and NaN elsewhere.",),
    ),
    _whole(
        whole.adaptive_grad_clip,
        "Each unit of an update, scaled down to a share of its parameter's norm.",
        _threshold("clipping", "largest share"),
        epsilon(0.001),
        quirks=("A unit is a column: the norm is taken along the first axis of a matrix.",),
    ),
    _whole(
        whole.normalize_by_update_norm,
        "All updates, divided by their common norm.",
        number("scale_factor", 1.0, "the norm that comes out", 0.5, 2.0, 0.3),
        epsilon(1e-6),
    ),
    _whole(whole.centralize, "Updates less their mean over all axes but the first."),
    alias(
        "keep_params_nonnegative",
        "Updates that stop a parameter at 0.",
        (),
        {(): clips.kept_nonnegative},
        quirks=("A parameter that is negative jumps to 0.",),
    ),
)

LINKS = (
    alias("identity", "The updates as they are.", (), {(): gradient.steepest}),
    alias("scale_by_sign", "The signs of the updates.", (), {(): gradient.sign_of_gradient}),
    alias(
        "scale",
        "A multiple of the updates.",
        (number("step_size", REQUIRED, "factor", 0.5, -0.25, 0.3),),
        {(): links.scale_by_factor},
    ),
    alias(
        "scale_by_learning_rate",
        "The updates, turned around and scaled by the rate.",
        (RATE, flag("flip_sign", True, "turn them around")),
        {(): links.ascend, ("flip_sign",): links.descend},
    ),
    alias(
        "add_decayed_weights",
        "The updates and a share of the parameters.",
        (weight_decay(0.0), mask()),
        {(): gradient.steepest},
        decayed(),
    ),
    alias(
        "trace",
        "The sum of all updates, the older ones fading.",
        (
            Argument("decay", REQUIRED, Momentum(), "share of the sum that is kept"),
            flag("nesterov", False, "look ahead"),
        ),
        {(): momentum.heavy_ball, ("nesterov",): momentum.nesterov},
        renamed={"momentum": "decay"},
    ),
    alias(
        "ema",
        "The average of all updates, the older ones fading.",
        (
            decay_rate("decay", REQUIRED, "share of the average that is kept"),
            flag("debias", True, "correct the average for its start at 0"),
        ),
        {(): averages.average, ("debias",): averages.average_corrected},
    ),
    _whole(
        whole.apply_every,
        "The sum of k updates at every k-th step, and 0 between.",
        Argument("k", 1, Count(count(1), Whole(1, 3), counting=2), "steps whose updates are added"),
    ),
    alias(
        "scale_by_trust_ratio",
        "The updates, scaled by the norm of their parameter over their own.",
        (
            number("min_norm", 0.0, "smallest norm", 0.5, 2.0, 0.3),
            number("trust_coefficient", 1.0, "factor of the ratio", 0.5, 0.25, 0.03),
            epsilon(0.0),
        ),
        {(): links.trust_ratio},
    ),
    alias(
        "scale_by_param_block_norm",
        "The updates, multiplied by the norm of their parameter.",
        (number("min_scale", 0.001, "smallest norm", 0.5, 2.0, 0.3),),
        {(): clips.scale_by_block_norm},
    ),
    alias(
        "scale_by_param_block_rms",
        "The updates, multiplied by the root mean square of their parameter.",
        (number("min_scale", 0.001, "smallest root mean square", 0.5, 2.0, 0.3),),
        {(): clips.scale_by_block_rms},
    ),
    alias(
        "scale_by_distance_over_gradients",
        "DoG for each tensor: distance from the start over the root of the squared norms' sum.",
        (
            number(
                "reps_rel", 1e-6, "share of the start's norm as the first distance", 0.5, 0.25, 0.03
            ),
            epsilon(1e-8),
            number("global_scale", 1.0, "factor", 0.5, 2.0, 0.3),
        ),
        {(): averages.distance_over_gradients},
    ),
)
