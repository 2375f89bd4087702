"""What has no spec is named with its reason wherever specs are."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

import oracle
from oracle.cli import FOUND, main
from oracle.errors import UnknownSpecError
from oracle.report.reference.markdown import literal
from oracle.report.reference.page import index
from oracle.systems.not_specified import NOT_SPECIFIED

each = pytest.mark.parametrize("id", NOT_SPECIFIED)
SCIPY = "tf.contrib.opt/ScipyOptimizerInterface"


def run(*arguments):
    return CliRunner().invoke(main, arguments)


@each
def test_it_is_no_spec_and_its_reason_is_a_clause(id):
    assert id not in oracle.specs()
    assert id.partition("/")[0] in {oracle.spec(name).system.name for name in oracle.specs()}
    assert not NOT_SPECIFIED[id].endswith(".")
    assert NOT_SPECIFIED[id][0].islower()


@each
def test_asking_for_it_tells_the_reason(id):
    with pytest.raises(UnknownSpecError) as refused:
        oracle.spec(id)
    assert str(refused.value) == f"{id} has no spec: {NOT_SPECIFIED[id]}"


@each
def test_it_is_shown_as_known(id):
    shown = run("show", id)
    assert shown.exit_code == FOUND
    assert shown.output == f"{id} has no spec: {NOT_SPECIFIED[id]}.\n"


def test_it_is_listed_after_the_specs():
    lines = run("list").output.splitlines()
    assert [line.split()[0] for line in lines] == [*oracle.specs(), *NOT_SPECIFIED]
    assert run("list", "*/Scipy*").output == f"{SCIPY}  has no spec: {NOT_SPECIFIED[SCIPY]}\n"


def test_a_pattern_that_means_nothing_is_refused_all_the_same():
    assert run("list", "flax/*").exit_code == 2


def test_the_index_names_it_with_its_system():
    text = index(oracle.specs())
    for id, reason in NOT_SPECIFIED.items():
        assert f"| `{id}` | No spec: {literal(reason)}. |" in text
    assert text.index("## tf.contrib.opt") < text.index(SCIPY) < text.index("## tf\n")
