"""The chain of docs/your-own-spec.md: a kernel of it is judged, a wrong link is told."""

from __future__ import annotations

import pytest
from own_spec import CHAIN, FORMULA, on_a_line, written

GOLDEN = "suites/test_golden.py"

CLIPPED = """
import numpy as np

clipped = oracle.Implementation("clipped", dtypes=("float32",))

@clipped.implements("mine/ClippedSGD")
def kernel(params, *, learning_rate, momentum=0.0, clip=None):
    m = [np.zeros_like(p) for p in params]

    def step(grads):
        for k, g in enumerate(grads):
            if clip:
                norm = np.sqrt((g * g).sum())
                g = g * (clip / norm) if norm > clip else g
            m[k] = momentum * m[k] + g
            params[k] = (params[k] - learning_rate * m[k]).astype(np.float32)
        return params

    return step
"""
WRONG_LINKS = {
    "no root": (
        "np.sqrt((g * g).sum())",
        "(g * g).sum()",
        "norms = [step.xp.norm(g)**2 for g in step.gradients()]",
        "norms = [step.xp.norm(g) for g in step.gradients()]",
    ),
    "another form": (
        "momentum * m[k] + g",
        "momentum * m[k] + (1 - momentum) * g",
        "m_t = momentum * m + (1 - momentum) * g",
        "m_t = momentum * m + g",
    ),
}


def test_a_kernel_of_a_chain_passes(pytester: pytest.Pytester):
    written(pytester.path, FORMULA, CHAIN, CLIPPED)
    assert pytester.runpytest_subprocess("--impl=mine.py", GOLDEN).ret == 0


@pytest.mark.parametrize("name", WRONG_LINKS)
def test_a_link_and_a_form_are_told_by_their_lines(name: str, pytester: pytest.Pytester):
    right, wrong, instead, line = WRONG_LINKS[name]
    path = written(pytester.path, FORMULA, CHAIN, CLIPPED.replace(right, wrong))
    number = [text.strip() for text in path.read_text().splitlines()].index(line) + 1
    result = pytester.runpytest_subprocess("--impl=mine.py", GOLDEN)
    assert result.ret == 1
    told = f"looks like: `{instead}` instead of `{line}` (mine.py:{number})"
    assert told in on_a_line(result.stdout.str())
