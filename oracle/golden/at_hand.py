"""The golden fixture of any spec: the bundled one, that of its owner, or one computed now.

An optimizer of somebody's own has its fixtures in a repository of theirs, and may have none yet.
Its cases follow from its domains all the same; what they come to is kept in the user's cache.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from oracle.errors import OracleError
from oracle.golden.cases import plans_for
from oracle.golden.cases.draw import inputs
from oracle.golden.cases.plan import SPARE, Plan
from oracle.golden.compute import document_for
from oracle.golden.given import given_records
from oracle.golden.model import Golden, GoldenError
from oracle.golden.provenance import changed, made_by
from oracle.golden.question import question
from oracle.golden.read import available, golden_of, load, path_of, read_document, verified
from oracle.golden.write import render, write_atomically
from oracle.problem import Problem
from oracle.resources import cache_dir
from oracle.systems import spec as find_spec
from oracle.systems.registered import generating, registered, told_folder


def golden_for(spec: str) -> Golden:
    """Return the fixture of a spec; raises `GoldenError` for one that is damaged or stale."""
    own = registered().get(spec)
    if own is None:
        return load(spec)
    folder = told_folder() or own.fixtures
    if folder is not None and path_of(spec, folder).exists():
        return _theirs(spec, folder)
    if told_folder() is not None:
        raise GoldenError(
            f"no fixture for spec {spec!r} under {folder}; run `{generating(spec, folder)}`"
        )
    return _computed(spec)


def has_golden(spec: str) -> bool:
    """Whether there are golden cases of a spec, or can be."""
    return spec in registered() or spec in available()


def on_disk() -> list[str]:
    """Return the ids of all specs that have a fixture file, those of others at the end."""
    folders = {id: told_folder() or own.fixtures for id, own in registered().items()}
    there = [id for id, f in folders.items() if f is not None and path_of(id, f).exists()]
    return [*available(), *there]


def _theirs(spec: str, folder: Path) -> Golden:
    golden = load(spec, folder)
    edited = list(changed(golden.made_by))
    if edited:
        raise GoldenError(
            f"{path_of(spec, folder)} is stale: changed since it was made: {', '.join(edited)}; "
            f"run `{generating(spec, folder)}`"
        )
    return golden


def _computed(spec: str) -> Golden:
    """Return what the cases of a spec come to; the same is computed once on a machine."""
    plans = [plan for plan in plans_for(spec) if plan.role != SPARE and _is_taken(spec, plan)]
    asked = [made_by(spec, plans), [question(spec, plan) for plan in plans]]
    key = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
    path = cache_dir() / "golden" / f"{key}.json"
    try:
        return golden_of(verified(read_document(path), path), path)
    except GoldenError:
        given = given_records(spec)
        document = document_for(spec, given, list(given.values()))
        write_atomically(path, render(document))
        return golden_of(document, path)


def _is_taken(spec: str, plan: Plan) -> bool:
    """Whether a spec takes what a case feeds it, such as a step without some gradient."""
    try:
        Problem.checked(find_spec(spec), *inputs(spec, plan))
    except OracleError:
        return False
    return True
