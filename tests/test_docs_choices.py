"""`oracle docs`: which arguments choose a form, and the order of operations of a step."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

import oracle
from oracle.report.reference.choices import conditions
from oracle.report.reference.page import page
from oracle.report.reference.stages import first_sentence, operations
from oracle.resources import fixtures_dir
from oracle.rules.sgd import sgd, sgd_momentum, sgd_nesterov
from oracle.specification.domains import Domain, Flag
from oracle.specification.forms import Forms
from oracle.specification.spec import Argument, Hyper, Spec
from oracle.specification.step import Step
from oracle.specification.transformation import transformation


@cache
def page_of(id: str) -> str:
    """The page of a spec."""
    return page(oracle.spec(id), fixtures_dir())


# Which arguments choose a form


def chosen(forms: Forms, *arguments: Argument) -> dict[str, str]:
    """The conditions of a spec with these arguments."""
    spec = replace(
        oracle.spec("keras3/SGD"),
        arguments={a.name: a for a in (*oracle.spec("keras3/SGD").arguments.values(), *arguments)},
        forms=forms,
    )
    return conditions(spec)


@pytest.mark.parametrize(
    ("id", "expected"),
    [
        ("keras2/Adagrad", {}),
        (
            "keras2/Adam",
            {
                "adam_epsilon_hat": "`amsgrad` is False",
                "amsgrad_epsilon_hat": "`amsgrad` is True",
            },
        ),
        (
            "keras3/SGD",
            {
                "sgd": "`momentum` is 0",
                "sgd_momentum": "`momentum` is above 0 and `nesterov` is False",
                "sgd_nesterov": "`momentum` is above 0 and `nesterov` is True",
            },
        ),
        (
            "keras3/RMSprop",
            {
                "rmsprop": "`momentum` is 0 or less and `centered` is False",
                "rmsprop_momentum": "`momentum` is above 0 and `centered` is False",
                "rmsprop_centered": "`momentum` is 0 or less and `centered` is True",
                "rmsprop_centered_momentum": "`momentum` is above 0 and `centered` is True",
            },
        ),
    ],
)
def test_a_page_says_when_a_form_is_used(id: str, expected: dict[str, str]):
    """Where there is a choice."""
    assert conditions(oracle.spec(id)) == expected


@pytest.mark.parametrize("id", oracle.specs())
def test_every_form_is_reached(id: str):
    """By arguments that can be named; a form that nothing chooses is no form of the spec."""
    spec = oracle.spec(id)
    assert len(spec.forms) <= 1 or set(conditions(spec)) == {
        form.name for form in spec.forms.values()
    }


def test_an_argument_that_is_given_or_not():
    """None is a default, too."""
    said = chosen({(): sgd, ("weight_decay",): sgd_momentum})
    assert said["sgd_momentum"] == "`weight_decay` is given"


def test_a_number_that_counts_on_both_sides_of_0():
    """Not 0 is not the same as above 0."""
    said = chosen({(): sgd, ("tilt",): sgd_momentum}, Argument("tilt", 0.0, Domain(), ""))
    assert said == {"sgd": "`tilt` is 0", "sgd_momentum": "`tilt` is not 0"}


def test_a_number_that_is_not_0_by_default():
    """It is told as the others are."""
    said = chosen({(): sgd, ("tilt",): sgd_momentum}, Argument("tilt", 0.9, Domain(), ""))
    assert said == {"sgd": "`tilt` is 0", "sgd_momentum": "`tilt` is not 0"}


def test_a_choice_that_no_single_setting_tells_is_told_in_full():
    """Either of two flags, but not both."""
    one = {(): sgd, ("nesterov",): sgd_nesterov, ("fast",): sgd_nesterov}
    forms = {**one, ("nesterov", "fast"): sgd}
    said = chosen(forms, Argument("fast", False, Flag(), ""))
    assert said["sgd_nesterov"] == (
        "`nesterov` is False and `fast` is True; or `nesterov` is True and `fast` is False"
    )


def test_an_argument_without_a_default_is_required():
    """The table says so, and the forms are tried with some value for it."""
    spec = oracle.spec("tf.train/MomentumOptimizer")
    assert "| `momentum` | required |" in page_of(spec.id)
    assert conditions(spec)["sgd_nesterov_rate_outside"] == "`use_nesterov` is True"


def test_the_legend_has_the_names_of_the_library():
    """TensorFlow's beta1 is the beta_1 of the rule."""
    text = page_of("tf.train/AdamOptimizer")
    assert "| $`\\beta_1`$ | `beta1`: decay rate of the first moment |" in text


def test_a_page_whose_step_is_the_rule_says_nothing_of_what_comes_before():
    """There is nothing before the update."""
    sentence = "as the operations before the update leave them"
    assert sentence in page_of("keras2/Adam")
    assert sentence not in page_of("tf.train/AdamOptimizer")


# The order of operations


@pytest.mark.parametrize(
    ("id", "names"),
    [
        ("keras2/SGD", ["clip_common_norm", "clip_value", "decay_learning_rate", "update"]),
        ("keras2/Nadam", ["clip_common_norm", "clip_value", "update"]),
        (
            "keras3/Adam",
            [
                "unscale",
                "accumulate",
                "clip_norm",
                "clip_global_norm",
                "clip_value",
                "set_learning_rate",
                "decay_weights",
                "update",
                "average",
                "overwrite_with_average",
            ],
        ),
    ],
)
def test_only_stages_that_can_act_are_listed(id: str, names: list[str]):
    """Nadam of Keras 2 takes no decay, so its stage is left out."""
    assert [operation.name for operation in operations(oracle.spec(id))] == names


def test_an_operation_says_what_it_does_and_what_it_reads():
    """The first sentence of its docstring; the arguments in the order of the spec."""
    found = {operation.name: operation for operation in operations(oracle.spec("keras3/Adam"))}
    assert found["clip_norm"].sentence.startswith("Clip each gradient by its own norm")
    assert found["average"].arguments == ("use_ema", "ema_momentum")


@transformation()
def shift(step: Step) -> None:
    """Shift the weights. They are the velocity then."""
    step.params[:] = step.slots["v"]


def test_a_link_that_a_system_adds_on_demand_stands_in_its_place():
    """Behind the one that it follows."""
    original = oracle.spec("keras2/SGD")

    class Adding(type(original.system)):  # type: ignore[misc]
        """Shifts, but only with nesterov."""

        def program(self, spec: Spec, hyper: Hyper) -> object:
            made = super().program(spec, hyper)
            first, *others = made.links
            more = (shift,) if hyper["nesterov"] else ()
            return replace(made, links=(first, *more, *others))

    found = operations(replace(original, system=Adding()))
    assert [(o.name, o.sentence) for o in found[1:2]] == [("shift", "Shift the weights.")]


def test_the_update_is_never_left_out():
    """Whatever the spec calls its learning rate, or without one."""
    original = oracle.spec("keras2/SGD")
    rest = {name: a for name, a in original.arguments.items() if name != "learning_rate"}

    class Rateless(type(original.system)):  # type: ignore[misc]
        """Has no learning rate."""

        def normalize(self, spec: Spec, hyper: Hyper) -> Hyper:
            return hyper

    found = operations(replace(original, system=Rateless(), arguments=rest))
    assert found[-1].name == "update"


@pytest.mark.parametrize(
    ("docstring", "sentence"),
    [
        ("One.", "One."),
        ("One. Two.", "One."),
        ("One\n    and more. Two.\n\nThree.", "One and more."),
        ("Reads tf.clip 0.5 times. Two.", "Reads tf.clip 0.5 times."),
        ("Uses ``x``.", "Uses `x`."),
        ("No end", "No end"),
    ],
)
def test_the_first_sentence_of_a_docstring(docstring: str, sentence: str):
    """It ends at a full stop before a space."""
    assert first_sentence(docstring) == sentence
