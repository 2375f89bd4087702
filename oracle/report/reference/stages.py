"""The order of operations: the stages of a spec's programs, each with what its docstring says."""

from __future__ import annotations

import re
from dataclasses import dataclass

from oracle.report.reference.choices import programs
from oracle.specification.spec import Spec
from oracle.specification.transformation import Transformation, merged


@dataclass(frozen=True)
class Operation:
    """One stage, for a reader."""

    name: str
    sentence: str
    arguments: tuple[str, ...]
    """The arguments of the spec that it reads, in the order of the spec."""


def operations(spec: Spec) -> list[Operation]:
    """Return what a step does, in order."""
    links = merged(program.links for _, program in programs(spec))
    return [_operation(link, spec) for link in links]


def first_sentence(docstring: str) -> str:
    """Return the first sentence of a docstring, code in Markdown's backticks."""
    paragraph = " ".join(docstring.strip().split("\n\n", maxsplit=1)[0].split())
    found = re.match(r".*?\.(?=\s|$)", paragraph)
    return (found[0] if found else paragraph).replace("``", "`")


def _operation(stage: Transformation, spec: Spec) -> Operation:
    arguments = tuple(name for name in spec.arguments if name in stage.reads)
    return Operation(stage.name, first_sentence(stage.doc), arguments)
