"""Files and modules of others, imported: what goes wrong in them is told in one sentence."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from oracle.errors import ImplementationError, SpecError
from oracle.homes import CANDIDATE


def execute(path: Path) -> ModuleType:
    """Import a file under a name of its own, so that it never stands in for another module."""
    return module_of(path, f"{CANDIDATE}{path.stem}")


def module_of(path: Path, module_name: str) -> ModuleType:
    """Import a file as a module of this name, whatever was called so before."""
    spec = importlib.util.spec_from_file_location(module_name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module
    spec.loader.exec_module(module)
    return module


def make_importable(folder: Path) -> None:
    """Let a file import its neighbours, as ``python file.py`` and ``python -m`` would."""
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))


@contextmanager
def errors_as_sentence(option: str) -> Iterator[None]:
    """Say what an import failed with, in the name of the option that asked for it."""
    try:
        yield
    except (ImplementationError, SpecError, KeyboardInterrupt):
        raise
    except BaseException as error:
        where = _last_line_of(error)
        raise ImplementationError(
            f"{option}: importing it failed{where} with {type(error).__name__}: {error}"
        ) from error


def _last_line_of(error: BaseException) -> str:
    """Say where an import failed, in the last file that is neither ours nor Python's own."""
    trace = error.__traceback__
    place = ""
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if not file.startswith("<") and "importlib" not in file and file not in _OURS:
            place = f" at {os.path.relpath(file)}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


_OURS = (__file__, str(Path(__file__).parent / "adapters" / "__init__.py"))
"""The files from which others are imported."""
