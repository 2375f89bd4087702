"""The examples of docs/your-optimizer.md are judged, and come to what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parent.parent / "docs"
PAGE = (DOCS / "your-optimizer.md").read_text()
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
[KNOWN] = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)

WITH_SLOTS, CLIPPING, ASKING, DECLINING = EXAMPLES


@pytest.mark.parametrize("example", EXAMPLES, ids=["slots", "clipping", "asking", "declining"])
def test_each_example_is_right(example: str, pytester: pytest.Pytester):
    pytester.makepyfile(mylib=example)
    result = pytester.runpytest("--impl=mylib.py")
    assert result.ret == 0
    assert result.parseoutcomes()["passed"] > 10


@pytest.mark.long
def test_a_slot_that_goes_wrong_first_is_told(pytester: pytest.Pytester):
    wrong = WITH_SLOTS.replace("self.v[k] = self.momentum", "self.v[k] = 0.75 * self.momentum")
    pytester.makepyfile(mylib=wrong)
    output = pytester.runpytest("--impl=mylib.py", "suites/test_golden.py").stdout.str()
    assert "first wrong: slot v at step 2" in output


def test_what_is_declined_counts_with_its_sentence(pytester: pytest.Pytester):
    pytester.makepyfile(mylib=DECLINING)
    result = pytester.runpytest("--impl=mylib.py", "-rs", "suites/test_golden.py")
    told = "SKIPPED*not claimed: there is no kernel for momentum yet"
    result.stdout.fnmatch_lines(told)


def test_a_known_failure_is_declared_as_the_page_says(pytester: pytest.Pytester):
    wrong = WITH_SLOTS.replace("self.learning_rate * g", "0.99 * self.learning_rate * g")
    pytester.makepyfile(mylib=wrong)
    (pytester.path / "known.toml").write_text(KNOWN)
    options = ("--impl=mylib.py", "--impl-dtype=float32", "--impl-known-failures=known.toml")
    result = pytester.runpytest(*options, "suites/test_golden.py")
    outcomes = result.parseoutcomes()
    assert "failed" not in outcomes
    assert outcomes["xfailed"] > 5


def test_every_option_of_the_page_is_one():
    import inspect

    from oracle import Implementation

    table = PAGE.partition("| in `Implementation(...)`")[2].partition("\n\n")[0]
    named = set(re.findall(r"`(\w+)(?:=|`)", table)) - {"Implementation"}
    assert named - {"None"} <= set(inspect.signature(Implementation).parameters)


@pytest.mark.parametrize("page", [*DOCS.glob("*.md"), DOCS.parent / "README.md"], ids=str)
def test_every_link_leads_somewhere(page: Path):
    text = page.read_text()
    for link in re.findall(r"\]\(([^)#]+)(?:#[\w-]*)?\)", text):
        if not link.startswith("http"):
            assert (page.parent / link).exists(), link
