"""Which cases each spec has: pure data, from which ``draw`` makes the numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from oracle.golden.cases import keras2, keras3
from oracle.golden.cases.around import fitted, missing_plan, option_plans
from oracle.golden.cases.at_zero import at_zero_plans
from oracle.golden.cases.common import default_plans, rule_plans
from oracle.golden.cases.keras2 import keras2_plans
from oracle.golden.cases.keras3 import keras3_plans
from oracle.golden.cases.optax import optax_plans
from oracle.golden.cases.plan import SHARED, Plan
from oracle.golden.cases.sparse import sparse_plans
from oracle.golden.cases.surprises import surprises
from oracle.golden.cases.tf_contrib import tf_contrib_plans
from oracle.golden.cases.values import Values, options_around, values_of
from oracle.specification.spec import Spec
from oracle.systems import spec as find_spec

__all__ = ["Plan", "plans_for", "plans_of", "shown_elsewhere"]

_CARRIERS = {"keras2": keras2.CARRIERS, "keras3": keras3.CARRIERS}

_AROUND: dict[str, Callable[[Spec, Values], list[Plan]]] = {
    "keras2": keras2_plans,
    "keras3": keras3_plans,
    "tf.contrib.opt": tf_contrib_plans,
    "optax": optax_plans,
    "optax.contrib": optax_plans,
}
"""What stands around the rules of a library, where more is to be shown than each option alone."""


def shown_elsewhere(spec: Spec) -> list[str]:
    """Return the options that other specs of the library carry: the very same arguments."""
    carriers = _CARRIERS.get(spec.system.name, ())
    if spec.id in carriers:
        return []
    shown = {id(a) for carrier in carriers for a in find_spec(carrier).arguments.values()}
    return [name for name in options_around(spec) if id(spec.arguments[name]) in shown]


def plans_for(spec_id: str) -> list[Plan]:
    """Return the cases of a spec, in the order in which its file has them."""
    return plans_of(find_spec(spec_id))


def plans_of(spec: Spec) -> list[Plan]:
    """Return the cases of a spec of any library.

    All but its surprises follow from its arguments: gradients of every kind for its rule, each
    option of its chain by itself and all of them at once.
    """
    values = values_of(spec)
    around = _AROUND.get(spec.system.name, option_plans)
    usual = [
        *rule_plans(spec, values),
        missing_plan(spec, values),
        *at_zero_plans(spec, values),
        *sparse_plans(spec, values),
    ]
    shared = [replace(plan, role=SHARED) for plan in usual]
    plans = [*shared, *default_plans(values), *around(spec, values)]
    own = surprises(spec.id)
    known = {plan.id for plan in own}
    return [*(fitted(spec, plan) for plan in plans if plan.id not in known), *own]
