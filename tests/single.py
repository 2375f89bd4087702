"""One number driven through a spec, for facts that can be worked out by hand."""

from __future__ import annotations

import mpmath

import oracle
from oracle.specification.options import demanded
from oracle.specification.shapes import takes_shape

DIGITS = mpmath.mpf(10) ** -45


def least(spec):
    """Values for the arguments that the library demands, and for no others."""
    values = {"learning_rate": 0.25, "momentum": 0.5, "weight_decay": 0.125}
    found = oracle.spec(spec)
    return {name: values.get(name, value) for name, value in demanded(found).items()}


def takes_every_shape(spec):
    """Whether scalars and empty parameters are taken, as all but what decomposes matrices does."""
    return all(takes_shape(oracle.spec(spec), shape) for shape in ((), (0,)))


def exact(value) -> mpmath.mpf:
    """A number at its value: a float at its binary, a string at its decimal one."""
    return mpmath.mpf(value)


def run(spec, start, gradients, **hyper):
    """The trajectory of one scalar parameter."""
    return oracle.trajectory(spec, [start], [[g] for g in gradients], hyper)


def params(spec, start, gradients, **hyper):
    """The parameter after each step."""
    return [step[0].item() for step in run(spec, start, gradients, **hyper).params[1:]]


def last(spec, start, gradients, **hyper):
    """The parameter after the last step."""
    return params(spec, start, gradients, **hyper)[-1]


def slot(name, spec, start, gradients, **hyper):
    """A slot after the last step."""
    return run(spec, start, gradients, **hyper).slots[-1][name][0].item()


def close(got, want) -> bool:
    """Equal to 45 digits."""
    return abs(got - want) <= DIGITS * max(1, abs(want))


def takes_vectors(spec: str) -> bool:
    """Whether parameters may be vectors, as those of nearly all specs."""
    return takes_shape(oracle.spec(spec), (1,))
