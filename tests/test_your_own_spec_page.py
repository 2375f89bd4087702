"""What docs/your-own-spec.md says is so: each of its commands is run, each wrong kernel fails."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import mpmath
import pytest
from own_spec import CHAIN, FORMULA, HALVES, ID, KERNEL, PAGE, ROOT, on_a_line, oracle_says, written

GOLDEN = "suites/test_golden.py"
RUN: set[str] = set()


def runs(command: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Tell that a test runs a command of the page."""
    RUN.add(command)
    return lambda test: test


def commands() -> set[str]:
    """The commands of the page, in a block of their own or within a line."""
    prose = re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)
    lines = [line.strip() for line in prose.splitlines() if line.startswith("    ")]
    inline = [on_a_line(text) for text in re.findall(r"`([^`]*)`", prose)]
    named = re.compile(r"pytest --impl=['\w]|oracle \w+ .*--specs")
    return {command for command in (*lines, *inline) if named.match(command)}


def shown(begin: str) -> list[str]:
    """The lines of a block of the page, from one on, as one line each."""
    block = begin + PAGE.split("    " + begin, 1)[1].split("\n\n", 1)[0]
    return [line.strip() for line in block.splitlines()]


def block(begin: str) -> str:
    return on_a_line(" ".join(shown(begin)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    written(tmp_path, FORMULA, KERNEL, HALVES)
    return tmp_path


def judged(pytester: pytest.Pytester, kernel: str, *arguments: str) -> pytest.RunResult:
    written(pytester.path, FORMULA, kernel)
    return pytester.runpytest_subprocess("--impl=mine.py", *arguments)


def test_the_formula_takes_about_twenty_lines():
    assert len([line for line in FORMULA.splitlines() if line.strip()]) <= 22


def test_each_command_is_run():
    assert {command for command in commands() if "..." not in command} == RUN


@runs("oracle show mine/CautiousAdamW --specs mine.py")
def test_the_spec_is_shown_and_listed(folder: Path):
    told = oracle_says(folder, "show", ID, "--specs", "mine.py")
    assert "weight_decay=0.01" in told
    assert "mask = xp.where(u * g > 0, 1, 0)" in told
    assert ID in oracle_says(folder, "list", "mine/*", "--specs", "mine.py")


def test_it_is_computed_to_fifty_digits(folder: Path):
    """By hand, at a step of 1: m_hat is g, u is g / (|g| + epsilon), and all of it is kept."""
    said = (
        "import mine, oracle; run = oracle.trajectory('mine/CautiousAdamW', [1.0], [[0.5]], "
        "{'learning_rate': 1, 'epsilon': 0.5}); print(run.params[1][0].item())"
    )
    result = subprocess.run(
        [sys.executable, "-c", f"import mpmath; mpmath.mp.dps = 50; {said}"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    with mpmath.workdps(50):
        by_hand = 1 - mpmath.mpf(0.01) - mpmath.mpf("0.5") / (mpmath.mpf(1) + 0.5)
        assert abs(mpmath.mpf(result.stdout) - by_hand) < 1e-45


@runs("pytest --impl=mine.py")
def test_the_kernel_passes_everything(pytester: pytest.Pytester):
    result = judged(pytester, KERNEL)
    assert result.ret == 0
    table = [line.rstrip() for line in result.stdout.lines]
    assert all(line in table for line in shown("spec                dtype"))


@runs("pytest --impl=mine.py:halves")
def test_the_declared_precision_is_what_the_bound_follows(pytester: pytest.Pytester):
    declared = re.search(r',\s+compute_dtype="float32", hyper_dtype="float32"\s*', HALVES)
    assert declared is not None
    written(pytester.path, FORMULA, KERNEL, HALVES)
    result = pytester.runpytest_subprocess("--impl=mine.py:halves", GOLDEN)
    assert result.ret == 0
    assert result.parseoutcomes()["passed"] > 10


WRONG = {
    "no bias correction": (
        "m_k / (1 - beta_1**t) / (",
        "m_k / (",
        "`m_hat = m_t` instead of `m_hat = m_t / (1 - beta_1**t)` (mine.py:9)",
    ),
    "the mask inverted": (
        "u * g > 0",
        "u * g < 0",
        "`mask = xp.where(u * g < 0, 1, 0)` instead of `mask = xp.where(u * g > 0, 1, 0)` "
        "(mine.py:12)",
    ),
    "the mask not normalised": (
        " / (mask.sum() / max(mask.size, 1) + epsilon)",
        "",
        "`p_t = shrunk - learning_rate * u * mask` instead of "
        "`p_t = shrunk - learning_rate * u * mask / (share + epsilon)` (mine.py:15)",
    ),
    "the mask summed": (
        "mask.sum() / max(mask.size, 1)",
        "mask.sum()",
        "`share = xp.sum(mask)` instead of `share = xp.mean(mask)` (mine.py:13)",
    ),
    "the decay coupled": (
        "            p *= 1 - learning_rate * weight_decay\n",
        "",
        "`shrunk = p, and g + weight_decay * p for g` instead of "
        "`shrunk = p - learning_rate * weight_decay * p` (mine.py:14)",
    ),
    "epsilon under the root": (
        "np.sqrt(v_k / (1 - beta_2**t)) + epsilon",
        "np.sqrt(v_k / (1 - beta_2**t) + epsilon)",
        "`u = m_hat / xp.sqrt(v_hat + epsilon)` instead of "
        "`u = m_hat / (xp.sqrt(v_hat) + epsilon)` (mine.py:11)",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_kernel_fails_and_the_line_is_told(name: str, pytester: pytest.Pytester):
    right, wrong, told = WRONG[name]
    assert right in KERNEL
    kernel = KERNEL.replace(right, wrong)
    if name == "the decay coupled":
        begin = "            m_k += (1 - beta_1)"
        kernel = kernel.replace(begin, f"            g = g + weight_decay * p\n{begin}")
    result = judged(pytester, kernel, f"{GOLDEN}::test_golden[{ID}-coarse-float32]")
    result.assert_outcomes(failed=1)
    assert f"looks like: {told}" in on_a_line(result.stdout.str())


def test_the_failure_of_the_page_is_what_is_printed(pytester: pytest.Pytester):
    result = judged(
        pytester,
        KERNEL.replace("u * g > 0", "u * g < 0"),
        f"{GOLDEN}::test_golden[{ID}-coarse-float32]",
    )
    first, *explained = shown(f"{ID} float32 case coarse")
    printed = on_a_line(result.stdout.str())
    assert first in printed
    assert on_a_line(" ".join(explained)) in printed


@runs("oracle generate --specs mine.py --out tests/golden")
@runs("oracle check --specs mine.py --fixtures tests/golden")
@runs("oracle lint --specs mine.py --fixtures tests/golden")
@runs("oracle teeth --specs mine.py --fixtures tests/golden")
@runs("pytest --impl=mine.py --impl-fixtures=tests/golden")
@pytest.mark.long
def test_its_fixtures_and_its_kill_matrix_are_generated(pytester: pytest.Pytester):
    written(pytester.path, FORMULA, KERNEL)
    made, kept = "tests/golden", pytester.path / "tests" / "golden"
    assert f"{ID}: written" in oracle_says(
        pytester.path, "generate", "--specs", "mine.py", "--out", made
    )
    for command in ("check", "lint"):
        oracle_says(pytester.path, command, "--specs", "mine.py", "--fixtures", made)
    teeth = oracle_says(pytester.path, "teeth", "--specs", "mine.py", "--fixtures", made)
    assert all(on_a_line(line) in on_a_line(teeth) for line in shown(f"{ID}: 1"))
    result = pytester.runpytest_subprocess("--impl=mine.py", f"--impl-fixtures={made}", GOLDEN)
    assert result.ret == 0
    edit = FORMULA.replace("m_hat = m_t / (1 - beta_1**t)", "m_hat = m_t / (1 - beta_1 ** (t + 1))")
    written(pytester.path, edit, KERNEL)
    arguments = ("check", "--fast", "--specs", "mine.py", "--fixtures", made)
    assert shown(f"stale: {ID}")[0] in oracle_says(pytester.path, *arguments, ends=1)
    assert sorted(p.name for p in kept.rglob("*.json")) == ["CautiousAdamW.json"] * 2


def test_a_chain_of_links_is_defined_as_the_page_does(tmp_path: Path):
    written(tmp_path, FORMULA, CHAIN)
    told = oracle_says(tmp_path, "show", "mine/clipped", "--specs", "mine.py")
    assert "mine/ClippedSGD: Gradient descent." in told
    assert "Step\n  clip_by_norm: Clip each gradient by its own norm.\n  update" in told
    assert "def sgd_momentum" in told


@pytest.mark.long
def test_the_types_of_the_page_are_right(tmp_path: Path):
    api = pytest.importorskip("mypy.api", reason="mypy is not installed: pip install mypy")
    path = written(tmp_path, FORMULA, KERNEL, HALVES, CHAIN)
    told, wrong, status = api.run(
        [
            str(path),
            "--config-file",
            os.devnull,
            "--ignore-missing-imports",
            "--follow-imports=silent",
            "--cache-dir",
            str(tmp_path / "cache"),
        ]
    )
    assert status == 0, told + wrong


@runs("pytest --impl='cmd:python worker.py' --impl-specs=mine.py")
def test_a_worker_in_another_process_claims_it(pytester: pytest.Pytester):
    """Gradient descent by a spec of one's own, computed by a program that answers JSON lines."""
    worker = (ROOT / "tests" / "workers" / "sgd.py").read_text().replace("keras3/SGD", "mine/Plain")
    (pytester.path / "worker.py").write_text(worker)
    begin, _, rest = CHAIN.partition('@oracle.rule(cites="Robbins')
    rule = f'@oracle.rule(cites="Robbins{rest.partition("@oracle.rule")[0]}'
    assert begin
    imports = "import oracle\nfrom oracle import Argument, domains\n"
    defined = (
        'oracle.define("mine/Plain", sgd, '
        '[Argument("learning_rate", 0.01, domains.Rate(), "step size")])\n'
    )
    written(pytester.path, imports, rule, defined)
    impl = f"--impl=cmd:{sys.executable} worker.py"
    result = pytester.runpytest_subprocess(impl, "--impl-specs=mine.py", GOLDEN)
    assert result.ret == 0
    assert result.parseoutcomes()["passed"] > 20
    alone = pytester.runpytest_subprocess(impl, GOLDEN)
    assert "unknown spec 'mine/Plain'" in alone.stderr.str()


def test_the_table_of_what_may_stand_in_a_rule_has_only_what_there_is():
    from oracle.rules.straight import FUNCTIONS

    table = PAGE.partition("| it may have |")[2].partition("\n\n")[0]
    assert set(re.findall(r"xp\.(\w+)", table)) <= set(FUNCTIONS)


def test_the_domains_of_the_page_are_there():
    from oracle import domains

    table = PAGE.partition("| domain | argument |")[2].partition("\n\n")[0]
    named = re.findall(r"`(\w+)\(", table)
    assert len(named) > 8
    assert all(hasattr(domains, name) for name in named)


def test_the_refused_line_of_the_page_is_refused_so(tmp_path: Path):
    right = "xp.sqrt(v_hat)"
    told = PAGE.partition("in one sentence with its line:\n\n")[2].partition("\n\n")[0]
    written(tmp_path, FORMULA.replace(right, "np.sqrt(v_hat)"))
    said = oracle_says(tmp_path, "list", "--specs", "mine.py", ends=2)
    assert on_a_line(told) in on_a_line(said)
