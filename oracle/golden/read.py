"""Fixture files, read and refused: what is damaged or edited by hand never becomes a verdict."""

from __future__ import annotations

import difflib
import hashlib
import json
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from oracle.dtypes import float_type
from oracle.golden.limits import told_apart
from oracle.golden.model import FORMAT, Case, Golden, GoldenError, Recorded, exact
from oracle.record import Kind, Record
from oracle.resources import fixtures_dir
from oracle.rules.rule import Shape
from oracle.sparse import Sparse
from oracle.systems.registered import generating
from oracle.truth import Array

Document = dict[str, Any]


def available(folder: Path | None = None) -> list[str]:
    """Return the ids of the specs that have a fixture file."""
    root = fixtures_dir() if folder is None else folder
    return sorted(f"{path.parent.name}/{path.stem}" for path in root.glob("*/*.json"))


def load(spec: str, folder: Path | None = None) -> Golden:
    """Read the fixture of a spec; a damaged or edited file is refused with one sentence."""
    root = fixtures_dir() if folder is None else folder
    if spec not in available(root):
        raise GoldenError(f"no fixture for spec {spec!r} under {root}{_nearest(spec, root)}")
    path = path_of(spec, root)
    return golden_of(verified(read_fixture(path), path), path)


def cases_by_dtype(spec: str) -> Counter[str]:
    """Count the cases of a spec's fixture in each dtype; what else is in it is not looked at."""
    path = path_of(spec, fixtures_dir())
    try:
        return Counter(name for case in read_document(path)["cases"] for name in case["dtypes"])
    except (KeyError, TypeError) as error:
        raise damaged(path, f"it lacks or garbles {error}") from error


def path_of(spec: str, folder: Path) -> Path:
    """Return where the fixture of a spec lies under ``folder``."""
    return folder / f"{spec}.json"


def base_path(library: str, folder: Path) -> Path:
    """Return where the base file of a library lies under ``folder``."""
    return folder / f"{library}.json"


def read_fixture(path: Path) -> Document:
    """Read a fixture file, with what its cases leave to the base file of the library."""
    document = read_document(path)
    base = base_path(path.parent.name, path.parent.parent)
    if not base.exists():
        return document
    try:
        shared = read_document(base)["cases"]
        cases = [{**shared.get(record["id"], {}), **record} for record in document["cases"]]
    except (AttributeError, KeyError, TypeError) as error:
        raise damaged(path, f"it or its base lacks or garbles {error}") from error
    return {**document, "cases": cases}


def recorded_ids(path: Path) -> list[str]:
    """Return the ids of the cases that a file has; none where it cannot be read."""
    try:
        return [str(record["id"]) for record in read_document(path)["cases"]]
    except (GoldenError, KeyError, TypeError):
        return []


def read_document(path: Path) -> Document:
    """Read a file as JSON, strictly: no NaN literals, an object at the top."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"), parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise damaged(path, f"{place} is not valid JSON ({error.msg})") from error
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise damaged(path, f"it cannot be read ({error})") from error
    if not isinstance(document, dict):
        raise damaged(path, "its top level is not an object")
    return document


def verified(document: Document, path: Path) -> Document:
    """Return a document whose format and checksum are right; else say which is not."""
    if document.get("format") != FORMAT:
        raise damaged(path, f"its format is {document.get('format')!r} where {FORMAT} is known")
    if document.get("checksum") != checksum(document):
        raise damaged(path, "its checksum does not fit its content, so it was edited by hand")
    return document


def checksum(document: Mapping[str, Any]) -> str:
    """Return the sha256 of everything but the checksum, whatever the white space of the file."""
    content = {key: value for key, value in document.items() if key != "checksum"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def damaged(path: Path, what: str) -> GoldenError:
    """Say in one sentence which file is wrong, in what, and how to get the right one."""
    spec = f"{path.parent.name}/{path.stem}"
    anew = generating(spec, path.parent.parent)
    return GoldenError(f"{path}: {what}; run `{anew}` to make it anew")


def golden_of(document: Document, path: Path) -> Golden:
    """Build the values of a document; whatever does not fit is named by its case."""
    try:
        return Golden(
            spec=str(document["spec"]),
            made_by=dict(document["made_by"]),
            mpmath=str(document["mpmath"]),
            digits=int(document["digits"]),
            citations=tuple(document["citations"]),
            cases=tuple(
                _case_or_error(record, place, path)
                for place, record in enumerate(document["cases"], start=1)
            ),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise damaged(path, f"its header lacks or garbles {error}") from error


def _case_or_error(record: Mapping[str, Any], place: int, path: Path) -> Case:
    try:
        return case_of(record)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        name = record.get("id") if isinstance(record, Mapping) else None
        where = f"case {place}" + (f" ({name})" if name else "")
        raise damaged(path, f"{where} lacks or garbles {error}") from error


def case_of(record: Mapping[str, Any]) -> Case:
    """Build one case from its JSON form."""
    shapes = [tuple(shape) for shape in record["shapes"]]
    return Case(
        id=record["id"],
        why=record["why"],
        hyper=hyper_of(record),
        dtypes=tuple(record["dtypes"]),
        params=tuple(_floats(p, s) for p, s in zip(record["params"], shapes, strict=True)),
        grads=tuple(
            tuple(None if g is None else _gradient(g, s) for g, s in zip(step, shapes, strict=True))
            for step in record["grads"]
        ),
        checkpoints=tuple(
            _checkpoint(c, shapes, record.get("slot_shapes", {})) for c in record["checkpoints"]
        ),
    )


def hyper_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the hyperparameters of a case from its JSON form."""
    return {name: _INFINITE.get(str(v), v) for name, v in record["hyper"].items()}


_INFINITE = {"inf": math.inf, "-inf": -math.inf}
"""What JSON cannot write of a hyperparameter, such as a threshold that clips nothing."""


def _gradient(record: Any, shape: Shape) -> Array | Sparse:
    if not isinstance(record, Mapping):
        return _floats(record, shape)
    indices = np.array(record["indices"], np.int64)
    return Sparse(indices, _floats(record["values"], (indices.size, *shape[1:])))


def slot_shape(values: Sequence[Any], shape: Shape) -> Shape:
    """Return the shape of a slot: its parameter's, or a scalar that all parameters share."""
    return shape if len(values) == math.prod(shape) else ()


def _checkpoint(
    record: Mapping[str, Any], shapes: list[Shape], own: Mapping[str, Sequence[Sequence[int]]]
) -> Recorded:
    def shaped(name: str, slot: Sequence[Any]) -> list[tuple[Any, Shape]]:
        if name in own:
            return list(zip(slot, map(tuple, own[name]), strict=True))
        return [(v, slot_shape(v, s)) for v, s in zip(slot, shapes, strict=True)]

    def read(numbers: Mapping[str, Any], of: Callable[[Any, Shape], Kind]) -> Record[Kind]:
        params = [of(p, s) for p, s in zip(numbers["params"], shapes, strict=True)]
        slots = {n: [of(*x) for x in shaped(n, slot)] for n, slot in numbers["slots"].items()}
        return Record.of(int(record["step"]), params, slots)

    def bounds(limits: Mapping[str, Any], unit: float) -> Record[Array]:
        return read(limits, lambda values, shape: unit * _floats(values, shape))

    return Recorded(
        read(record, exact),
        {
            dtype: bounds(limits, float_type(dtype).unit_roundoff)
            for dtype, limits in told_apart(record["bounds"]).items()
        },
    )


def _floats(values: Sequence[float | str], shape: Shape) -> Array:
    return np.array([float(value) for value in values], np.float64).reshape(shape)


def _no_constant(literal: str) -> NoReturn:
    raise ValueError(f"{literal} is not JSON; it is written as a string")


def _nearest(spec: str, root: Path) -> str:
    near = difflib.get_close_matches(spec, available(root), n=3, cutoff=0.4)
    return f"; the nearest are {', '.join(near)}" if near else "; run `oracle generate`"
