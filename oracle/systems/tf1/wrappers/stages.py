"""What the wrapping optimizers of TensorFlow 1.15.5 do before and after the wrapped one's step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from oracle.arithmetic.base import Number
from oracle.errors import ShapeError
from oracle.rules.rule import Slot, at_parameter, zeros
from oracle.rules.transformations import clipping
from oracle.rules.wrappers import (
    elastic_exchange,
    moving_average,
    moving_average_of_few,
)
from oracle.specification.composition import Around, Inner
from oracle.specification.sparse import ALL_ROWS, Slices
from oracle.specification.spec import Hyper
from oracle.specification.step import Step
from oracle.specification.transformation import transformation
from oracle.specification.update import update_with

ELASTIC_SHARE = 0.9
"""What all workers together move towards the center in a period, by default."""


def as_it_is(inner: Inner, hyper: Hyper) -> Around:
    """Wrap an optimizer and add nothing."""
    return Around((inner.update(),), {}, {})


def averaging(inner: Inner, hyper: Hyper) -> Around:
    """Average the parameters after each step."""
    rule = moving_average if hyper["num_updates"] is None else moving_average_of_few
    numeric = {name: hyper[name] for name in rule.hyper}
    average = update_with(rule, sparse=ALL_ROWS)
    return Around((inner.update(), average), rule.slots, numeric, rule)


def resting_at_zero(inner: Inner, hyper: Hyper) -> Around:
    """Take no step of a parameter whose gradient is 0 in all elements.

    A sparse one is 0 where the occurrences of each row add up to it. Gradient descent takes sparse
    gradients past the wrapper, and a step of each occurrence.
    """
    update = inner.update()
    passed_by = inner.name == "GradientDescentOptimizer"

    @transformation(couples=True)
    def skip_zero_gradients(step: Step) -> None:
        """Let the wrapped optimizer step where a gradient is not 0 in all of its elements."""
        params = list(step.params)
        slots = {name: list(step.slots[name]) for name in inner.program.slots}
        update(step)
        for k, g in zip(step.present(), step.gradients(), strict=True):
            if passed_by and isinstance(step.grads[k], Slices):
                continue
            rests = step.xp.sum(step.xp.abs(g)) <= 0
            step.params[k] = step.xp.where(rests, params[k], step.params[k])
            for name, values in slots.items():
                if not inner.program.slots[name].scalar:
                    after = step.slots[name][k]
                    step.slots[name][k] = step.xp.where(rests, values[k], after)

    return Around((skip_zero_gradients,), {}, {})


def clipping_variables(inner: Inner, hyper: Hyper) -> Around:
    """Clip some parameters after each step."""
    numeric = {"max_norm": hyper["max_norm"]}
    return Around((inner.update(), clip_variables), {}, numeric)


@transformation(couples=True)
def clip_variables(step: Step) -> None:
    """Subtract from each parameter that has a gradient what exceeds max_norm along its axes."""
    for index, axes in step.hyper["vars_to_clip_dims"].items():
        k = int(index)
        if k >= len(step.params):
            raise ShapeError(
                f"vars_to_clip_dims names parameter {k}, and there are {len(step.params)}"
            )
        gradient = step.grads[k]
        if isinstance(gradient, Slices) and 0 not in axes:
            step.params[k] = clip_rows(step, k, gradient, axes)
        elif gradient is not None:
            p = step.params[k]
            (clipped,) = clipping.by_norm_along(step.xp, [p], step.numbers["max_norm"], axes)
            step.params[k] = p - (p - clipped)


def clip_rows(step: Step, k: int, gradient: Slices, axes: Sequence[int]) -> Number:
    """Return a parameter with its rows that occur clipped, once for each time that they occur.

    All occurrences are measured as the update left the row, so that one that occurs twice loses
    twice what exceeds max_norm. An axis 0 that is counted from the end adds up all occurrences.
    """
    p: Number = step.params[k]
    occurrences = gradient.conditions()
    rows = [step.xp.where(there, p, 0) for there in occurrences]
    clipped = clipping.by_norm_of_rows(step.xp, rows, step.numbers["max_norm"], axes)
    after = p
    for there, row in zip(occurrences, clipped, strict=True):
        after = step.xp.where(there, after - (p - row), after)
    return after


def dropping_stale(inner: Inner, hyper: Hyper) -> Around:
    """Take a step, or count it as stale; in one process no gradient is older than its step."""
    accepts = hyper["staleness"] >= 0
    stages = (inner.update(),) if accepts else (drop_gradients,)
    return Around(stages, {"stale_counter": Slot(0, scalar=True)}, {})


@transformation()
def drop_gradients(step: Step) -> None:
    """Count the gradients as stale, and drop them: not even 0 is within a negative staleness."""
    step.slots["stale_counter"] = [count + 1 for count in step.slots["stale_counter"]]


def elastic(inner: Inner, hyper: Hyper) -> Around:
    """Pull the parameters to their center, and exchange both every period."""
    rate = moving_rate(hyper)
    rho = hyper["rho"]
    if rho is None:
        rho = rate / float(inner.program.hyper["learning_rate"])
    stages = (pull_to_center, inner.update(), exchange)
    numeric = {"moving_rate": rate, "rho": rho}
    return Around(stages, elastic_exchange.slots, numeric, elastic_exchange)


def moving_rate(hyper: Hyper) -> Any:
    """Return the rate of the exchange, by default in doubles as the library divides them."""
    given = hyper["moving_rate"]
    if given is not None:
        return given
    return ELASTIC_SHARE / int(hyper["communication_period"]) / int(hyper["num_worker"])


@transformation()
def pull_to_center(step: Step) -> None:
    """Add rho times the parameter's distance from the local center to the gradient.

    A sparse gradient is made dense by that, as the distance is.
    """
    for k, g in enumerate(step.grads):
        pull = step.numbers["rho"] * (step.params[k] - step.slots["local_center"][k])
        total = g.total() if isinstance(g, Slices) else g
        step.grads[k] = pull if total is None else total + pull


def due(step: Step, period: int) -> bool:
    """Tell whether a period divides the number of this step."""
    return (step.iterations + 1) % int(period) == 0


@transformation()
def exchange(step: Step) -> None:
    """Apply the formula at every step that communication_period divides."""
    if due(step, step.hyper["communication_period"]):
        update_with(elastic_exchange)(step)


def model_average(inner: Inner, hyper: Hyper) -> Around:
    """Average the models of all workers: that of the one worker is itself."""
    return Around((inner.update(), copy_to_center), {"global_center": at_parameter}, {})


@transformation()
def copy_to_center(step: Step) -> None:
    """Copy the parameters to the global center at every step that interval_steps divides."""
    for k in step.present() if due(step, step.hyper["interval_steps"]) else ():
        step.slots["global_center"][k] = step.params[k]


def accumulated_gradient(inner: Inner, hyper: Hyper) -> Around:
    """Step away from the center, and move the center by the mean gradient every period."""
    center = "center_"
    period = int(hyper["communication_period"])

    def steps_before(step: Step) -> int:
        return step.iterations + step.iterations // period

    update = inner.update(lambda step: steps_before(step) + 1, center)

    @transformation()
    def move_center(step: Step) -> None:
        """Move the center by the mean gradient where communication_period divides; go on there."""
        if not due(step, step.hyper["communication_period"]):
            return
        held = step.slots["accumulated_gradient"]
        step.replace_gradients([held[k] / period for k in step.present()])
        for k in step.present():
            step.params[k] = step.slots["global_center"][k]
            held[k] = step.xp.zeros_like(held[k])
        update(step)
        for k in step.present():
            step.slots["global_center"][k] = step.params[k]

    slots = {
        **inner.slots(center),
        "accumulated_gradient": zeros,
        "global_center": at_parameter,
    }
    return Around((inner.update(steps_before), accumulate, move_center), slots, {})


@transformation()
def accumulate(step: Step) -> None:
    """Add the gradient to those of the period."""
    held = step.slots["accumulated_gradient"]
    for k, g in zip(step.present(), step.gradients(), strict=True):
        held[k] = held[k] + g
