"""Wrong versions of a rule: which there are, what they are called, and that they run."""

from __future__ import annotations

import pytest

from oracle.arithmetic.mp import Mp
from oracle.golden import load
from oracle.mutation.equivalence import Right
from oracle.mutation.operators import OPERATORS
from oracle.mutation.substitute import rules_run, substituted, wrong_versions
from oracle.mutation.versions import function_of, other_forms, versions_of
from oracle.problem import Problem
from oracle.rules.adam import adam_epsilon_hat, amsgrad_epsilon_hat
from oracle.rules.ftrl import ftrl_or_zero
from oracle.rules.lion import lion
from oracle.rules.proximal import proximal_adagrad_l1
from oracle.rules.rmsprop import rmsprop, rmsprop_centered
from oracle.rules.sgd import sgd_momentum
from oracle.systems import spec as find_spec
from oracle.systems import specs
from oracle.trajectories import states

EXPECTED = (
    (adam_epsilon_hat, "move-epsilon", "p_t = p - alpha_t * m_t / xp.sqrt(v_t + epsilon)"),
    (rmsprop, "move-epsilon", "p_t = p - learning_rate * g / (xp.sqrt(v_t) + epsilon)"),
    (rmsprop, "scale-epsilon", "p_t = p - learning_rate * g / xp.sqrt(v_t + 10 * epsilon)"),
    (adam_epsilon_hat, "drop-bias-correction", "alpha_t = learning_rate * xp.sqrt(1 - beta_2**t)"),
    (adam_epsilon_hat, "complement", "m_t = beta_1 * m + beta_1 * g"),
    (adam_epsilon_hat, "sibling", "v_t = beta_2 * v + (1 - beta_1) * g**2"),
    (adam_epsilon_hat, "drop-root", "p_t = p - alpha_t * m_t / (v_t + epsilon)"),
    (adam_epsilon_hat, "drop-square", "v_t = beta_2 * v + (1 - beta_2) * (g * v)"),
    (lion, "drop-function", None),
    (adam_epsilon_hat, "old-or-new", "p_t = p - alpha_t * m / (xp.sqrt(v_t) + epsilon)"),
    (adam_epsilon_hat, "other-source", "p_t = p - alpha_t * g / (xp.sqrt(v_t) + epsilon)"),
    (amsgrad_epsilon_hat, "swap-extremes", "v_max_t = xp.minimum(v_max, v_t)"),
    (ftrl_or_zero, "swap-branches", None),
    (ftrl_or_zero, "change-condition", None),
    (sgd_momentum, "dampen", "v_t = momentum * v - learning_rate * ((1 - momentum) * g)"),
    (adam_epsilon_hat, "shift-time", None),
    (adam_epsilon_hat, "drop-term", "p_t = p - alpha_t * m_t / xp.sqrt(v_t)"),
    (sgd_momentum, "drop-factor", "v_t = momentum * v - g"),
    (sgd_momentum, "swap-sign", "p_t = p - v_t"),
    (adam_epsilon_hat, "swap-product", "p_t = p - alpha_t * m_t * (xp.sqrt(v_t) + epsilon)"),
    (rmsprop_centered, "change-constant", None),
    (sgd_momentum, "scale-rate", "v_t = momentum * v - 1.01 * learning_rate * g"),
)


@pytest.mark.parametrize(("rule", "operator", "after"), EXPECTED)
def test_an_operator_writes_what_somebody_might_have_written(rule, operator, after):
    """Each of them changes one line of some rule; the expected line is among them."""
    lines = [v.after for v in versions_of(rule) if v.operator == operator]
    assert lines
    assert after is None or after in lines


def test_every_operator_is_shown():
    """None goes without an example above."""
    assert {operator for _, operator, _ in EXPECTED} == set(OPERATORS)


def test_a_version_has_a_stable_name_and_the_place_of_its_line():
    """The id names rule, operator and what the statement computes."""
    [version] = [v for v in versions_of(adam_epsilon_hat) if v.id.endswith("drop-root:p_t.1")]
    assert version.id == "adam_epsilon_hat:drop-root:p_t.1"
    assert version.before == "p_t = p - alpha_t * m_t / (xp.sqrt(v_t) + epsilon)"
    file, line = version.where.split(":")
    assert file == "oracle/rules/adam.py"
    with open(adam_epsilon_hat.function.__code__.co_filename) as lines:
        assert lines.readlines()[int(line) - 1].strip() == version.before


@pytest.mark.parametrize("rule", [adam_epsilon_hat, ftrl_or_zero, lion, proximal_adagrad_l1])
def test_no_two_versions_say_the_same(rule):
    """Neither one another nor the rule itself; and ids are unique."""
    made = versions_of(rule)
    texts = [(v.rule.source, str(v.rule.slots)) for v in made]
    assert len(set(texts)) == len(texts)
    assert len({v.id for v in made}) == len(made)
    assert all(v.before != v.after for v in made)


def test_a_later_slot_may_be_taken_before_it_is_computed():
    """Lion whose momentum moves first has the momentum's own formula in its direction."""
    assert any("beta_2 * m + (1 - beta_2) * g" in v.after for v in versions_of(lion)[:20])


def test_slots_may_start_elsewhere_or_stay():
    """Starting at 1, and returning what came in."""
    after = {v.after for v in versions_of(adam_epsilon_hat)}
    assert {"v starts at 1", "return (p_t, m, v_t)"} <= after


def test_the_other_forms_of_a_family_are_versions():
    """Somebody may have taken RMSprop with epsilon outside for the one with it inside."""
    assert "rmsprop_epsilon_outside" in {v.rule.name for v in other_forms(rmsprop)}


def test_a_version_reads_its_slots_back_where_the_arithmetic_does():
    """The form that stores at once is made of the edited source, not of the right one."""
    [version] = [v for v in versions_of(sgd_momentum) if v.after == "v_t = momentum * v - g"]
    assert version.rule.keeping is not sgd_momentum.keeping
    assert version.rule.keeping.__code__.co_names == ("keep",)


@pytest.mark.parametrize("id", ["keras2/Adam", "keras3/SGD", "tf.train/FtrlOptimizer"])
def test_every_version_runs_in_the_place_of_its_rule(id):
    """And nothing else of the spec changes: the right rule in its own place is the right run."""
    spec = find_spec(id)
    problem = Problem.checked(spec, [[1.0, -2.0]], [[[0.5, 0.25]]] * 2)
    hyper = {"learning_rate": 0.5}
    [rule] = rules_run(spec, hyper, problem)
    same = substituted(spec, rule, rule).program(hyper)
    assert Right(spec.program(hyper), problem).agrees(same)
    programs = [changed.program(hyper) for _, changed in wrong_versions(spec, rule, hyper)]
    assert len(programs) >= 9
    for program in programs:
        assert len(list(states(Mp(50), program, problem))) == 3


@pytest.mark.parametrize("name", ["AGNOptimizer", "ShampooOptimizer", "GGTOptimizer"])
def test_a_rule_that_is_not_exchanged_is_none(name):
    """Whatever calls its rule by name would run the right one, and every version look right."""
    spec = find_spec(f"tf.contrib.opt/{name}")
    case = load(spec.id).cases[0]
    problem = Problem.checked(spec, case.params, case.grads)
    assert rules_run(spec, case.hyper, problem) == []


@pytest.mark.long
def test_every_rule_of_every_spec_has_versions():
    """At least eight for each formula, five where it is one line."""
    forms = [form for id in specs() for form in find_spec(id).all_forms]
    for form in (form for form in forms if form.hyper or form.slots):
        *lines, _ = function_of(form).body
        assert len(versions_of(form)) >= (8 if len(lines) > 1 else 5), form.name
