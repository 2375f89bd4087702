"""Every rule of the linter objects to a miniature that breaks it, and to nothing that is right."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from oracle.golden import lint as rules
from oracle.golden.lint import Fixture, lint
from oracle.golden.read import checksum, read_fixture
from oracle.resources import fixtures_dir

SPEC = "keras2/SGD"
PATH = fixtures_dir() / "keras2" / "SGD.json"
Document = dict[str, Any]


@pytest.fixture(scope="module")
def right() -> Document:
    """A fixture that no rule objects to."""
    return read_fixture(PATH)


def _case(document: Document, name: str) -> Document:
    return next(case for case in document["cases"] if case["id"] == name)


def _keep(document: Document, *names: str) -> None:
    document["cases"] = [case for case in document["cases"] if case["id"] in names]


def _set(name: str, **fields: Any) -> Callable[[Document], None]:
    return lambda document: _case(document, name).update(fields)


def _without(*names: str) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        document["cases"] = [case for case in document["cases"] if case["id"] not in names]

    return change


def _only(*names: str) -> Callable[[Document], None]:
    return lambda document: _keep(document, *names)


def _repeat(document: Document) -> None:
    document["cases"].append(copy.deepcopy(document["cases"][0]))


def _blind(document: Document) -> None:
    for checkpoint in _case(document, "coarse")["checkpoints"]:
        params = checkpoint["bounds"]["float16"]["params"]
        checkpoint["bounds"]["float16"]["params"] = [["inf"] * len(flat) for flat in params]


def _without_float16(document: Document) -> None:
    for case in document["cases"]:
        case["dtypes"] = [dtype for dtype in case["dtypes"] if dtype != "float16"]


def _backwards(document: Document) -> None:
    _case(document, "coarse")["checkpoints"].reverse()


def _bounds_of_another_dtype(document: Document) -> None:
    _case(document, "coarse")["dtypes"].remove("bfloat16")


def _first(document: Document) -> Document:
    checkpoint: Document = document["cases"][0]["checkpoints"][0]
    return checkpoint


def _limits(document: Document) -> list[Any]:
    limits: list[Any] = _first(document)["bounds"]["float32"]["params"][0]
    return limits


def _wide_input(document: Document) -> None:
    _case(document, "coarse")["params"][0][0] = 0.1


def _decay_beside_nesterov(document: Document) -> None:
    for case in document["cases"]:
        if "decay" in case["hyper"]:
            case["hyper"] |= {"nesterov": True, "momentum": 0.5}


_CLIPPED = ("sparse-clipvalue", "sparse-clipnorm")

WRONG = [
    (rules.is_named_for_its_spec, lambda d: d.update(spec="keras2/Adam"), "says that it holds"),
    (rules.has_enough_cases, _only("defaults", "coarse"), "2 cases are too few"),
    (rules.ids_are_unique, _repeat, "defaults occurs 2 times"),
    (rules.why_is_a_claim, _set("coarse", why="The step should be right"), "'should'"),
    (rules.why_is_a_claim, _set("coarse", why="Tests the coarse step"), "'Tests'"),
    (rules.why_is_a_claim, _set("coarse", why="The step is right."), "full stop"),
    (rules.why_is_a_claim, _repeat, "2 cases have the same why"),
    (rules.hyperparameters_are_valid, _set("coarse", hyper={"speed": 1}), "no argument 'speed'"),
    (rules.every_argument_is_used, _only("defaults", "coarse"), "moves nesterov from"),
    (rules.every_argument_is_used, _only("only-momentum"), "momentum together"),
    (rules.every_argument_is_alone, _decay_beside_nesterov, "shows decay alone"),
    (rules.has_defaults, _only("coarse"), "library's defaults"),
    (rules.inputs_fit_their_dtypes, _wide_input, "does not carry its inputs"),
    (rules.checkpoints_are_in_order, _backwards, "do not rise"),
    (rules.checkpoints_are_in_order, _bounds_of_another_dtype, "other dtypes"),
    (rules.runs_are_short_and_long, _without("defaults-100-steps"), "takes 100 steps"),
    (rules.runs_are_short_and_long, _only("zero-gradients-first"), "first step"),
    (rules.shapes_differ, _only("empty-matrix"), "matrix"),
    (rules.gradients_differ, _without("tiny-gradients", "vanishing-gradients"), "tiny"),
    (rules.gradients_differ, _without("huge-gradients", "enormous-gradients"), "huge"),
    (rules.gradients_differ, _only("only-momentum"), "zero"),
    (rules.sparse_gradients_occur, _without("sparse-repeated-rows", *_CLIPPED), "occurs twice"),
    (rules.nothing_is_vacuous, _blind, "case coarse is vacuous in float16"),
    (rules.nothing_is_vacuous, _without_float16, "0 cases see something in float16"),
]


@pytest.mark.parametrize(("rule", "change", "objection"), WRONG)
def test_a_rule_objects_to_what_breaks_it(
    right: Document, rule: rules.Rule, change: Callable[[Document], None], objection: str
):
    """One sentence, which says what is wrong."""
    wrong = copy.deepcopy(right)
    change(wrong)
    assert objection in " | ".join(rule(Fixture(PATH, wrong)))


@pytest.mark.parametrize("rule", rules.RULES)
def test_no_rule_objects_to_what_is_right(right: Document, rule: rules.Rule):
    """The committed file passes every rule."""
    assert list(rule(Fixture(PATH, right))) == []


def test_every_rule_has_been_seen_to_object():
    """A rule that never fires is no rule; the size of a file has a test of its own."""
    assert {rule for rule, _, _ in WRONG} | {rules.is_small} == set(rules.RULES)


def test_a_large_file_is_refused(right: Document, tmp_path: Path):
    """A diff of a megabyte is not read."""
    path = tmp_path / "keras2" / "SGD.json"
    path.parent.mkdir()
    path.write_text(" " * 1_000_000)
    assert "too many to read" in next(rules.is_small(Fixture(path, right)))


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda d: d.update(author="me"), "the top level"),
        (lambda d: d["cases"][0].update(note="nice"), "cases/0"),
        (lambda d: d["cases"][0].update(id="Two Words"), "cases/0/id"),
        (lambda d: d["cases"][0].update(why="w" * 91), "cases/0/why"),
        (lambda d: d["cases"][0]["params"][0].append("big"), "cases/0/params/0/6"),
        (lambda d: _first(d)["params"][0].append(0.5), "cases/0/checkpoints/0/params/0/6"),
        (lambda d: _first(d)["params"][0].append("1,5"), "cases/0/checkpoints/0/params/0/6"),
        (lambda d: _limits(d).append(-1.0), "cases/0/checkpoints/0/bounds/float32/params/0/6"),
        (lambda d: _limits(d).append("nan"), "cases/0/checkpoints/0/bounds/float32/params/0/6"),
        (lambda d: d["cases"][0]["grads"][0].append(True), "cases/0/grads/0/3"),
        (
            lambda d: d["cases"][0]["hyper"].update(rho={"class_name": "X"}),
            "cases/0/hyper/rho/class_name",
        ),
    ],
)
def test_the_schema_is_closed(
    right: Document, tmp_path: Path, change: Callable[[Document], None], place: str
):
    """Whatever is not foreseen is refused, with its place."""
    wrong = copy.deepcopy(right)
    change(wrong)
    wrong["checksum"] = checksum(wrong)
    path = tmp_path / "keras2" / "SGD.json"
    path.parent.mkdir()
    path.write_text(json.dumps(wrong))
    assert lint(SPEC, tmp_path)[0].startswith(f"{place}:")


def test_a_damaged_file_has_one_fault(tmp_path: Path):
    """What cannot be read is not judged by rule."""
    (tmp_path / "keras2").mkdir()
    (tmp_path / "keras2" / "SGD.json").write_text("{")
    assert len(lint(SPEC, tmp_path)) == 1
