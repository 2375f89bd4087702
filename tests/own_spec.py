"""The spec of docs/your-own-spec.md, its kernels, and what a command says about them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "your-own-spec.md").read_text()
FORMULA, KERNEL, HALVES, CHAIN = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
ID = "mine/CautiousAdamW"


def written(folder: Path, *parts: str, name: str = "mine.py") -> Path:
    """Write the parts of the page into a file."""
    path = folder / name
    path.write_text("\n".join(parts))
    return path


def oracle_says(folder: Path, *arguments: str, ends: int = 0) -> str:
    """Return what an `oracle` command prints in a folder, in a process of its own."""
    run = "from oracle.cli import main; main()"
    result = subprocess.run(
        [sys.executable, "-c", run, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == ends, result.stdout + result.stderr
    return result.stdout + result.stderr


def on_a_line(text: str) -> str:
    return " ".join(text.split())
