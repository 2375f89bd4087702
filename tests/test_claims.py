"""A claim that cannot be judged is refused before anything runs, with what there is instead."""

from __future__ import annotations

import numpy as np
import pytest

from oracle.claim import Claim
from oracle.conformance.claims import check_claim
from oracle.errors import ImplementationError
from oracle.implementation import Implementation

NAMES = "use one of float16, bfloat16, float32, float64"


def claimed(spec: str = "keras3/SGD", **declared) -> Claim:
    mine = Implementation("mine")
    mine.implements(spec, **declared)(lambda params, *, learning_rate: lambda grads: params)
    return mine.claims[0]


def refusal(*claim: str, **declared) -> str:
    with pytest.raises(ImplementationError) as caught:
        check_claim(claimed(*claim, **declared), "mine")
    return str(caught.value)


@pytest.mark.parametrize(
    ("declared", "sentence"),
    [
        ({"dtypes": ("float23",)}, f"unknown dtype 'float23': {NAMES}"),
        ({"hyper_dtype": "double"}, f"hyper_dtype of keras3/SGD: unknown dtype 'double': {NAMES}"),
        ({"hyper_dtype": {"learning_rate": "half"}}, f"unknown dtype 'half': {NAMES}"),
        ({"sparse_hyper_dtype": "half"}, f"unknown dtype 'half': {NAMES}"),
        ({"compute_dtype": "fp32"}, f"compute_dtype of keras3/SGD: unknown dtype 'fp32': {NAMES}"),
        ({"compute_dtype": lambda dtype: ["float32"]}, f"unknown dtype \"['float32']\": {NAMES}"),
        ({"compute_dtype": {"*": "float32"}}, "give one dtype, such as 'float32'"),
        ({"hyper_dtype": {"float32": "float64"}}, "names 'float32', which no spec has; it has lea"),
        ({"hyper_dtype": np.float32}, "give a name such as 'float32', a mapping"),
    ],
)
def test_a_precision_that_there_is_not_is_refused_with_those_that_there_are(declared, sentence):
    told = refusal(**declared)
    assert told.startswith("mine claims what cannot be judged: ")
    assert sentence in told


def test_an_alias_is_refused_with_the_id():
    assert "its id is keras2/SGD" in refusal("keras2/sgd")


def test_an_argument_that_the_library_lacks_is_refused_with_those_that_it_has():
    told = refusal("tf/clip_by_norm")
    assert "requires 'learning_rate', which the library does not have; it has clip_norm, " in told


DECLARED = {
    "hyper_dtype": ("float32", "float64"),
    "compute_dtype": ("float32", "float64"),
    "flushes_subnormals": (True, False),
    "reciprocal_math": (True, False),
    "dtypes": (("float16",), ("float64",)),
}


@pytest.mark.parametrize("trains", [False, True], ids=["implements", "trains"])
@pytest.mark.parametrize("option", DECLARED)
def test_what_a_claim_does_not_declare_is_the_implementations(option: str, trains: bool):
    of_all, of_one = DECLARED[option]
    mine = Implementation("mine", **{option: of_all})
    declare = mine.trains if trains else mine.implements
    declare("keras3/SGD")(lambda params, **hyper: lambda grads: params)
    declare("keras3/Adam", **{option: of_one})(lambda params, **hyper: lambda grads: params)
    claims = mine.trainers if trains else mine.claims
    assert [getattr(claim, option) for claim in claims] == [of_all, of_one]


@pytest.mark.parametrize(
    "hyper_dtype",
    [None, "float64", {"*": "float32"}, {"momentum": "float32", "rho": "float32"}, lambda d: d],
)
def test_a_precision_that_there_is_passes(hyper_dtype):
    check_claim(claimed(hyper_dtype=hyper_dtype, compute_dtype="float32"), "mine")
