"""A worker in another process trains a model and tells configurations, by the schema's messages."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from numpy_training import bench

from oracle.adapters.worker.candidate import from_command
from oracle.adapters.worker.messages import conforms
from oracle.adapters.worker.process import Process
from oracle.adapters.worker.smoke import smoke
from oracle.conformance.configuration import round_trips, unknown_names
from oracle.conformance.outcomes import Finding
from oracle.conformance.training import trained_runs
from oracle.implementation import Implementation

WORKER = Path(__file__).parent / "workers" / "trainer.py"


@pytest.fixture
def said(monkeypatch) -> list[dict]:
    """Every message to a worker."""
    messages: list[dict] = []
    ask = Process.ask

    def noted(process, message, seconds=None):
        messages.append(dict(message))
        return ask(process, message, seconds)

    monkeypatch.setattr(Process, "ask", noted)
    return messages


def worker(fault: str = "") -> Implementation:
    return from_command("cmd:" + shlex.join([sys.executable, str(WORKER), fault]))


def training(it: Implementation, case: str) -> Iterator:
    return (check for check in trained_runs(bench(it)) if check.case == case)


def test_an_honest_worker_passes_with_messages_of_the_schema(said):
    it = worker()
    for check in [*training(it, "by-name"), *round_trips(bench(it)), *unknown_names(bench(it))]:
        check.holds()
    assert {message["type"] for message in said} == {"hello", "train", "configure"}
    for message in said[1:]:
        conforms(message, message["type"])
    (trained,) = [message for message in said if message["type"] == "train"]
    assert trained["lookup"] == "sgd"


def test_what_a_worker_refuses_to_train_is_a_finding():
    (check,) = training(worker(), "page")
    with pytest.raises(Finding, match="the worker says: only a learning rate can be set"):
        check.holds()


def test_a_worker_that_loses_an_argument_is_found():
    (check,) = round_trips(bench(worker("forgets")))
    with pytest.raises(Finding, match=r"after deserialize\(serialize.* has no 'decay'"):
        check.holds()


def smoked(fault: str = "") -> dict[str, str]:
    process = Process([sys.executable, str(WORKER), fault])
    return {outcome.tried: outcome.trouble for outcome in smoke(process)}


def test_smoke_tries_training_and_configurations():
    outcomes = smoked()
    tried = {
        "training with keras2/SGD float32",
        "a configuration of keras2/SGD",
        "an unknown name in keras2",
    }
    assert {what: outcomes[what] for what in tried} == dict.fromkeys(tried, "")


@pytest.mark.parametrize(
    ("fault", "tried", "told"),
    [
        ("transposes", "training with keras2/SGD float32", "the kernel has shape (3, 2)"),
        ("one step", "training with keras2/SGD float32", "does not show the steps 1 and 2"),
        ("takes any name", "an unknown name in keras2", "no 'error' message"),
    ],
)
def test_smoke_says_what_is_wrong_with_these_messages(fault, tried, told):
    assert told in smoked(fault)[tried]
