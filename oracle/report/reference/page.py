"""The page of one spec, and the index of all of them."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from pathlib import Path

from oracle.golden.read import path_of, read_document
from oracle.report.reference.choices import conditions, programs
from oracle.report.reference.formula import Formula, after_step, direction, formula
from oracle.report.reference.markdown import (
    bullets,
    code,
    fenced,
    folded,
    literal,
    math,
    numbered,
    table,
)
from oracle.report.reference.stages import first_sentence, operations
from oracle.rules.rule import PARAMETER, Rule, Slot, of_columns, of_rows
from oracle.specification.pairs import pairs_in
from oracle.specification.spec import REQUIRED, Argument, Spec
from oracle.systems import spec as find_spec
from oracle.systems.not_specified import NOT_SPECIFIED

_NOTE = "<!-- Written by `oracle docs` from the source of the spec: edit that, not this page. -->"
_INPUTS = (
    "Parameter, gradient and learning rate enter as the operations before the update leave them."
)

_DIRECTION = "the direction, which the operations after the update take for the gradient"
_COMPUTED = {
    "sign_decay": f"what {code('sign_decay_fn')} leaves of the agreement of signs at this step",
    "e": "Euler's number, held as a hyperparameter is",
}
"""What a rule takes besides the library's arguments."""
_OF_THE_WRAPPED = "That of the optimizer that is wrapped, which has a page of its own."
_ITS_SLOTS = "Besides, there are the slots of the optimizer that is wrapped."


def page(spec: Spec, fixtures: Path) -> str:
    """Return the page of a spec, with the number of cases that its fixture holds."""
    sections = [
        ("Formula", _formula(spec)),
        ("Arguments", _arguments(spec)),
        ("Slots", _slots(spec)),
        ("Order of operations", _operations(spec)),
        ("Sparse gradients", _sparse(spec)),
        ("Quirks", bullets(map(literal, spec.quirks))),
        ("Sources", bullets(map(literal, spec.citations))),
        ("Golden cases", _golden(spec, fixtures)),
    ]
    return _joined(
        _NOTE,
        f"# {spec.id}",
        literal(spec.doc),
        _library(spec),
        *(f"## {title}\n\n{text}" for title, text in sections if text),
    )


def index(ids: Sequence[str]) -> str:
    """Return the page that leads to all others."""
    systems: dict[str, list[Spec]] = {}
    for spec in map(find_spec, ids):
        systems.setdefault(spec.system.name, []).append(spec)
    return _joined(
        _NOTE,
        "# Reference",
        "Each optimizer as its library defines it: formula, arguments, slots, order of operations. "
        "[What honest means](honest.md) has the forms in which each formula may be written.",
        *(_system(name, specs) for name, specs in systems.items()),
    )


def _system(name: str, specs: Sequence[Spec]) -> str:
    rows = [(f"[{spec.id}]({spec.id}.md)", literal(spec.doc)) for spec in specs]
    rows += [
        (code(id), f"No spec: {literal(reason)}.")
        for id, reason in NOT_SPECIFIED.items()
        if id.partition("/")[0] == name
    ]
    version = literal(specs[0].system.version)
    return f"## {name}\n\n{version}.\n\n{table(('Spec', 'What it is'), rows)}"


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"


def _library(spec: Spec) -> str:
    aliases = ", ".join(code(f"{spec.system.name}/{alias}") for alias in spec.aliases)
    return literal(f"Library: {spec.system.version}.") + (f" Also: {aliases}." if aliases else "")


def _formula(spec: Spec) -> str:
    if not spec.forms:
        return _OF_THE_WRAPPED
    when = conditions(spec)
    forms = (
        _form(form, formula(form), when.get(form.name, ""))
        for form in (*spec.forms.values(), *spec.apart.values())
    )
    before = _INPUTS if len(operations(spec)) > 1 else ""
    return _joined(before, *forms, _legend(spec)).rstrip()


def _sparse(spec: Spec) -> str:
    if spec.sparse is None:
        return ""
    forms = (_form(form, formula(form), "") for form in spec.sparse.forms.values())
    return _joined(literal(spec.sparse.doc), *forms).rstrip()


def _form(form: Rule, translated: Formula, when: str) -> str:
    doc = literal(first_sentence(inspect.getdoc(form.function) or ""))
    used = f"Used when {when}." if when else ""
    return _joined(
        f"### {code(form.name)}",
        " ".join(filter(None, (doc, used))),
        fenced("math", translated.block),
        folded("The same in Python", fenced("python", form.source)),
    ).rstrip()


def _legend(spec: Spec) -> str:
    """Explain the symbols of all forms; those of values on the way are explained by their lines."""
    rows: dict[str, str] = {
        r"\theta_t": "the parameter after the step",
        "g_t": "its gradient",
        "t": "the step, from 1",
    }
    translated = [formula(form) for form in spec.all_forms]
    for form in spec.all_forms:
        rows |= {symbol: _DIRECTION for symbol in (direction(form),) if symbol}
        rows |= {
            symbol: f"the slot {code(slot)} after the step"
            for slot, symbol in after_step(form).items()
        }
    for form, said in zip(spec.all_forms, translated, strict=True):
        for name in form.hyper:
            rows[said.symbols[name]] = _hyperparameter(spec, name)
    used = {symbol for said in translated for symbol in said.symbols.values()}
    shown = ((math(symbol), text) for symbol, text in rows.items() if symbol in used)
    before = f"With {math('t-1')} below it, a symbol is the value before the step."
    return f"### Symbols\n\n{before}\n\n{table(('Symbol', 'Meaning'), shown)}"


def _hyperparameter(spec: Spec, name: str) -> str:
    if name in _COMPUTED:
        return _COMPUTED[name]
    for pair, domain in pairs_in(spec.arguments):
        if name in domain.parts:
            place = list(domain.parts).index(name)
            return f"{code(f'{pair}[{place}]')}: {literal(spec.arguments[pair].doc)}"
    named = spec.names.get(name, name)
    if named not in spec.arguments:
        return f"always {code(repr(spec.derived[named]({})))}"
    return f"{code(named)}: {literal(spec.arguments[named].doc)}"


def _arguments(spec: Spec) -> str:
    if not spec.arguments:
        return "None."
    rows = ((code(a.name), _default(a), literal(a.doc)) for a in spec.arguments.values())
    return table(("Argument", "Default", "Meaning"), rows)


def _default(argument: Argument) -> str:
    return "required" if argument.default is REQUIRED else code(repr(argument.default))


def _slots(spec: Spec) -> str:
    own = _own_slots(spec)
    if spec.wraps:
        return _joined(own, _ITS_SLOTS).rstrip() if own else "Those of the wrapped optimizer."
    return own or "None: nothing is kept from step to step but the parameters and their count."


def _own_slots(spec: Spec) -> str:
    rows = [
        (code(name), _initial(slot), _extent(slot), when) for name, slot, when in _all_slots(spec)
    ]
    if not rows:
        return ""
    if all(when == "always" for *_, when in rows):
        return table(("Slot", "Starts at", "Extent"), (row[:3] for row in rows))
    return table(("Slot", "Starts at", "Extent", "Kept"), rows)


def _all_slots(spec: Spec) -> Iterator[tuple[str, Slot, str]]:
    """Yield each slot and when it is kept: the slots of the rules, then those around them."""
    holders: dict[tuple[str, Slot], list[str]] = {}
    for form in spec.forms.values():
        for item in form.slots.items():
            holders.setdefault(item, []).append(form.name)
    for (name, slot), forms in holders.items():
        everywhere = len(forms) == len(spec.forms)
        yield name, slot, "always" if everywhere else f"in {', '.join(map(code, forms))}"
    around: dict[str, tuple[Slot, str]] = {}
    for said, program in programs(spec):
        for name in (name for name in program.slots if name not in program.rule.slots):
            around.setdefault(name, (program.slots[name], f"when {said}" if said else "always"))
    yield from ((name, slot, when) for name, (slot, when) in around.items())


def _initial(slot: Slot) -> str:
    if slot.initial == PARAMETER:
        return "its parameter"
    return code(slot.initial) if isinstance(slot.initial, str) else str(slot.initial)


def _extent(slot: Slot) -> str:
    if slot.hidden:
        return f"{slot.hidden}; not compared"
    if slot.scalar:
        return "one for all parameters"
    part = "row" if slot.shape is of_rows else "column" if slot.shape is of_columns else "element"
    return f"one for each {part}"


def _operations(spec: Spec) -> str:
    return numbered(
        f"**{literal(operation.name)}**: {literal(operation.sentence)}"
        + (f" Reads {', '.join(map(code, operation.arguments))}." if operation.arguments else "")
        for operation in operations(spec)
    )


def _golden(spec: Spec, fixtures: Path) -> str:
    path = path_of(spec.id, fixtures)
    if not path.exists():
        return ""
    cases = len(read_document(path)["cases"])
    return f"{cases} cases in [fixtures/{spec.id}.json](../../../fixtures/{spec.id}.json)."
