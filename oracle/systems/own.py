"""Specs of one's own: defined in a file or an installed package, and looked up as all others."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping, Sequence
from inspect import getdoc
from pathlib import Path
from types import FrameType

from oracle import homes
from oracle.errors import SpecError
from oracle.loading import errors_as_sentence, execute, make_importable
from oracle.rules.rule import Rule
from oracle.rules.straight import shown_path
from oracle.specification.declared import check_id, check_spec, repeated, system_of
from oracle.specification.forms import Forms
from oracle.specification.own import StepChain, chain
from oracle.specification.spec import Argument, Spec
from oracle.systems import bundled
from oracle.systems.registered import Registered, note_loaded, register, registered


def define(
    id: str,
    step: Rule | Forms | StepChain,
    arguments: Sequence[Argument],
    *,
    doc: str = "",
    aliases: Sequence[str] = (),
    quirks: Sequence[str] = (),
    missing_gradients: bool | str = True,
    version: str = "",
    fixtures: str | Path | None = None,
    reasons: Mapping[str, str] | None = None,
) -> Spec:
    """Define an optimizer of your own, and return its spec.

    From then on everything knows it by its ``id``, ``<system>/<Name>``: `oracle.spec`,
    `oracle.trajectory`, the claims of an `oracle.Implementation`, and all commands.

    ``step`` is a rule, a table of rules with a row for each choice of arguments that are on, or an
    `oracle.chain` with links before and after it. ``arguments`` are its hyperparameters in their
    order. ``missing_gradients`` says whether a gradient may be None, so that its parameter and its
    slots rest; a sentence says why not. ``aliases`` are other names, ``quirks`` what surprises,
    ``version`` what of, beside the papers that the rules cite, it is.

    ``fixtures`` is the folder of its golden fixtures, seen from the file of the definition; without
    any, golden cases are computed when they are needed. ``reasons`` says why some wrong versions
    are none, by a pattern of their ids: for those that `oracle teeth` calls unseen.

    Raises `SpecError`, one sentence with the remedy, for an id that is malformed or taken, and for
    whatever could not be run.
    """
    frame = sys._getframe(1)
    check_id(id)
    _check_free(id)
    made = step if isinstance(step, StepChain) else chain(step)
    twice = repeated(getattr(argument, "name", "") for argument in arguments)
    if twice:
        raise SpecError(f"{id} has two arguments called {twice}: rename one")
    homes.adopt(str(frame.f_globals.get("__name__", "")))
    spec = Spec(
        system_of(id, version or f"defined in {_file_name(frame)}", made, missing_gradients),
        id.partition("/")[2],
        {getattr(argument, "name", repr(argument)): argument for argument in arguments},
        made.forms,
        tuple(aliases),
        doc or _doc_of(made),
        tuple(quirks),
    )
    check_spec(spec, made)
    register(_registered(spec, frame, fixtures, reasons))
    return spec


def _check_free(id: str) -> None:
    systems = {name.partition("/")[0] for name in bundled()}
    system = id.partition("/")[0]
    if system.lower() in {name.lower() for name in systems}:
        raise SpecError(
            f"{id}: {system} is a library that has its specs here: call your system otherwise, "
            f"such as my_{system}"
        )


def _doc_of(step: StepChain) -> str:
    """Return the first line of what the plainest rule says of itself."""
    rule = step.forms.get(())
    told = getdoc(rule.function) if isinstance(rule, Rule) else None
    return (told or "").partition("\n")[0]


def _file_name(frame: FrameType) -> str:
    return Path(frame.f_code.co_filename).name


def _registered(
    spec: Spec,
    frame: FrameType,
    fixtures: str | Path | None,
    reasons: Mapping[str, str] | None,
) -> Registered:
    file = frame.f_code.co_filename
    folder = Path(file).resolve().parent / fixtures if fixtures is not None else None
    return Registered(
        spec, shown_path(file), frame.f_lineno, id(frame.f_globals), folder, dict(reasons or {})
    )


def load(reference: str, option: str = "--specs") -> list[str]:
    """Import a file, ``path/to/mine.py``, or a module, and return the ids of the specs it defines.

    Raises `SpecError` for one that is not there or defines none, and `ImplementationError` for one
    that cannot be imported.
    """
    before = {name: each.namespace for name, each in registered().items()}
    path = Path(reference)
    note_loaded(reference)
    if reference.endswith(".py"):
        if not path.is_file():
            raise SpecError(f"{option}={reference}: there is no such file (seen from {Path.cwd()})")
        make_importable(path.resolve().parent)
        with errors_as_sentence(f"{option}={reference}"):
            module = execute(path.resolve())
    else:
        make_importable(Path.cwd())
        with errors_as_sentence(f"{option}={reference}"):
            module = importlib.import_module(reference)
    after = registered()
    found = [name for name, each in after.items() if before.get(name) != each.namespace]
    found = found or [name for name, each in after.items() if _is_in(each, module.__name__)]
    if not found:
        raise SpecError(
            f"{option}={reference}: it defines no spec; make one by `oracle.define('mine/Name', "
            "rule, arguments)`"
        )
    return found


def _is_in(spec: Registered, module: str) -> bool:
    """Whether a module that was imported before, or what it imports, defined a spec."""
    names = [name for name in sys.modules if f"{name}.".startswith(f"{module}.")]
    return spec.namespace in {id(vars(sys.modules[name])) for name in names}
