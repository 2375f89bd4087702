"""The cases that are planned by hand, each for what nobody would expect: data, beside this file."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from oracle.golden.cases.plan import Plan

_FOLDER = Path(__file__).with_suffix("")


def surprises(spec_id: str) -> list[Plan]:
    """Return the cases of a spec that do not follow from its arguments."""
    library, _, name = spec_id.partition("/")
    return [_plan(record) for record in _tables(library).get(name, ())]


@cache
def _tables(library: str) -> Mapping[str, Any]:
    path = _FOLDER / f"{library}.json"
    read: Mapping[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return read


def _plan(record: Mapping[str, Any]) -> Plan:
    """Return a plan from its JSON form, in which only the fields are told that are not as usual."""
    fields = {name: _fixed(value) for name, value in record.items() if name != "hyper"}
    return Plan(hyper=_numbers(record.get("hyper", {})), **fields)


def _fixed(value: Any) -> Any:
    return tuple(map(_fixed, value)) if isinstance(value, list) else value


def _numbers(hyper: Mapping[str, Any]) -> dict[str, Any]:
    infinite = {"inf": math.inf, "-inf": -math.inf}
    return {k: infinite.get(v, v) if isinstance(v, str) else v for k, v in hyper.items()}
