"""What a spec of somebody's own has to say: each objection is one sentence with its remedy."""

from __future__ import annotations

import ast
import inspect
import keyword
import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator

import numpy as np

from oracle.arithmetic.doubles import Doubles, as_floats
from oracle.errors import HyperparameterError, SpecError
from oracle.rules.rule import PARAMETER, Rule, Slot
from oracle.specification.domains import Domain
from oracle.specification.own import OwnSystem, StepChain
from oracle.specification.spec import REQUIRED, Argument, Hyper, Spec, State
from oracle.specification.transformation import Transformation

_ID = re.compile(r"[A-Za-z][\w.-]*/[A-Za-z]\w*")
_SHAPE = (2, 3)
_STEPS = 3


def check_id(id: str) -> None:
    """Refuse an id that is not ``system/Name``; raises `SpecError`."""
    if not isinstance(id, str) or not _ID.fullmatch(id) or id.startswith("kills/"):
        raise SpecError(
            f"the id {id!r} is not of the form system/Name: write one such as 'mine/CautiousAdamW'"
        )


def check_spec(spec: Spec, step: StepChain) -> None:
    """Refuse a spec that cannot be run; raises `SpecError` with the first objection."""
    for objections in (_of_arguments, _of_forms, _of_rules, _of_links, _of_unread):
        for objection in objections(spec, step):
            raise SpecError(f"{spec.id}: {objection}")
    for hyper in _choices(spec):
        _try(spec, hyper)


def _of_arguments(spec: Spec, step: StepChain) -> Iterator[str]:
    for name, argument in spec.arguments.items():
        if not isinstance(argument, Argument):
            yield f"{argument!r} is no argument: make one by `oracle.Argument`"
        elif not isinstance(argument.domain, Domain):
            yield f"{name} has {argument.domain!r} for its domain: make one, such as domains.Rate()"
        elif not name.isidentifier() or keyword.iskeyword(name):
            yield f"the argument {name!r} cannot be given by its name: call it a name of Python"
        elif argument.default is not REQUIRED and argument.domain.check(argument.default):
            wanted = argument.domain.check(argument.default)
            yield f"the default {name}={argument.default!r} is refused by its own domain: {wanted}"
        else:
            for other in set(argument.needs) - spec.arguments.keys():
                yield f"{name} needs {other!r}, which is no argument: {_known(spec)}"


def _known(spec: Spec) -> str:
    return f"the arguments are {', '.join(spec.arguments) or 'none'}"


def repeated(names: Iterable[str]) -> str | None:
    """Return the first name that is there twice, if any is."""
    return next((name for name, often in Counter(names).items() if often > 1), None)


def _of_forms(spec: Spec, step: StepChain) -> Iterator[str]:
    if () not in spec.forms:
        yield "no rule runs where nothing is on: give the table of forms a row for ()"
    for row, rule in spec.forms.items():
        if not isinstance(rule, Rule):
            yield f"{rule!r} is no rule: declare it by `@oracle.rule(...)`"
        for name in row if isinstance(row, tuple) else (row,):
            if name not in spec.arguments:
                yield f"a form asks for {name!r}, which is no argument: {_known(spec)}"


def _of_rules(spec: Spec, step: StepChain) -> Iterator[str]:
    for rule in spec.all_forms:
        for name, slot in rule.slots.items():
            if not isinstance(slot, Slot):
                yield f"the slot {name} is {slot!r}: write oracle.zeros, or oracle.Slot({slot!r})"
        starts = [s.initial for s in rule.slots.values() if isinstance(s.initial, str)]
        starts = [start for start in starts if start != PARAMETER]
        for name in dict.fromkeys((*rule.hyper, *starts)):
            if name not in spec.arguments:
                yield f"the rule {rule.name} reads {name!r}, which is no argument: {_add(name)}"
            elif not spec.arguments[name].domain.number:
                kind = type(spec.arguments[name].domain).__name__
                yield f"the rule {rule.name} reads {name}, which is no number but a {kind}: " + (
                    "let it choose a form of the rule, or read it in a link"
                )


def _add(name: str) -> str:
    return f"add `oracle.Argument({name!r}, default, domain, doc)`"


def _of_links(spec: Spec, step: StepChain) -> Iterator[str]:
    links = (*step.before, *step.after)
    slots = {s: f"the rule {rule.name}" for rule in spec.all_forms for s in rule.slots}
    for link in links:
        for name in sorted(link.reads - spec.arguments.keys()):
            yield f"the link {link.name} reads {name!r}, which is no argument: {_add(name)}"
        if "learning_rate" not in spec.arguments and _reads_rate(link):
            yield f"the link {link.name} reads step.learning_rate: {_add('learning_rate')}"
        for slot in link.slots:
            if slot in slots:
                both = f"{slots[slot]} and the link {link.name}"
                yield f"{both} have a slot {slot!r} each: rename one"
            slots[slot] = f"the link {link.name}"
    twice = repeated(link.name for link in links)
    if twice:
        yield f"two links are called {twice}: rename one"


def _reads_rate(link: Transformation) -> bool:
    try:
        source = textwrap.dedent(inspect.getsource(inspect.unwrap(link.act)))
    except (OSError, TypeError):
        return False
    nodes = ast.walk(ast.parse(source))
    return any(isinstance(n, ast.Attribute) and n.attr == "learning_rate" for n in nodes)


def _of_unread(spec: Spec, step: StepChain) -> Iterator[str]:
    """Yield an argument that no rule reads; what links read may not be seen in their source."""
    if step.before or step.after:
        return
    read = {name for row in spec.forms for name in row}
    read |= {name for rule in spec.all_forms for name in rule.hyper}
    read |= {str(slot.initial) for rule in spec.all_forms for slot in rule.slots.values()}
    for name in spec.arguments:
        if name not in read:
            yield f"nothing reads the argument {name}: leave it out, or let the rule take it"


def _choices(spec: Spec) -> Iterator[Hyper]:
    """Yield hyperparameters for every form of the rule, and one with every argument on."""
    demanded = {name: spec.arguments[name].domain.on for name in spec.required}
    for row in spec.forms:
        yield {**demanded, **{name: spec.arguments[name].domain.on for name in row}}
    yield {name: a.domain.on for name, a in spec.arguments.items() if a.is_option} | demanded


def _try(spec: Spec, hyper: Hyper) -> None:
    """Take a few steps with a matrix, which shows what only a run can show."""
    xp = Doubles()
    try:
        program = spec.program(hyper)
    except HyperparameterError as error:
        raise SpecError(f"{error}; give its domain a value `on` that it accepts") from error
    numbers = np.linspace(-1.0, 1.5, 6).reshape(_SHAPE)
    with np.errstate(all="ignore"):
        state = program.start(xp, [xp.array(numbers)], [_SHAPE])
        before = _shapes(state)
        for _ in range(_STEPS):
            state = program.step(xp, state, [xp.array(0.5 - numbers)])
            for name, shape in _shapes(state).items():
                if shape != before[name]:
                    raise SpecError(
                        f"{spec.id}: {name} has shape {shape} after a step, and {before[name]} "
                        "before it: return one number for each element"
                    )


def _shapes(state: State) -> dict[str, tuple[int, ...]]:
    held = {"the parameter": state.params}
    held |= {f"the slot {name}": several for name, several in state.slots.items()}
    return {name: as_floats(several[0]).shape for name, several in held.items()}


def refusal(spec: str, missing_gradients: bool | str) -> str:
    """Return why a missing gradient is refused; empty where it is not."""
    if isinstance(missing_gradients, str):
        return missing_gradients
    return "" if missing_gradients else f"{spec} takes a gradient for every parameter"


def system_of(id: str, version: str, step: StepChain, missing_gradients: bool | str) -> OwnSystem:
    """Return the system of a spec of one's own."""
    return OwnSystem(id.partition("/")[0], version, step, refusal(id, missing_gradients))
