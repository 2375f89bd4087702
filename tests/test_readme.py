"""What the README shows is what the product prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

README = (Path(__file__).parent.parent / "README.md").read_text()

ADAM = re.search(r"```python\n(.*?)```", README, re.DOTALL)[1]


def block(begin: str) -> str:
    """Return the indented lines of the README from one on, up to an empty one."""
    return begin + README.split("    " + begin, 1)[1].split("\n\n", 1)[0]


def on_a_line(text: str) -> str:
    return " ".join(text.split())


def test_the_failure_is_printed(pytester: pytest.Pytester):
    pytester.makepyfile(mylib=ADAM)
    failure = block("keras3/Adam float32 case coarse")
    [check] = re.findall(r"'(suites/\S+)'", failure)
    result = pytester.runpytest("--impl=mylib.py", check)
    assert on_a_line(failure) in on_a_line(result.stdout.str())


def test_the_table_is_printed(pytester: pytest.Pytester):
    pytester.makepyfile(mylib=ADAM)
    result = pytester.runpytest("--impl=mylib.py")
    shown = [line.strip() for line in block("spec         dtype").splitlines()]
    printed = [line.strip() for line in result.stdout.lines]
    assert all(line in printed for line in shown)


def test_with_epsilon_where_the_readme_says_all_of_it_passes(pytester: pytest.Pytester):
    wrong, right = re.search(r"Write `(.*?)` for `(.*?)`, and all of it passes", README).groups()[
        ::-1
    ]
    assert wrong in ADAM
    pytester.makepyfile(mylib=ADAM.replace(wrong, right))
    assert pytester.runpytest("--impl=mylib.py").ret == 0
