"""What a spec is: a library's class with its arguments, and the program that its step runs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeAlias

from oracle.arithmetic.base import Arithmetic, Number
from oracle.errors import HyperparameterError
from oracle.rules.rule import PARAMETER, Rule, Shape, Slot
from oracle.specification.apart import NONE, Apart, Lacks, has_all, lacking, nobody
from oracle.specification.domains import Domain, Optimizer
from oracle.specification.forms import Forms, chosen, deciding
from oracle.specification.sparse import SparseForm
from oracle.specification.step import Gradient, Step
from oracle.specification.transformation import Transformation, run_chain

Hyper: TypeAlias = dict[str, Any]


class Required:
    """What stands for the default of an argument that the library demands."""

    def __repr__(self) -> str:
        return "REQUIRED"


REQUIRED = Required()

KEY = ":"
"""What stands between the key of one of several wrapped optimizers and a hyperparameter's name."""


@dataclass(frozen=True)
class Argument:
    """A hyperparameter by the library's own name, with its default and the values it accepts."""

    name: str
    default: Any
    domain: Domain
    doc: str
    advice: Callable[[Any], str | None] = lambda value: None
    """Returns what the library's own page says against a value that it takes all the same."""
    needs: tuple[str, ...] = ()
    """The arguments without which it says nothing."""

    @property
    def is_option(self) -> bool:
        """Whether it is off unless somebody asks for it: False, None or 0 by default."""
        return self.default is None or self.default is False or self.default == 0


@dataclass
class State:
    """Everything that an optimizer keeps between two steps."""

    iterations: int
    params: list[Number]
    slots: dict[str, list[Number]]
    numbers: Mapping[str, Number]
    """The hyperparameters, as they entered the arithmetic at the start."""
    hidden: Mapping[str, Any] = field(default_factory=dict)
    """What stages keep in shapes of their own: neither shown nor compared."""


@dataclass(frozen=True)
class Program:
    """What one spec does with one choice of hyperparameters: stages in the library's order."""

    rule: Rule
    stages: tuple[Transformation, ...]
    """The links of the chain that a step is, in the library's order."""
    links: tuple[Transformation, ...]
    """The same with those that nothing asks for."""
    slots: Mapping[str, Slot]
    """The slots of the rule, and those of the other links."""
    hyper: Hyper
    numeric: Mapping[str, Any]
    """The hyperparameters that are numbers, as they enter the arithmetic."""
    lacks: Lacks = has_all
    """Whether a slot is one that a parameter does not have."""

    @property
    def couples_elements(self) -> bool:
        """Whether an element's step depends on other elements, as under clipping by norm."""
        return any(stage.couples for stage in self.stages)

    def start(self, xp: Arithmetic, params: Sequence[Number], shapes: Sequence[Any]) -> State:
        """Return the state before the first step."""
        numbers = {
            name: xp.constant(value, name.partition(KEY)[2] or name)
            for name, value in self.numeric.items()
        }

        def begun(name: str, slot: Slot, k: int) -> Number:
            initial, shape = slot.initial, tuple(shapes[k])
            if self.lacks(name, k, shape):
                return xp.full(NONE, xp.constant(0))
            if initial == PARAMETER:
                return params[k]
            value = numbers[initial] if isinstance(initial, str) else xp.constant(initial)
            return value if slot.scalar else xp.full(slot.shape(shape), value)

        slots = {
            name: [begun(name, slot, k) for k in range(len(params))]
            for name, slot in self.slots.items()
        }
        return State(0, list(params), slots, numbers)

    def step(self, xp: Arithmetic, state: State, grads: Sequence[Gradient | None]) -> State:
        """Run the stages on one step's gradients and return the state after it."""
        numbers = state.numbers
        step = Step(
            xp,
            state.iterations,
            self.hyper,
            numbers,
            list(state.params),
            list(grads),
            {name: list(values) for name, values in state.slots.items()},
            numbers.get("learning_rate", xp.constant(0)),
            hidden=dict(state.hidden),
        )
        run_chain(self.stages, step)
        slots = {
            name: [xp.store(new, old) for new, old in zip(values, state.slots[name], strict=True)]
            for name, values in step.slots.items()
        }
        params = [xp.store(new, old) for new, old in zip(step.params, state.params, strict=True)]
        return State(state.iterations + 1, params, slots, numbers, step.hidden)


class System(ABC):
    """A library: how it reads its arguments, and in which order its step does things."""

    name: str
    version: str
    flushes_subnormals: bool = False
    """Whether the genuine library, on its usual platform, may take subnormal numbers for 0."""
    rules: tuple[Rule, ...] = ()
    """The rules that its links apply, beside the forms of a spec."""

    @abstractmethod
    def program(self, spec: Spec, hyper: Hyper) -> Program:
        """Return what ``spec`` does with complete and valid hyperparameters."""

    @abstractmethod
    def check_gradients(self, gradients: Sequence[Any], step: int) -> None:
        """Raise a `ShapeError` for gradients that the library refuses, such as missing ones."""

    def normalize(self, spec: Spec, hyper: Hyper) -> Hyper:
        """Check what only several arguments together show, and resolve aliases."""
        return hyper


@dataclass(frozen=True)
class Spec:
    """One optimizer of one library, precisely: ``keras3/Adam``."""

    system: System
    name: str
    arguments: Mapping[str, Argument]
    forms: Forms
    """The form of the rule that runs for each choice of hyperparameters."""
    aliases: tuple[str, ...]
    doc: str
    quirks: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    """The library's name of each hyperparameter for which the rules have another one."""
    sparse: SparseForm | None = None
    """What is done with a sparse gradient; None where the spec takes none."""

    before: tuple[Transformation, ...] = ()
    """What the class does before its update, besides what all classes of the library do."""
    derived: Mapping[str, Callable[[Hyper], Any]] = field(default_factory=dict)
    """Numbers that enter the arithmetic in the place of arguments, or beside them."""
    apart: Forms = field(default_factory=dict)
    """The same for parameters that an argument, such as a skip_list, or their shape picks out."""
    stands_apart: Callable[[Hyper, int, Shape], bool] = nobody
    """Whether a parameter, by its index and its shape, is one of those."""

    @property
    def id(self) -> str:
        """The public id: ``<system>/<Name>``."""
        return f"{self.system.name}/{self.name}"

    @property
    def wraps(self) -> bool:
        """Whether one of its arguments is another optimizer."""
        return self.wrapping is not None

    @property
    def wrapping(self) -> str | None:
        """The argument that is another optimizer, if one is."""
        found = (a.name for a in self.arguments.values() if isinstance(a.domain, Optimizer))
        return next(found, None)

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots of all forms; which ones exist depends on the hyperparameters."""
        forms = (*self.forms.values(), *self.apart.values())
        slots = [item for form in forms for item in form.slots.items()]
        names = [name for name, slot in slots if not slot.hidden]
        return tuple(dict.fromkeys(names))

    @property
    def required(self) -> tuple[str, ...]:
        """The arguments without a default."""
        return tuple(a.name for a in self.arguments.values() if a.default is REQUIRED)

    @property
    def citations(self) -> tuple[str, ...]:
        """Where the mathematics is from, and the version of the library."""
        papers = dict.fromkeys(form.cites for form in self.all_forms)
        return (*papers, f"{self.system.name}: {self.system.version}")

    @property
    def formula(self) -> str:
        """The update as Python source, one block for each form of the rule."""
        return "\n\n".join(form.source.rstrip() for form in self.all_forms)

    @property
    def all_forms(self) -> tuple[Rule, ...]:
        """The rules, those of parameters that are picked out, and those of sparse gradients."""
        tables = (self.forms, self.apart, self.sparse.forms if self.sparse else {})
        return tuple({id(form): form for table in tables for form in table.values()}.values())

    def form(self, hyper: Hyper, forms: Forms | None = None) -> Rule:
        """Return the rule that complete hyperparameters ask for; ``forms`` may be another table."""
        table = self.forms if forms is None else forms
        return chosen(table, [name for name in deciding(table) if self._is_on(name, hyper)])

    def sparse_form(self, hyper: Hyper) -> SparseForm | None:
        """Return what is done with a sparse gradient, its rule chosen."""
        if self.sparse is None or not self.sparse.forms:
            return self.sparse
        return replace(self.sparse, rule=self.form(hyper, self.sparse.forms))

    def exceptions(self, hyper: Hyper) -> Apart | None:
        """Return the rule of the parameters that stand apart, where there may be any."""
        if not self.apart:
            return None
        return Apart(self.form(hyper, self.apart), partial(self.stands_apart, hyper))

    def numbers(self, hyper: Hyper) -> dict[str, Any]:
        """Return those of the hyperparameters that enter the arithmetic."""
        given = {name: value for name, value in hyper.items() if value is not None}
        numbers = {
            name: value
            for name, value in given.items()
            if self.arguments[name].domain.number and not isinstance(value, Mapping)
        }
        return numbers | {name: of(hyper) for name, of in self.derived.items()}

    def chain(self, hyper: Hyper, rule: Rule, *links: Transformation) -> Program:
        """Return the program of those links whose arguments are on."""
        stages = tuple(link for link in links if all(self._is_on(n, hyper) for n in link.asks))
        apart = self.exceptions(hyper)
        kept = {**rule.slots, **(apart.rule.slots if apart else {})}
        slots = {name: slot for name, slot in kept.items() if not slot.hidden}
        for stage in stages:
            slots |= stage.slots
        return Program(rule, stages, links, slots, hyper, self.numbers(hyper), lacking(rule, apart))

    def _is_on(self, name: str, hyper: Hyper) -> bool:
        return self.arguments[name].domain.is_on(hyper[name])

    def validate(self, hyper: Mapping[str, Any] | None = None) -> Hyper:
        """Return all hyperparameters, the library's defaults filled in; refuse what it refuses."""
        given = dict(hyper or {})
        for name, value in given.items():
            if name not in self.arguments:
                known = ", ".join(self.arguments)
                raise HyperparameterError(f"{self.id} has no argument {name!r}: it takes {known}")
            wanted = self.arguments[name].domain.check(value)
            if wanted is not None:
                raise HyperparameterError(f"{self.id}: {name}={value!r} is refused: {wanted}")
        missing = [name for name in self.required if name not in given]
        if missing:
            raise HyperparameterError(f"{self.id} needs {', '.join(missing)}: it has no default")
        complete = {name: argument.default for name, argument in self.arguments.items()}
        return self.system.normalize(self, {**complete, **given})

    def advice(self, hyper: Mapping[str, Any]) -> str | None:
        """Return what the library's own pages say against one of these values, if they do."""
        said = (self.arguments[name].advice(value) for name, value in hyper.items())
        return next((sentence for sentence in said if sentence), None)

    def program(self, hyper: Mapping[str, Any] | None = None) -> Program:
        """Return the program for a choice of hyperparameters."""
        return self.system.program(self, self.validate(hyper))

    def __repr__(self) -> str:
        return f"Spec({self.id!r})"
