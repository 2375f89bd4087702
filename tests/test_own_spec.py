"""A spec of one's own: what `oracle.define` takes and what it refuses."""

from __future__ import annotations

from collections.abc import Iterator

import mpmath
import pytest

import oracle
from oracle import REQUIRED, Argument, Step, domains, zeros
from oracle.errors import ShapeError, SpecError
from oracle.systems.registered import as_before

RATE = Argument("learning_rate", 0.01, domains.Rate(), "step size")
MOMENTUM = Argument("momentum", 0.0, domains.Momentum(), "share of the velocity")
CLIP = Argument("clip", None, domains.Threshold(), "largest norm")


@oracle.rule(cites="Robbins & Monro 1951")
def sgd(xp, t, p, g, *, learning_rate):
    """Gradient descent."""
    p_t = p - learning_rate * g
    return (p_t,)


@oracle.rule(slots={"m": zeros}, cites="Polyak 1964")
def sgd_momentum(xp, t, p, g, m, *, learning_rate, momentum):
    """Gradient descent with momentum."""
    m_t = momentum * m + g
    p_t = p - learning_rate * m_t
    return p_t, m_t


@oracle.rule(slots={"m": oracle.filled_with("start")}, cites="nobody")
def started(xp, t, p, g, m, *, learning_rate):
    """A slot that starts where an argument says."""
    m_t = m + g
    p_t = p - learning_rate * m_t
    return p_t, m_t


@oracle.rule(slots={"m": 0}, cites="nobody")
def _with_a_number(xp, t, p, g, m, *, learning_rate):
    """Have a slot that is none."""
    m_t = m + g
    p_t = p - learning_rate * m_t
    return p_t, m_t


@oracle.rule(cites="nobody")
def summed(xp, t, p, g, *, learning_rate):
    """Return one number for all elements."""
    p_t = xp.sum(p) - learning_rate * xp.sum(g)
    return (p_t,)


@oracle.transformation("clip", couples=True)
def clip_norm(step: Step) -> None:
    """Clip each gradient by its own norm."""
    for k in step.present():
        g, limit = step.grads[k], step.numbers["clip"]
        norm = step.xp.norm(g)
        step.grads[k] = step.xp.where(norm > limit, g * (limit / norm), g)


@oracle.transformation(slots={"m": zeros})
def keeps_m(step: Step) -> None:
    """Have a slot of the name that a rule has."""


@oracle.transformation()
def reads_the_rate(step: Step) -> None:
    """Scale by the rate."""
    step.params[:] = [p * step.learning_rate for p in step.params]


@oracle.transformation("clip")
def branches(step: Step) -> None:
    """Ask a comparison whether it is true."""
    if step.xp.norm(step.grads[0]) > 1:
        step.grads[0] = step.grads[0] / 2


@oracle.transformation()
def asks_numpy(step: Step) -> None:
    """Take a number of the arithmetic for an array."""
    step.params[0] = step.params[0].mean()


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    with as_before():
        yield


def refusal(*arguments: object, **more: object) -> str:
    with pytest.raises(SpecError) as caught:
        oracle.define(*arguments, **more)
    assert "\n" not in str(caught.value)
    return str(caught.value)


# What is defined is there


def test_a_rule_alone_is_a_spec():
    spec = oracle.define("mine/SGD", sgd, [RATE], aliases=["descent"])
    assert oracle.spec("mine/SGD") is spec
    assert oracle.spec("mine/descent") is spec
    assert "mine/SGD" in oracle.specs("mine")
    assert spec.doc == "Gradient descent."
    assert spec.citations == ("Robbins & Monro 1951", "mine: defined in test_own_spec.py")
    run = oracle.trajectory("mine/SGD", [1.0], [[0.5]], {"learning_rate": 0.25})
    assert run.params[1][0].item() == mpmath.mpf("0.875")
    assert 0 < run.bound("float32")[1][0] < 1e-6


def test_a_chain_runs_in_its_order():
    """By hand: a gradient of norm 5, clipped to 1, then a velocity of it."""
    step = oracle.chain(clip_norm, {(): sgd, ("momentum",): sgd_momentum})
    oracle.define("mine/Clipped", step, [RATE, MOMENTUM, CLIP])
    grads = [[[3.0, -4.0]], [[0.0, 0.5]]]
    hyper = {"learning_rate": 0.5, "momentum": 0.5, "clip": 1.0}
    run = oracle.trajectory("mine/Clipped", [[1.0, 1.0]], grads, hyper)
    by_hand = [1 - 0.5 * 0.6 - 0.5 * 0.3, 1 + 0.5 * 0.8 - 0.5 * (0.5 - 0.4)]
    assert [float(x) for x in run.params[2][0]] == pytest.approx(by_hand, rel=1e-15)
    plain = oracle.trajectory("mine/Clipped", [[1.0, 1.0]], grads, {"learning_rate": 0.5})
    assert plain.slots[1] == {}
    assert oracle.spec("mine/Clipped").program({"clip": 1.0}).couples_elements


def test_a_missing_gradient_lets_its_parameter_rest():
    oracle.define("mine/SGD", sgd, [RATE])
    run = oracle.trajectory("mine/SGD", [1.0, 2.0], [[0.5, None]], {"learning_rate": 1})
    assert [p.item() for p in run.params[1]] == [0.5, 2]


@pytest.mark.parametrize("said", [False, "all parameters step together"])
def test_a_missing_gradient_is_refused_in_a_sentence(said: bool | str):
    oracle.define("mine/SGD", sgd, [RATE], missing_gradients=said)
    why = said or "mine/SGD takes a gradient for every parameter"
    with pytest.raises(ShapeError, match=f"^step 1: gradient 1 is missing: {why}$"):
        oracle.trajectory("mine/SGD", [1.0, 2.0], [[0.5, None]])


def test_a_sparse_gradient_is_refused():
    oracle.define("mine/SGD", sgd, [RATE])
    sparse = oracle.Sparse([0], [[1.0]])
    with pytest.raises(ShapeError, match="takes dense gradients only"):
        oracle.trajectory("mine/SGD", [[[1.0]]], [[sparse]])


def test_a_required_argument_is_asked_for():
    demanded = Argument("learning_rate", REQUIRED, domains.Rate(), "step size")
    oracle.define("mine/SGD", sgd, [demanded])
    with pytest.raises(oracle.OracleError, match="mine/SGD needs learning_rate"):
        oracle.trajectory("mine/SGD", [1.0], [[0.5]])


# What is refused


@pytest.mark.parametrize("id", ["SGD", "mine/", "/SGD", "mine/A B", "mine/a/b", "kills/SGD", 3])
def test_a_malformed_id_is_refused(id: object):
    assert "is not of the form system/Name: write one such as" in refusal(id, sgd, [RATE])


def test_a_system_of_ours_is_refused():
    told = refusal("keras3/Mine", sgd, [RATE])
    assert "keras3 is a library that has its specs here: call your system otherwise" in told


def test_a_second_spec_of_one_id_is_refused_with_both_places():
    oracle.define("mine/SGD", sgd, [RATE])
    told = refusal("mine/sgd", sgd, [RATE])
    assert "mine/sgd is defined twice, at " in told
    assert told.count("test_own_spec.py:") == 2
    assert told.endswith("rename one of them")


REFUSED = {
    "an argument is missing": (
        (sgd_momentum, [RATE]),
        "the rule sgd_momentum reads 'momentum', which is no argument: add `oracle.Argument('mom",
    ),
    "an argument of a slot is missing": (
        (started, [RATE]),
        "the rule started reads 'start', which is no argument",
    ),
    "an argument is twice": ((sgd, [RATE, RATE]), "has two arguments called learning_rate"),
    "an argument is none": ((sgd, [0.1]), "0.1 is no argument: make one by `oracle.Argument`"),
    "an argument has a class for its domain": (
        (sgd, [Argument("learning_rate", 0.1, domains.Rate, "step size")]),
        "for its domain: make one, such as domains.Rate()",
    ),
    "a slot is a number": (
        (_with_a_number, [RATE]),
        "the slot m is 0: write oracle.zeros, or oracle.Slot(0)",
    ),
    "an argument has no name": (
        (sgd, [RATE, Argument("lambda", 0.1, domains.Rate(), "")]),
        "the argument 'lambda' cannot be given by its name: call it a name of Python",
    ),
    "an argument is read by nobody": (
        (sgd, [RATE, MOMENTUM]),
        "nothing reads the argument momentum: leave it out, or let the rule take it",
    ),
    "a default is refused by its domain": (
        (sgd, [Argument("learning_rate", -1.0, domains.Rate(domains.at_least(0)), "")]),
        "the default learning_rate=-1.0 is refused by its own domain: it must lie in [0, inf]",
    ),
    "an argument needs what is not there": (
        (sgd, [Argument("learning_rate", 0.1, domains.Rate(), "", needs=("warmup",))]),
        "learning_rate needs 'warmup', which is no argument: the arguments are learning_rate",
    ),
    "a switch is read as a number": (
        (sgd, [Argument("learning_rate", False, domains.Flag(), "")]),
        "the rule sgd reads learning_rate, which is no number but a Flag",
    ),
    "no form is the plain one": (
        ({("momentum",): sgd_momentum}, [RATE, MOMENTUM]),
        "no rule runs where nothing is on: give the table of forms a row for ()",
    ),
    "a form asks for what is not there": (
        ({(): sgd, ("nesterov",): sgd}, [RATE]),
        "a form asks for 'nesterov', which is no argument: the arguments are learning_rate",
    ),
    "a form is no rule": (({(): print}, [RATE]), "is no rule: declare it by `@oracle.rule(...)`"),
    "a link reads what is not there": (
        (oracle.chain(clip_norm, sgd), [RATE]),
        "the link clip_norm reads 'clip', which is no argument: add `oracle.Argument('clip'",
    ),
    "a link reads a rate that is not there": (
        (oracle.chain(reads_the_rate, summed), []),
        "the rule summed reads 'learning_rate', which is no argument",
    ),
    "two have one slot": (
        (oracle.chain(sgd_momentum, keeps_m), [RATE, MOMENTUM]),
        "the rule sgd_momentum and the link keeps_m have a slot 'm' each: rename one",
    ),
    "a link is there twice": (
        (oracle.chain(clip_norm, sgd, clip_norm), [RATE, CLIP]),
        "two links are called clip_norm: rename one",
    ),
    "a rule gives one number for all": (
        (summed, [RATE]),
        "the parameter has shape () after a step, and (2, 3) before it: return one number for",
    ),
    "a link branches": (
        (oracle.chain(branches, sgd), [RATE, CLIP]),
        "`if step.xp.norm(step.grads[0]) > 1:` cannot be run: a comparison holds for some elements",
    ),
    "a link asks numpy": (
        (oracle.chain(asks_numpy, sgd), [RATE]),
        "`step.params[0] = step.params[0].mean()` cannot be run: 'Double' object has no attribute",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_run_is_refused(name: str):
    (step, arguments), told = REFUSED[name]
    assert told in refusal("mine/X", step, arguments)
    assert "mine/X" not in oracle.specs()


@pytest.mark.parametrize("links", [(), (clip_norm,), (sgd, sgd_momentum)])
def test_a_chain_has_one_update(links: tuple[object, ...]):
    with pytest.raises(SpecError, match="rules: give it one, or a table of them, among its links"):
        oracle.chain(*links)


def test_a_chain_has_links_and_rules_only():
    with pytest.raises(SpecError, match=r"give it rules, and `@oracle\.transformation` links"):
        oracle.chain(clip_norm, "sgd")


def test_a_link_that_reads_a_rate_needs_one():
    told = refusal("mine/X", oracle.chain(reads_the_rate, {(): _unmoved}), [])
    assert "the link reads_the_rate reads step.learning_rate: add `oracle.Argument('learni" in told


@oracle.rule(cites="nobody")
def _unmoved(xp, t, p, g):
    """Stay."""
    p_t = p - g
    return (p_t,)
