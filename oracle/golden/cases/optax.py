"""The schedules of Optax, one case for each of their branches."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from oracle.golden.cases.around import option_plans
from oracle.golden.cases.plan import SHARED, Plan
from oracle.golden.cases.schedules import Schedule, schedule
from oracle.golden.cases.values import Values
from oracle.specification.domains import ScheduledRate
from oracle.specification.options import plain
from oracle.specification.spec import Spec

CARRIER = "optax/sgd"
"""The spec that shows every schedule; the others show one, which its id picks."""

_LINE = {"init_value": 0.5, "end_value": 0.125, "transition_steps": 4}
_DECAY = {"transition_steps": 2, "decay_rate": 0.25, "transition_begin": 1}
_SCALES = {"2": 0.5, "4": 0.25, "5": 3.0}
_WARMUP = {"init_value": 0.0625, "peak_value": 0.5, "warmup_steps": 2}

SCHEDULES: tuple[Schedule, ...] = (
    schedule("constant", "A constant schedule is its value", "constant_schedule", (2,), value=0.5),
    schedule(
        "piecewise-without-boundaries",
        "Without boundaries the rate stays what it is",
        "piecewise_constant_schedule",
        (2,),
        init_value=0.5,
    ),
    schedule(
        "exponential-level",
        "A rate that neither falls nor rises is at most end_value",
        "exponential_decay",
        (2,),
        init_value=0.5,
        transition_steps=2,
        decay_rate=1.0,
        end_value=0.25,
    ),
    schedule(
        "warmup-to-nothing",
        "A peak of 0 is one, whatever comes after it",
        "warmup_cosine_decay_schedule",
        (1, 2, 4),
        init_value=0.5,
        peak_value=0.0,
        warmup_steps=2,
        decay_steps=4,
        end_value=0.25,
    ),
    schedule(
        "linear",
        "The rate moves in a straight line and stays",
        "linear_schedule",
        (1, 4, 6),
        **_LINE,
    ),
    schedule(
        "linear-later",
        "A line begins after as many steps as it says",
        "linear_schedule",
        (1, 3, 4),
        **_LINE,
        transition_begin=2,
    ),
    schedule(
        "polynomial",
        "The share of steps that are left is taken to the power",
        "polynomial_schedule",
        (2, 4, 6),
        **_LINE,
        power=3,
        transition_begin=1,
    ),
    schedule(
        "piecewise",
        "A boundary is the first step that is scaled",
        "piecewise_constant_schedule",
        (2, 3, 4, 5, 6),
        init_value=0.5,
        boundaries_and_scales=_SCALES,
    ),
    schedule(
        "piecewise-linear",
        "Between two boundaries the rate moves in a straight line",
        "piecewise_interpolate_schedule",
        (2, 3, 4, 5, 6),
        interpolate_type="linear",
        init_value=0.5,
        boundaries_and_scales=_SCALES,
    ),
    schedule(
        "piecewise-cosine",
        "Between two boundaries the rate moves along half a cosine",
        "piecewise_interpolate_schedule",
        (2, 4, 6),
        interpolate_type="cosine",
        init_value=0.5,
        boundaries_and_scales={"3": 0.25, "5": 2.0},
    ),
    schedule(
        "exponential",
        "The rate decays smoothly, from where the transition begins",
        "exponential_decay",
        (1, 3, 4),
        init_value=0.5,
        **_DECAY,
    ),
    schedule(
        "exponential-stairs",
        "With staircase the rate decays by whole transitions",
        "exponential_decay",
        (3, 4, 5),
        init_value=0.5,
        **_DECAY,
        staircase=True,
    ),
    schedule(
        "exponential-falls-to",
        "A rate that falls stops at end_value",
        "exponential_decay",
        (3, 4, 6),
        init_value=0.5,
        **_DECAY,
        end_value=0.125,
    ),
    schedule(
        "exponential-rises-to",
        "A rate that rises stops at end_value",
        "exponential_decay",
        (1, 2, 5),
        init_value=0.125,
        transition_steps=2,
        decay_rate=1.5,
        end_value=0.25,
    ),
    schedule(
        "cosine",
        "Half a cosine, to a power, falls to the share alpha and stays there",
        "cosine_decay_schedule",
        (2, 4, 6),
        init_value=0.5,
        decay_steps=4,
        alpha=0.25,
        exponent=2.0,
    ),
    schedule(
        "linear-onecycle",
        "A cycle rises, falls to where it began, and then to its end",
        "linear_onecycle_schedule",
        (2, 4, 7, 9),
        transition_steps=8,
        peak_value=0.5,
        pct_start=0.25,
        pct_final=0.75,
        div_factor=4.0,
        final_div_factor=8.0,
    ),
    schedule(
        "cosine-onecycle",
        "A cycle rises and falls along halves of a cosine",
        "cosine_onecycle_schedule",
        (2, 4, 7),
        transition_steps=6,
        peak_value=0.5,
        pct_start=0.5,
        div_factor=4.0,
        final_div_factor=8.0,
    ),
    schedule(
        "warmup",
        "A warm-up rises to its peak and stays",
        "warmup_constant_schedule",
        (1, 4),
        **_WARMUP,
    ),
    schedule(
        "warmup-cosine",
        "After the warm-up the cosine has the steps that are left of decay_steps",
        "warmup_cosine_decay_schedule",
        (2, 3, 5, 7),
        **_WARMUP,
        decay_steps=6,
        end_value=0.125,
        exponent=2.0,
    ),
    schedule(
        "warmup-exponential",
        "After the warm-up the decay counts from 0",
        "warmup_exponential_decay_schedule",
        (2, 4, 6),
        **_WARMUP,
        **_DECAY,
    ),
    schedule(
        "restarts",
        "Each period begins anew where the one before it ends",
        "sgdr_schedule",
        (3, 5, 6, 9),
        cosine_kwargs=(
            {**_WARMUP, "decay_steps": 4},
            {**_WARMUP, "peak_value": 0.25, "decay_steps": 5, "end_value": 0.0625},
        ),
    ),
    schedule(
        "joined",
        "Each of several schedules counts from its own beginning",
        "join_schedules",
        (2, 3, 5, 6),
        schedules=(
            {"class_name": "linear_schedule", "config": _LINE},
            {"class_name": "constant_schedule", "config": {"value": 0.375}},
            {"class_name": "exponential_decay", "config": {"init_value": 0.5, **_DECAY}},
        ),
        boundaries=(2, 3),
    ),
)

_COUNTING = SCHEDULES[4:]
"""Those that show at which step they are asked."""


def optax_plans(spec: Spec, values: Values) -> list[Plan]:
    """Return each option by itself, all at once, and the schedules where a rate may be one."""
    plans = option_plans(spec, values)
    rate = spec.arguments.get("learning_rate")
    if rate is None or not isinstance(rate.domain, ScheduledRate):
        return plans
    by_itself = plain(spec, values.coarse)
    return [*plans, *(_plan(one, by_itself) for one in _schedules_of(spec.id))]


def _schedules_of(spec: str) -> tuple[Schedule, ...]:
    if spec == CARRIER:
        return SCHEDULES
    return (_COUNTING[zlib.crc32(spec.encode()) % len(_COUNTING)],)


def _plan(one: Schedule, coarse: Mapping[str, Any]) -> Plan:
    plan = Plan(
        one.id,
        one.why,
        {**coarse, "learning_rate": one.serialized},
        gradients="steady",
        steps=one.steps,
        checkpoints=one.checkpoints,
        start="zero",
    )
    return replace(plan, role=SHARED)
