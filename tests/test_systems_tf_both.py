"""What tf.train and tf.contrib.opt have in common: refusals, names, arguments without a default."""

from __future__ import annotations

import pytest
from single import least

import oracle
from oracle.errors import HyperparameterError, ShapeError

NAMES = [*oracle.specs("tf.train"), *oracle.specs("tf.contrib.opt")]
each = pytest.mark.parametrize("id", NAMES)


@each
@pytest.mark.parametrize("row", [[None, None], []])
def test_a_step_without_any_gradient_is_refused(id, row):
    with pytest.raises(ShapeError) as refused:
        oracle.trajectory(id, [1.0] * len(row), [row], least(id))
    spec = oracle.spec(id)
    said = f"step 1: {spec.system.name} refuses a step without any gradient; give one"
    if spec.name == "SyncReplicasOptimizer":
        said = f"step 1: {spec.name} refuses a missing gradient; give one for each"
    assert str(refused.value) == said


@each
def test_the_class_is_found_with_and_without_its_suffix(id):
    assert oracle.spec(id.removesuffix("Optimizer")) is oracle.spec(id.lower()) is oracle.spec(id)


@each
def test_what_has_no_default_is_demanded(id):
    spec = oracle.spec(id)
    if spec.required:
        with pytest.raises(HyperparameterError) as refused:
            spec.validate({})
        assert str(refused.value) == f"{id} needs {', '.join(spec.required)}: it has no default"
    assert spec.validate(least(id))
