"""No wrong version of a rule is left out of its kill matrix."""

from __future__ import annotations

import pytest

import oracle
from oracle.arithmetic.base import Number
from oracle.arithmetic.doubles import Doubles
from oracle.golden import load
from oracle.mutation.matrix import path_of_matrix, read_matrix
from oracle.mutation.observed import CANNOT_RUN
from oracle.mutation.substitute import rules_run, substituted
from oracle.mutation.versions import Version, versions_of
from oracle.problem import Problem
from oracle.resources import fixtures_dir
from oracle.rules.rule import Rule
from oracle.trajectories import states

ALONE = [id for id in oracle.specs() if not oracle.spec(id).wraps]


def runs(id: str, rule: Rule, version: Version, hyper: dict, problem: Problem) -> bool:
    """Whether a wrong version gives numbers of the arithmetic, and not a 0 in their place."""
    wrong = substituted(oracle.spec(id), rule, version.rule)
    try:
        *_, last = states(Doubles(), wrong.program(hyper), problem)
    except CANNOT_RUN:
        return False
    held = [*last.params, *(slot for slots in last.slots.values() for slot in slots)]
    return all(isinstance(number, Number) for number in held)


@pytest.mark.parametrize("id", ALONE)
def test_every_wrong_version_of_a_rule_is_tried(id):
    """What a rule takes is there, wherever it is from: an argument, a stage, or the parameter."""
    spec = oracle.spec(id)
    tried = {row.id for row in read_matrix(path_of_matrix(id, fixtures_dir())).rows}
    for case in load(id).cases:
        problem = Problem.checked(spec, case.params, case.grads)
        for rule in rules_run(spec, case.hyper, problem):
            left_out = [version for version in versions_of(rule) if version.id not in tried]
            assert not any(runs(id, rule, v, case.hyper, problem) for v in left_out)
