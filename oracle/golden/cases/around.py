"""Cases for what stands around a rule, of any library: its options, and missing gradients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from oracle.golden.cases.plan import SHARED, Plan
from oracle.golden.cases.values import Values, claim, options_around, switched_on
from oracle.rules.rule import Shape
from oracle.specification.options import needs, plain
from oracle.specification.shapes import takes_shape
from oracle.specification.spec import Spec

_INSTEAD: tuple[Shape, ...] = ((3,), (2, 3))
"""What stands for a shape that a spec refuses: the first of these that it takes."""


def option_plans(spec: Spec, values: Values) -> list[Plan]:
    """Return each option of a chain by itself, and all of them at once."""
    names = options_around(spec)
    alone = each_option(spec, values, names)
    everything = Plan(
        "everything",
        "Every argument away from its default at once",
        {**values.other, **switched_on(spec, names)},
        gradients="norms",
        steps=6,
        checkpoints=(1, 6),
    )
    plans = [*alone, *([everything] if len(names) > 1 else [])]
    return [replace(plan, role=SHARED) for plan in plans]


def each_option(spec: Spec, values: Values, names: Sequence[str]) -> list[Plan]:
    """Return each of some options by itself, with what it needs."""
    on = {**plain(spec, values.required), **switched_on(spec, names)}
    by_itself = plain(spec, values.coarse)
    return [
        Plan(
            f"only-{name.replace('_', '-').lower()}",
            claim(spec, name),
            {**by_itself, **{other: on[other] for other in needs(spec, name)}, name: on[name]},
            steps=4,
        )
        for name in names
        if name in on
    ]


def clipvalue_plan(coarse: Mapping[str, Any]) -> Plan:
    """Return the case of the clip that every Keras has under the same name."""
    return Plan(
        "clipvalue",
        "clipvalue cuts each element on both sides, from the threshold on",
        {**coarse, "clipvalue": 1.0},
        gradients="levels",
        steps=4,
    )


def missing_plan(spec: Spec, values: Values) -> Plan:
    """Return the case in which some parameters have no gradient at some steps."""
    return Plan(
        "missing-gradients",
        "Some parameters have no gradient at some steps, and then one again",
        plain(spec, values.coarse),
        steps=4,
        missing=((2, 0), (2, 2), (3, 1)),
    )


def fitted(spec: Spec, plan: Plan) -> Plan:
    """Return a case with other shapes in the place of those that a spec refuses."""
    instead = next(shape for shape in _INSTEAD if takes_shape(spec, shape))
    shapes = tuple(shape if takes_shape(spec, shape) else instead for shape in plan.shapes)
    return plan if shapes == plan.shapes else replace(plan, shapes=shapes)
