"""The cases that a spec has before any is searched: what it can have of those of its library."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from oracle.errors import OracleError
from oracle.golden.cases import Plan, plans_for
from oracle.golden.cases.plan import SHARED, SPARE
from oracle.golden.compute import case_record
from oracle.golden.question import plan_called


def given_records(spec: str, recorded: Sequence[str] = ()) -> dict[str, Any]:
    """Return the records of the shared cases that a spec has, and of those drawn before."""
    plans = plans_for(spec)
    shared = [plan.id for plan in plans if plan.role == SHARED]
    others = [name for name in recorded if name not in {plan.id for plan in plans}]
    spare = [plan.id for plan in plans if plan.role == SPARE and plan.id in recorded]
    found = ((name, record_or_none(spec, name, plans)) for name in (*shared, *spare, *others))
    return {name: record for name, record in found if record is not None}


def missing_records(spec: str, recorded: Sequence[str]) -> dict[str, Any]:
    """Return the records of the shared cases that a spec can have, and that are not on record."""
    plans = plans_for(spec)
    missing = (p.id for p in plans if p.role == SHARED and p.id not in recorded)
    found = ((name, record_or_none(spec, name, plans)) for name in missing)
    return {name: record for name, record in found if record is not None}


def record_or_none(spec: str, case_id: str, plans: Sequence[Plan]) -> dict[str, Any] | None:
    """Return a case; None where the spec does not take it, or nobody can certify or see it."""
    try:
        return case_record(spec, plan_called(spec, case_id, plans))
    except (OracleError, ArithmeticError):
        return None
