"""Which cases each spec has: pure data, from which ``draw`` makes the numbers."""

from __future__ import annotations

from oracle.golden.cases.arguments import KERAS2
from oracle.golden.cases.at_zero import at_zero_plans
from oracle.golden.cases.common import SPREADING, rule_plans
from oracle.golden.cases.keras2 import keras2_plans
from oracle.golden.cases.keras3 import keras3_plans, keras3_values
from oracle.golden.cases.plan import Plan
from oracle.golden.cases.sparse import sparse_plans
from oracle.golden.cases.sparse_around import sparse_clip_plans, sparse_wrapper_plans
from oracle.golden.cases.sparse_matrix import sparse_matrix_plans
from oracle.golden.cases.tf_clip import TF_CLIP, tf_clip_plans
from oracle.golden.cases.tf_contrib import tf_contrib_plans
from oracle.golden.cases.tf_contrib_arguments import TF_CONTRIB
from oracle.golden.cases.tf_contrib_matrix import tf_contrib_matrix_plans
from oracle.golden.cases.tf_contrib_matrix_arguments import TF_CONTRIB_MATRIX
from oracle.golden.cases.tf_train import tf_train_plans
from oracle.golden.cases.tf_train_arguments import TF_TRAIN
from oracle.golden.cases.tf_wrappers import tf_wrapper_plans
from oracle.golden.cases.tf_wrappers_arguments import TF_WRAPPERS
from oracle.golden.model import GoldenError
from oracle.systems import spec as find_spec
from oracle.systems import specs

__all__ = ["Plan", "plans_for", "specs_with_cases"]


def specs_with_cases() -> list[str]:
    """Return the ids of the specs that have a table of cases."""
    tables = (KERAS2, TF_TRAIN, TF_CONTRIB, TF_CONTRIB_MATRIX, TF_WRAPPERS, TF_CLIP)
    return sorted([*specs("keras3"), *(spec for table in tables for spec in table)])


def plans_for(spec: str) -> list[Plan]:
    """Return the cases of a spec, in the order in which its file has them."""
    if spec in KERAS2:
        coarse = KERAS2[spec].coarse
        plans = [*rule_plans(KERAS2[spec]), *keras2_plans(spec, KERAS2[spec])]
        return [*plans, *at_zero_plans(spec, coarse), *sparse_plans(spec, coarse)]
    if spec in specs("keras3"):
        found = find_spec(spec)
        values = keras3_values(found)
        plans = [*rule_plans(values), *keras3_plans(spec, values)]
        if any(form.couples for form in found.forms.values()):
            plans = [plan for plan in plans if plan.id != SPREADING]
        return [*plans, *at_zero_plans(spec, values.coarse)]
    if spec in TF_TRAIN:
        coarse = TF_TRAIN[spec].coarse
        plans = [*tf_train_plans(spec), *at_zero_plans(spec, coarse)]
        return [*plans, *sparse_plans(spec, coarse)]
    if spec in TF_CONTRIB:
        coarse = TF_CONTRIB[spec].coarse
        plans = [*tf_contrib_plans(spec), *at_zero_plans(spec, coarse)]
        return [*plans, *sparse_plans(spec, coarse)]
    if spec in TF_CONTRIB_MATRIX:
        at_zero = at_zero_plans(spec, TF_CONTRIB_MATRIX[spec].coarse)
        return [*tf_contrib_matrix_plans(spec), *at_zero, *sparse_matrix_plans(spec)]
    if spec in TF_WRAPPERS:
        return [*tf_wrapper_plans(spec), *sparse_wrapper_plans(spec)]
    if spec in TF_CLIP:
        return [*tf_clip_plans(spec), *sparse_clip_plans(spec)]
    raise GoldenError(
        f"{spec} has no table of cases; write one in oracle/golden/cases and name it there"
    )
