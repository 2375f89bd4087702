"""Cases that every spec has: its defaults, its own arguments, and gradients of every kind."""

from __future__ import annotations

from oracle.golden.cases.plan import MANY, MATRIX_SCALAR_EMPTY, MATRIX_WITHOUT_ROWS, SPARE, Plan
from oracle.golden.cases.values import Values
from oracle.specification.options import needs
from oracle.specification.spec import Spec


def rule_plans(spec: Spec, values: Values) -> list[Plan]:
    """Return the cases that concern the rule itself."""
    return [*_defaults(values), *_alone(spec, values), *_together(values), *_gradients(values)]


def _defaults(values: Values) -> list[Plan]:
    return [
        Plan(
            "defaults",
            "From zero, the library's defaults are seen in the whole of each weight",
            values.required,
            steps=2,
            checkpoints=(1, 2),
            start="zero",
            shapes=MATRIX_SCALAR_EMPTY,
        ),
        Plan(
            "defaults-100-steps",
            "A hundred steps with nothing set stay on the exact path",
            values.required,
            steps=100,
        ),
    ]


def _alone(spec: Spec, values: Values) -> list[Plan]:
    on = {name: spec.arguments[name].domain.on for name in spec.arguments}
    return [
        Plan(
            f"only-{argument.replace('_', '-').lower()}",
            values.why[argument],
            {
                **values.required,
                **{name: on[name] for name in needs(spec, argument)},
                argument: value,
            },
        )
        for argument, value in values.alone.items()
    ]


def default_plans(values: Values) -> list[Plan]:
    """Return each number at its default among coarse ones: half types see no step by defaults."""
    return [
        Plan(
            f"default-{name.replace('_', '-')}",
            f"{name} is at its default among arguments of few bits",
            {other: value for other, value in values.coarse.items() if other != name},
            steps=2,
            checkpoints=(1, 2),
            start="zero",
            role=SPARE,
        )
        for name in values.coarse
        if name not in values.required
    ]


def _together(values: Values) -> list[Plan]:
    return [
        Plan(
            "coarse",
            "Arguments with few bits show the rule in every dtype",
            values.coarse,
            steps=4,
            checkpoints=(1, 4),
            shapes=MATRIX_SCALAR_EMPTY,
        ),
        Plan(
            "coarse-from-zero",
            "From zero, every bit of the weight is the rule's own",
            values.coarse,
            start="zero",
            shapes=MANY,
        ),
        Plan(
            "empty-matrix",
            "A matrix without rows takes its steps beside a vector",
            values.coarse,
            steps=2,
            shapes=MATRIX_WITHOUT_ROWS,
        ),
        Plan(
            "other",
            "The other switches and powers combine as the formula has them",
            values.other,
            gradients="sign-changing",
            steps=5,
        ),
        Plan(
            "twenty-steps",
            "Slots carry their history over twenty steps, zeros between",
            values.other,
            gradients="sparse",
            steps=20,
            start="zero",
        ),
    ]


def _gradients(values: Values) -> list[Plan]:
    return [
        Plan(
            "zero-gradients-first",
            "Zero gradients at the start count as steps",
            values.coarse,
            gradients="zero-first",
            steps=4,
        ),
        Plan(
            "zero-gradients-last",
            "After the last gradient the slots go on acting",
            values.coarse,
            gradients="zero-last",
            steps=4,
        ),
        Plan(
            "fading-gradients",
            "Gradients that fade leave what the slots remember",
            values.other,
            gradients="fading",
            steps=5,
            start="zero",
        ),
        Plan(
            "small-gradients",
            "Gradients as small as epsilon show where it stands",
            values.other,
            gradients="small",
            start="zero",
        ),
        Plan(
            "tiny-gradients",
            "Gradients of 1e-12 move a weight at zero by what the rule says",
            values.required,
            gradients="tiny",
            start="zero",
        ),
        Plan(
            "vanishing-gradients",
            "Gradients of 1e-120 move a weight at zero by what the rule says",
            values.required,
            gradients="vanishing",
            start="zero",
        ),
        Plan(
            "huge-gradients",
            "Gradients of 1e12 do not upset the rule",
            values.coarse,
            gradients="huge",
        ),
        Plan(
            "enormous-gradients",
            "Gradients of 1e120 do not upset the rule in float64",
            values.coarse,
            gradients="enormous",
        ),
        Plan(
            "not-finite-gradients",
            "Infinity and NaN stay in their elements, as the rule spreads them",
            values.coarse,
            gradients="not-finite",
        ),
    ]
