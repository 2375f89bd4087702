"""The worker for the old libraries knows every spec and slot that the oracle has, and no other."""

from __future__ import annotations

import ast
import importlib
import sys

import pytest

import oracle
from oracle.adapters.tf1 import environment
from oracle.conformance.bench import Bench
from oracle.conformance.guard import Guard
from oracle.implementation import Implementation

SCRIPTS = environment.WORKER.parent
SIDES = {
    "keras2": "keras2_side.py",
    "tf.train": "tf_train_side.py",
    "tf.contrib.opt": "tf_contrib_side.py",
}
FURTHER = {
    "keras2": ["keras2_tf_side.py"],
    "tf.train": ["tf_sync_side.py", "tf_loss_scale_side.py"],
    "tf.contrib.opt": ["tf_wrappers_side.py"],
    "tf": ["tf_clip_side.py"],
}
"""What serves specs whose slots are not those of a rule."""


def constant(file: str, name: str):
    """Read a constant of a script that only Python 3.7 can run."""
    for statement in ast.parse((SCRIPTS / file).read_text()).body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == name:
            return ast.literal_eval(statement.value)
    raise AssertionError(f"{file} has no {name}")


def further(system: str) -> list[str]:
    """The names of the specs that further sides serve; a side may have a class for each."""
    return [name for file in FURTHER[system] for name in served(file)]


def served(file: str) -> list[str]:
    """The names that one side serves."""
    for statement in ast.parse((SCRIPTS / file).read_text()).body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "CLASSES":
            assert isinstance(statement.value, ast.Dict)
            return [ast.literal_eval(key) for key in statement.value.keys if key is not None]
    return list(constant(file, "NAMES"))


@pytest.mark.parametrize("system", FURTHER)
def test_the_worker_serves_every_spec_of_the_system(system):
    own = constant(SIDES[system], "SLOTS") if system in SIDES else {}
    made = {id for id in oracle.specs(system) if "extend_with_decoupled_weight_decay" in id}
    names = {f"{system}/{name}" for name in (*own, *further(system))}
    assert names - made == set(oracle.specs(system)) - made


@pytest.mark.parametrize("system", SIDES)
def test_the_worker_shows_slots_by_the_names_of_the_rules(system):
    shared = {"mu_product"}
    for name, slots in constant(SIDES[system], "SLOTS").items():
        assert set(slots) == set(oracle.spec(f"{system}/{name}").slots) - shared


def test_the_worker_imports_only_the_sides_that_are_asked_for():
    """Today's TensorFlow has no contrib: what its worker imports must not need it."""
    for system, modules in constant("worker.py", "MODULES").items():
        files = [SIDES[system]] if system in SIDES else []
        assert [f"{module}.py" for module in modules] == [*files, *FURTHER[system]]
    for file in ("worker.py", "graph_side.py", "tf_train_side.py"):
        assert "contrib" not in {
            part
            for node in ast.walk(ast.parse((SCRIPTS / file).read_text()))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in (getattr(node, "module", None) or "", *(a.name for a in node.names))
            for part in name.split(".")
        }


@pytest.mark.parametrize("file", sorted(path.name for path in SCRIPTS.glob("*.py")))
def test_the_scripts_are_written_for_python_3_7(file):
    ast.parse((SCRIPTS / file).read_text(), feature_version=(3, 7))
    assert "oracle" not in {
        alias.name.partition(".")[0]
        for node in ast.walk(ast.parse((SCRIPTS / file).read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }


def test_the_implementations_claim_every_spec(monkeypatch):
    monkeypatch.setenv(environment.CHOICE, sys.executable)
    sys.modules.pop("oracle.adapters.tf1.implementations", None)
    module = importlib.import_module("oracle.adapters.tf1.implementations")
    assert [claim.spec for claim in module.keras2.claims] == oracle.specs("keras2")
    systems = ("tf.train", "tf.contrib.opt", "tf")
    every = [id for system in systems for id in oracle.specs(system)]
    assert [claim.spec for claim in module.tf1.claims] == every
    assert set(module.keras2.lookups) == {"keras2"}


def bench(modes: dict[str, bool]) -> Bench:
    candidate = Implementation("two modes", dtypes=("float16", "float32", "float64"), slow=True)
    for mode, compiles in modes.items():
        candidate.implements("keras3/SGD", mode=mode, compiles=compiles)(lambda params: None)
    return Bench(candidate, "mine.py", Guard(1, "it"))


def turns(judged: Bench, number: int) -> list[tuple[str, str]]:
    return [
        (claim.mode, dtype)
        for claim in judged.claims()
        for dtype in claim.dtypes
        if judged.its_turn(number, claim, dtype, claim.dtypes)
    ]


def test_each_check_takes_its_turn_in_one_mode_and_dtype():
    judged = bench({"": False, "function": True})
    all_turns = [turns(judged, number) for number in range(12)]
    assert all(len(turn) == 1 for turn in all_turns)
    seen = {turn for one in all_turns for turn in one}
    assert seen == {
        ("", "float16"),
        ("", "float64"),
        ("function", "float16"),
        ("function", "float32"),
        ("function", "float64"),
    }
    judged.guard.close()


def test_with_one_mode_the_turns_go_round_the_dtypes():
    judged = bench({"": True})
    assert [turns(judged, n)[0][1] for n in range(4)] == [
        "float16",
        "float32",
        "float64",
        "float16",
    ]
    judged.guard.close()


def test_keras2_trains_with_every_optimizer_that_has_defaults_and_with_those_of_the_page(
    monkeypatch,
):
    monkeypatch.setenv(environment.CHOICE, sys.executable)
    sys.modules.pop("oracle.adapters.tf1.implementations", None)
    module = importlib.import_module("oracle.adapters.tf1.implementations")
    trained = [claim.spec for claim in module.keras2.trainers if not claim.mode]
    own = [id for id in oracle.specs("keras2") if not oracle.spec(id).required]
    assert trained == [*own, "tf.train/AdadeltaOptimizer", "tf.contrib.opt/AdamWOptimizer"]
    ordered = {claim.spec for claim in module.keras2.trainers if claim.mode == "ordered"}
    assert ordered == {f"keras2/{name}" for name in ("SGD", "Adam", "Adamax", "Nadam")}
    assert set(module.keras2.trainers_by_name) == {("keras2", ""), ("keras2", "ordered")}
    assert set(module.keras2.configurations) == {"keras2"}


def test_what_answers_a_further_message_is_a_function_of_that_name():
    for kind, module in constant("worker.py", "ELSEWHERE").items():
        tree = ast.parse((SCRIPTS / f"{module}.py").read_text())
        functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
        assert kind in functions
