"""The arithmetic by which all fixtures were last computed anew: a change of it may move any number.

The digests of a fixture are of the functions that its runs passed through, and of no arithmetic.
What a whole `oracle check` was run by is kept beside the fixtures, so that `oracle check --fast`
knows when another one is due.
"""

from __future__ import annotations

import ast
from hashlib import sha256
from pathlib import Path

from oracle.golden.digests import said
from oracle.golden.write import write_atomically

NAME = "computed-by.txt"
_HOUSE = Path(__file__).parent.parent
_COMPUTING = (
    "arithmetic/**/*.py",
    "record.py",
    "trajectories.py",
    "truth.py",
    *(f"golden/{name}.py" for name in ("certify", "compute", "decimals", "limits", "sight")),
)
"""What the numbers of a fixture come from, beside rules, specification and systems."""


def arithmetic_digest(house: Path = _HOUSE) -> str:
    """Return the digest of what computes fixtures; layout and comments say nothing."""
    files = sorted(path for pattern in _COMPUTING for path in house.glob(pattern))
    whole = sha256()
    for path in files:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        whole.update(f"{path.relative_to(house).as_posix()}: {said(tree)}\n".encode())
    return whole.hexdigest()


def stamp(folder: Path) -> None:
    """Write down that all fixtures of a folder are what this arithmetic comes to."""
    text = f"{arithmetic_digest()}\n"
    path = folder / NAME
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        write_atomically(path, text)


def is_due(folder: Path) -> bool:
    """Whether the arithmetic has changed since all fixtures of a folder were computed anew."""
    path = folder / NAME
    return path.exists() and path.read_text(encoding="utf-8").strip() != arithmetic_digest()
