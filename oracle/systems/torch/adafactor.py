"""PyTorch's Adafactor, whose rule for a matrix is another one than that for a vector.

From torch/optim/_adafactor.py (2.13.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oracle.rules.directions.adafactor import adafactor_bounded, adafactor_bounded_vector
from oracle.rules.rule import Rule
from oracle.specification.apart import Apart, rule_for, without_rows
from oracle.specification.checks import at_least, at_most
from oracle.specification.direction import UPDATE
from oracle.specification.domains import Epsilon, among
from oracle.specification.pairs import pair
from oracle.specification.sparse import Slices
from oracle.specification.spec import REQUIRED, Argument, Hyper, Program, Spec
from oracle.specification.step import Step
from oracle.specification.transformation import Transformation, transformation
from oracle.systems.torch.arguments import NOT_NEGATIVE, lr, numbered, torch_spec, weight_decay
from oracle.systems.torch.base import Torch, maximize, shrink_weights, steps_of


def direction_by_shape(rule: Rule, apart: Apart, names: Mapping[str, str]) -> Transformation:
    """Return the link that puts the direction of a parameter's own rule in its gradient's place."""

    def update(step: Step) -> None:
        hyper = {**step.numbers, **{ours: step.numbers[theirs] for ours, theirs in names.items()}}
        whole = step.xp.whole
        for k in step.present():
            t = step.xp.constant(steps_of(step, k) + 1)
            gradient, p = step.grads[k], step.params[k]
            assert gradient is not None
            assert not isinstance(gradient, Slices)
            own = rule_for(k, step.xp.shape(p), rule, apart)
            slots = tuple(step.slots[name][k] for name in own.slots)
            step.grads[k], *after = own(step.xp, t, whole(p), whole(gradient), slots, hyper)
            for name, value in zip(own.slots, after, strict=True):
                step.slots[name][k] = value

    return Transformation(UPDATE, update, "Make a direction of every gradient.", couples=True)


@transformation()
def go_along(step: Step) -> None:
    """Go against each direction, as far as it says."""
    for k, u in zip(step.present(), step.gradients(), strict=True):
        step.params[k] = step.params[k] - u


class TorchByShape(Torch):
    """The optimizer of PyTorch whose rule is chosen by the shape of a parameter."""

    def program(self, spec: Spec, hyper: Hyper) -> Program:
        """Let the weights decay behind the direction, which looks at them, and before the way."""
        rule, apart = spec.form(hyper), spec.exceptions(hyper)
        assert apart is not None
        update = direction_by_shape(rule, apart, spec.names)
        return spec.chain(hyper, rule, *spec.before, maximize, update, shrink_weights, go_along)


def _not_of_a_dtype(value: Any) -> str | None:
    """Ask for the number in the place of which a dtype's own would be."""
    if value is None:
        return "it must be given: by default it is the epsilon of a dtype, and a spec knows none"
    return NOT_NEGATIVE(value)


SPECS = (
    torch_spec(
        "Adafactor",
        "Adafactor: a second moment of rows and columns, and steps relative to the weights.",
        (
            lr(1e-2),
            Argument(
                "beta2_decay",
                -0.8,
                among(
                    -0.5,
                    -1.0,
                    check=numbered(at_most(0)),
                    usual=True,
                    coarse=(-0.5,),
                    others=(-1.0,),
                    decimals=(-0.7,),
                ),
                "exponent of the second moment's decay rate",
            ),
            Argument(
                "eps",
                REQUIRED,
                pair(("epsilon_1", Epsilon(_not_of_a_dtype)), ("epsilon_2", Epsilon(NOT_NEGATIVE))),
                "root of the smallest second moment, and smallest scale of the weights",
            ),
            Argument(
                "d",
                1.0,
                among(
                    1.25,
                    1.0,
                    2.0,
                    check=numbered(at_least(1)),
                    usual=True,
                    coarse=(1.25,),
                    others=(1.125,),
                    decimals=(1.1,),
                ),
                "largest root mean square of an update",
            ),
            weight_decay(),
        ),
        {(): adafactor_bounded},
        system=TorchByShape(),
        names={"beta_2_decay": "beta2_decay", "clip_threshold": "d"},
        apart={(): adafactor_bounded_vector},
        stands_apart=without_rows,
        quirks=(
            "By default the first epsilon is that of the first parameter's dtype. A spec knows no "
            "dtype: eps has to be given.",
            "The rate is at most 1 / sqrt(t).",
            "The weights decay before the update, in proportion to the rate, and after their scale "
            "was taken.",
            "The documentation has weight_decay=1e-2; it is 0.",
            "A root mean square of NaN is passed over: it limits no update, and is no scale.",
        ),
    ),
)
