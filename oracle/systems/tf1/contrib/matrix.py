"""TensorFlow 1.15.5 (`tf.contrib.opt`): the two optimizers that decompose matrices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from oracle.errors import ShapeError
from oracle.rules.ggt import ggt
from oracle.rules.rule import Rule
from oracle.rules.shampoo import shampoo
from oracle.specification.checks import at_least, between, count
from oracle.specification.domains import Count, DecayRate, Domain, Epsilon, Flag, Rate, among
from oracle.specification.draws import Halvings, Whole
from oracle.specification.sparse import SparseForm
from oracle.specification.spec import Argument, Hyper, Program, Spec, System
from oracle.specification.step import Step
from oracle.specification.transformation import Transformation, transformation
from oracle.systems.tf1.contrib import shampoo as tf_shampoo

_POSITIVE = between(0, float("inf"), low_open=True)


class Matrices(System):
    """An optimizer of `tf.contrib.opt` with state in shapes of its own."""

    name = "tf.contrib.opt"
    version = "TensorFlow 1.15.5, tensorflow/contrib/opt and core/kernels/svd_op_impl.h"
    flushes_subnormals = True

    def __init__(
        self, stages: tuple[Transformation, ...], refusal: Callable[[Any], str | None]
    ) -> None:
        self._stages = stages
        self._refusal = refusal

    def check_gradients(self, gradients: Sequence[Any], step: int) -> None:
        """Refuse what the library cannot take: the first gradient at fault is named."""
        if all(g is None for g in gradients):
            raise ShapeError(
                f"step {step}: tf.contrib.opt refuses a step without any gradient; give one"
            )
        for k, g in enumerate(gradients):
            refusal = self._refusal(g)
            if refusal:
                raise ShapeError(f"step {step}: gradient {k} {refusal}")

    def program(self, spec: Spec, hyper: Hyper) -> Program:
        """Run the stages; flags alone are no numbers."""
        return spec.chain(hyper, spec.form(hyper), *spec.before, *self._stages)


def _shampoo_refusal(gradient: Any) -> str | None:
    if gradient is None or (gradient.ndim and gradient.size):
        return None
    if gradient.ndim:
        return "is empty: Shampoo takes no empty variables, on which its process dies"
    return "is a scalar: Shampoo takes none, as it divides alpha by the number of axes"


def _ggt_refusal(gradient: Any) -> str | None:
    if gradient is None:
        return "is missing: GGT lays all variables end to end anew, and mixes them up without one"
    return None if gradient.ndim else "is a scalar: GGT takes none, as it reckons places by floats"


@transformation(couples=True)
def update_together(step: Step) -> None:
    """Apply the formula to all parameters at once, laid end to end."""
    xp = step.xp
    shapes = [xp.shape(p) for p in step.params]
    p, g, m = (
        xp.rearranged(_end_to_end, *numbers)
        for numbers in (step.params, step.gradients(), step.slots["m"])
    )
    window = int(step.hyper["window"])
    before = step.hidden.get("w", xp.full((window, *xp.shape(m)), xp.constant(0)))
    numbers = {**step.numbers, "beta_1": step.numbers["beta1"]}
    t = xp.constant(step.iterations + 1)
    p, m, after = ggt(xp, t, p, g, (m, before), numbers)
    step.hidden["w"] = xp.store(after, before)
    step.params = [xp.rearranged(cut, p) for cut in _cuts(shapes)]
    step.slots["m"] = [xp.rearranged(cut, m) for cut in _cuts(shapes)]


def _end_to_end(*arrays: Any) -> Any:
    return np.concatenate([a.reshape(-1) for a in arrays])


def _cuts(shapes: Sequence[tuple[int, ...]]) -> list[Callable[[Any], Any]]:
    """Return, for each parameter, what takes its part out of what is laid end to end."""
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    return [
        _cut(int(end) - int(np.prod(shape)), shape) for end, shape in zip(ends, shapes, strict=True)
    ]


def _cut(start: int, shape: tuple[int, ...]) -> Callable[[Any], Any]:
    return lambda whole: whole[start : start + int(np.prod(shape))].reshape(shape)


SHAMPOO = Matrices((tf_shampoo.precondition, tf_shampoo.descend), _shampoo_refusal)
GGT = Matrices((update_together,), _ggt_refusal)


def _spec(
    system: System,
    name: str,
    doc: str,
    arguments: tuple[Argument, ...],
    rule: Rule,
    quirks: tuple[str, ...],
    names: Mapping[str, str],
    sparse: SparseForm | None = None,
) -> Spec:
    return Spec(
        system,
        name,
        {argument.name: argument for argument in arguments},
        {(): rule},
        (name.lower(), name.removesuffix("Optimizer").lower()),
        doc,
        quirks,
        names,
        sparse,
    )


SPECS = (
    _spec(
        SHAMPOO,
        "ShampooOptimizer",
        "Shampoo: a root of a matrix for each axis of a tensor preconditions its gradient.",
        (
            Argument(
                "max_matrix_size",
                768,
                among(2, 4, 16, check=at_least(0), usual=True, others=(2,), decimals=(2,)),
                "a longer axis has a diagonal only",
            ),
            Argument(
                "gbar_decay",
                0.0,
                among(0.5, 0.9, 1.0, coarse=(0.5,)),
                "share of the gradients' sum that is kept",
            ),
            Argument("gbar_weight", 1.0, among(0.5, 2.0), "factor of the new gradient in that sum"),
            Argument(
                "mat_gbar_decay",
                1.0,
                among(0.0, 0.5, 0.9, check=at_least(0), coarse=(0.5,), decimals=(0.9,)),
                "share of what was seen that is kept",
            ),
            Argument(
                "mat_gbar_weight",
                1.0,
                among(0.0625, 0.5, check=at_least(0)),
                "factor of what is newly seen",
            ),
            Argument("learning_rate", 1.0, Rate(), "step size"),
            Argument(
                "svd_interval",
                1,
                Count(count(1), Whole(2, 3), number=True),
                "steps from one decomposition to the next",
            ),
            Argument(
                "precond_update_interval",
                1,
                Count(count(1), Whole(2, 3), number=True),
                "steps from one look to the next",
            ),
            Argument("epsilon", 1e-4, Epsilon(_POSITIVE), "added to every eigenvalue; here not 0"),
            Argument(
                "alpha", 0.5, among(0.5, 2.0, check=at_least(0)), "exponent of all axes together"
            ),
            Argument("use_iterative_root", False, Flag(), "take the root by iterations, no SVD"),
        ),
        shampoo,
        quirks=(
            "What was seen is divided by the number of rows, without the paper's epsilon in it.",
            "With svd_interval above 1 the roots are identities until it is over once.",
            "What is seen between two looks is never seen; the look is weighted by the interval.",
            "With mat_gbar_decay of 0 an axis has seen nothing at the steps between two looks.",
            "A long axis adds no epsilon, divides by its rows unless it is the only one, and "
            "takes no notice of precond_update_interval.",
            "Singular values are not let below epsilon, which is felt by roundings alone.",
            "A scalar variable is refused, and on an empty one the process dies.",
            "Sparse gradients of a resource variable with a long first axis move nothing, without "
            "a word; the spec is what reference variables do.",
        ),
        names={},
        sparse=SparseForm(
            "It is made dense where the first axis is not longer than max_matrix_size, or "
            "gbar_decay is not 0: every row moves. Otherwise mat_gbar_decay has to be 1, and only "
            "the rows that occur move: gbar_weight has no effect, and no long axis divides what it "
            "has seen.",
            with_any_arguments=False,
        ),
    ),
    _spec(
        GGT,
        "GGTOptimizer",
        "GGT: full-matrix adaptive steps by a window of first moments.",
        (
            Argument("learning_rate", 0.001, Rate(), "step size"),
            Argument("beta1", 0.9, DecayRate(), "decay rate of the first moment"),
            Argument(
                "window",
                10,
                Count(count(1), Whole(1, 6), usual=True, number=True, coarse=(3,), decimals=(2,)),
                "how many moments are kept",
            ),
            Argument(
                "eps",
                1e-4,
                among(0.25, 4.0, coarse=(0.25,), others=(2.0,), decimals=(0.1,)),
                "smallest root at which the rest of the space is stepped",
            ),
            Argument(
                "svd_eps",
                1e-6,
                Domain(_POSITIVE, Halvings(0, 12), usual=True, coarse=(0.25,), others=(0.0625,)),
                "added to every eigenvalue; here not 0",
            ),
            Argument(
                "sigma_eps",
                0.01,
                Domain(at_least(0), Halvings(-1, 6), usual=True, coarse=(0.5,), others=(0.25,)),
                "added to every root",
            ),
        ),
        ggt,
        quirks=(
            "All variables are one: what is decomposed couples every element with every other.",
            "The first moment has no bias correction.",
            "With the defaults the rest of the space is always stepped: 0.001 is above eps.",
            "The moments are divided by the root of their number, until the window is full.",
            "A variable without a gradient mixes the variables up; a scalar is refused.",
            "A sparse gradient raises NotImplementedError.",
            "On float64 variables, in about every third graph, Grappler's rewriting lets a step "
            "see the gradients of the step before; the spec is the graph as it is written.",
        ),
        names={"beta_1": "beta1"},
    ),
)
