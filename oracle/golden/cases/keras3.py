"""Cases for what the base class of Keras 3 does around every rule."""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from oracle.golden.cases.around import clipvalue_plan, each_option
from oracle.golden.cases.plan import MATRIX, SHARED, SPARE, Plan
from oracle.golden.cases.schedules import SCHEDULES, Schedule
from oracle.golden.cases.values import Values, options_around
from oracle.specification.options import plain
from oracle.specification.spec import Spec
from oracle.systems.keras3.arguments import BASE

CARRIERS = ("keras3/SGD", "keras3/Adam")
"""They show each option by itself; the others have what tells their own wrong versions apart."""


def keras3_plans(spec: Spec, values: Values) -> list[Plan]:
    """Return the cases that concern the library around the rule.

    Every spec meets every option; how the options act by themselves and on each other is the same
    code for all of them, and is shown on two.
    """
    coarse, by_itself = dict(values.coarse), plain(spec, values.coarse)
    options = [*_decays(by_itself), *_options(by_itself), *_meetings(coarse)]
    if spec.id not in CARRIERS:
        options = [replace(plan, role=SPARE) for plan in options]
    schedules = [_schedule_plan(schedule, by_itself) for schedule in _schedules_of(spec.id)]
    everything = _everything(values)
    base = {argument.name: argument for argument in BASE}
    own = [name for name in options_around(spec) if spec.arguments[name] is not base.get(name)]
    shared = [
        *each_option(spec, values, own),
        *_clips(by_itself),
        *schedules,
        _rate_rises(values),
        everything,
    ]
    return [
        *options,
        *(replace(plan, role=SHARED) for plan in shared),
        replace(
            everything,
            id="everything-from-zero",
            why="Every argument away from its default at once, as half types see it",
            start="zero",
            steps=4,
            checkpoints=(2, 4),
            role=SPARE,
        ),
    ]


def _clips(coarse: Mapping[str, Any]) -> list[Plan]:
    """Return the clips that are not among the arguments of "everything": it has the third."""
    return [
        Plan(
            "clipnorm",
            "clipnorm looks at each parameter alone: below, at and above it",
            {**coarse, "clipnorm": 3.0},
            gradients="norms",
        ),
        clipvalue_plan(coarse),
    ]


def _options(coarse: Mapping[str, Any]) -> list[Plan]:
    """Return each option by itself, on arguments that are no options."""
    return [
        Plan(
            "clipvalue-of-zero",
            "A threshold of zero clips nothing",
            {**coarse, "clipvalue": 0.0},
        ),
        *(
            Plan(
                f"{name.replace('_', '-')}-threshold-of-zero",
                f"A threshold of zero lets {norm} be what it is",
                {**coarse, name: 0.0},
                steps=1,
                shapes=MATRIX,
            )
            for name, norm in (("clipnorm", "each norm"), ("global_clipnorm", "the norm of all"))
        ),
        Plan(
            "global-clipnorm",
            "global_clipnorm looks at all parameters: below, at and above it",
            {**coarse, "global_clipnorm": 5.0},
            gradients="norms",
        ),
        Plan(
            "ema-overwrite",
            "The average starts as the first weights and replaces every second",
            {**coarse, "use_ema": True, "ema_momentum": 0.5, "ema_overwrite_frequency": 2},
            steps=5,
        ),
        Plan(
            "ema-unused",
            "A frequency of overwriting says nothing without averages",
            {**coarse, "ema_overwrite_frequency": 2},
        ),
        Plan(
            "only-ema-momentum",
            "ema_momentum alone sets how long the average of the weights remembers",
            {"use_ema": True, "ema_momentum": 0.7},
        ),
        Plan(
            "accumulation",
            "Three gradients are averaged for one step, a seventh one waits",
            {**coarse, "gradient_accumulation_steps": 3},
            steps=7,
            checkpoints=(5, 7),
        ),
        Plan(
            "loss-scale",
            "Gradients are divided by loss_scale_factor, and nothing else is",
            {**coarse, "loss_scale_factor": 4.0},
            gradients="levels",
        ),
    ]


def _decays(coarse: Mapping[str, Any]) -> list[Plan]:
    of_all = Plan(
        "weight-decay-of-all",
        "Without exclusions every parameter shrinks by the rate times decay",
        {**coarse, "weight_decay": 0.5},
    )
    of_some = Plan(
        "weight-decay",
        "Weights shrink before the step, an excluded parameter does not",
        {**coarse, "weight_decay": 0.5, "exclude_from_weight_decay": [1]},
    )
    return [of_some] if "weight_decay" in coarse else [of_some, of_all]


def _meetings(coarse: Mapping[str, Any]) -> list[Plan]:
    return [
        Plan(
            "loss-scale-clipped",
            "What is clipped is the gradient over its loss_scale_factor",
            {**coarse, "loss_scale_factor": 4.0, "clipvalue": 0.25},
            gradients="levels",
        ),
        Plan(
            "missing-gradients-decayed",
            "A parameter without a gradient does not decay",
            {**coarse, "weight_decay": 0.25},
            missing=((2, 0), (3, 1)),
        ),
        Plan(
            "clipnorm-infinite",
            "An infinite clipnorm turns all to NaN: it is multiplied first",
            {**coarse, "clipnorm": math.inf},
            steps=1,
            shapes=MATRIX,
        ),
        Plan(
            "global-clipnorm-infinite",
            "An infinite global_clipnorm turns all to NaN: infinity times 0",
            {**coarse, "global_clipnorm": math.inf},
            steps=1,
            shapes=MATRIX,
        ),
        Plan(
            "clipvalue-infinite",
            "An infinite clipvalue clips nothing",
            {**coarse, "clipvalue": math.inf},
            steps=2,
            shapes=MATRIX,
        ),
        Plan(
            "clipnorm-of-zero",
            "A parameter whose norm is zero is clipped without dividing by it",
            {**coarse, "clipnorm": 0.5},
            gradients="zero-last",
        ),
        Plan(
            "global-clipnorm-of-infinity",
            "A global norm that is infinite turns every gradient to NaN",
            {**coarse, "global_clipnorm": 2.0},
            gradients="one-infinite",
        ),
        Plan(
            "ema-by-default",
            "Without ema_momentum the average keeps 99 parts of 100 of itself",
            {**coarse, "use_ema": True},
            steps=4,
        ),
        Plan(
            "ema-momentum-zero",
            "With ema_momentum=0 the average is the weights, and overwrites nothing",
            {**coarse, "use_ema": True, "ema_momentum": 0.0, "ema_overwrite_frequency": 2},
        ),
        Plan(
            "accumulation-clipped",
            "Clipping and decay act on the mean of the gradients, once",
            {**coarse, "gradient_accumulation_steps": 3, "clipnorm": 1.0, "weight_decay": 0.25},
            steps=6,
        ),
        Plan(
            "accumulation-ema",
            "The average moves on every gradient, also where weights wait",
            {
                **coarse,
                "gradient_accumulation_steps": 2,
                "use_ema": True,
                "ema_momentum": 0.5,
                "ema_overwrite_frequency": 2,
            },
            steps=6,
            checkpoints=(4, 6),
        ),
        Plan(
            "missing-gradients-averaged",
            "The average of a parameter without a gradient goes on",
            {**coarse, "use_ema": True, "ema_momentum": 0.5, "global_clipnorm": 1.0},
            missing=((2, 0), (3, 1)),
        ),
    ]


def _rate_rises(values: Values) -> Plan:
    rate = {"boundaries": [0], "values": [0.0009765625, 0.5]}
    return Plan(
        "rate-rises",
        "A rate that rises after the gradients shows what the slots remember",
        {
            **values.other,
            "learning_rate": {"class_name": "PiecewiseConstantDecay", "config": rate},
        },
        gradients="zero-last",
        steps=4,
        start="zero",
    )


def _everything(values: Values) -> Plan:
    schedule = SCHEDULES[1]
    return Plan(
        "everything",
        "Every argument away from its default at once",
        {
            **values.other,
            "learning_rate": schedule.serialized,
            "weight_decay": 0.125,
            "exclude_from_weight_decay": [1],
            "global_clipnorm": 1.0,
            "use_ema": True,
            "ema_momentum": 0.5,
            "ema_overwrite_frequency": 3,
            "loss_scale_factor": 2.0,
            "gradient_accumulation_steps": 2,
        },
        steps=8,
        checkpoints=(5, 8),
        missing=((3, 1), (6, 0)),
    )


def _schedule_plan(schedule: Schedule, coarse: Mapping[str, Any]) -> Plan:
    return Plan(
        schedule.id,
        schedule.why,
        {**coarse, "learning_rate": schedule.serialized},
        gradients="steady",
        steps=schedule.steps,
        checkpoints=schedule.checkpoints,
        start="zero",
    )


def _schedules_of(spec: str) -> list[Schedule]:
    """Return every schedule for SGD, which shows the rate plainly; else one, which its id picks."""
    if spec == "keras3/SGD":
        return list(SCHEDULES)
    return [SCHEDULES[zlib.crc32(spec.encode()) % len(SCHEDULES)]]
