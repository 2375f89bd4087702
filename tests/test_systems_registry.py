"""Specs are found by id and by alias, say what they are, and have a digest that means something."""

from __future__ import annotations

import dataclasses

import pytest

import oracle
from oracle.errors import UnknownSpecError
from oracle.rules.rule import Rule
from oracle.systems.source import canonical

KERAS_2 = ["SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "Adamax", "Nadam"]
KERAS_3 = [*KERAS_2[:5], "AdamW", "Adamax", "Nadam", "Ftrl", "Lion"]
TF_TRAIN = ["GradientDescent", "Momentum", "Adagrad", "AdagradDA", "Adadelta", "Adam", "Ftrl"]
TF_TRAIN += ["RMSProp", "ProximalGradientDescent", "ProximalAdagrad"]
TF_CONTRIB = ["AdamW", "MomentumW", "AdaMax", "Nadam", "LazyAdam", "RegAdagrad", "AddSign"]
TF_CONTRIB += ["PowerSign", "LARS"]
SYSTEMS = ("keras2", "keras3", "tf.train", "tf.contrib.opt", "tf")
CLIPPING = ["clip_by_value", "clip_by_norm", "clip_by_global_norm", "clip_by_average_norm"]
WRAPPERS = ["MovingAverageOptimizer", "MultitaskOptimizerWrapper", "VariableClippingOptimizer"]
WRAPPERS += ["DropStaleGradientOptimizer", "ElasticAverageOptimizer", "ModelAverageOptimizer"]
WRAPPERS += ["AGNOptimizer"]
ALL = oracle.specs()
each = pytest.mark.parametrize("id", ALL)


def test_every_optimizer_of_every_system_has_a_spec():
    assert oracle.specs("keras2") == [f"keras2/{name}" for name in (*KERAS_2, "TFOptimizer")]
    assert oracle.specs("keras3") == [f"keras3/{name}" for name in KERAS_3]
    train = [f"tf.train/{name}Optimizer" for name in (*TF_TRAIN, "SyncReplicas")]
    assert oracle.specs("tf.train") == train
    contrib = {f"tf.contrib.opt/{name}Optimizer" for name in TF_CONTRIB}
    contrib |= {f"tf.contrib.opt/{name}" for name in WRAPPERS}
    assert contrib <= set(oracle.specs("tf.contrib.opt"))
    assert oracle.specs("tf") == [f"tf/{name}" for name in (*CLIPPING, "global_norm")]
    assert [id for name in SYSTEMS for id in oracle.specs(name)] == ALL


@each
def test_a_spec_is_found_by_its_id(id):
    spec = oracle.spec(id)
    assert spec.id == id == f"{spec.system}/{spec.name}"
    assert repr(spec) == f"Spec({id!r})"


@each
def test_a_spec_is_found_by_the_librarys_own_alias(id):
    system, name = id.split("/")
    assert name.lower() in (*oracle.spec(id).aliases, name)
    assert oracle.spec(f"{system}/{name.lower()}") is oracle.spec(id)


@each
def test_a_spec_says_what_it_is(id):
    spec = oracle.spec(id)
    assert spec.doc.endswith(".")
    assert all(isinstance(cite, str) and cite for cite in spec.citations)
    assert spec.citations[-1].startswith((f"{spec.system}: Keras", f"{spec.system}: TensorFlow"))
    assert all(f"def {form.name}(" in spec.formula for form in spec.forms)
    assert all(a.doc and a.name == name for name, a in spec.arguments.items())


@each
def test_every_default_is_one_that_the_spec_accepts(id):
    spec = oracle.spec(id)
    defaults = {n: a.default for n, a in spec.arguments.items() if n not in spec.required}
    assert {n: v for n, v in defaults.items() if spec.arguments[n].check(v) is None} == defaults


@each
def test_every_form_of_a_rule_gets_the_hyperparameters_that_it_takes(id):
    spec = oracle.spec(id)
    known = {*spec.arguments, *spec.names, "sign_decay"}
    assert all(set(form.hyper) <= known for form in spec.forms)
    assert set(spec.names.values()) <= set(spec.arguments)


def test_the_digest_sees_what_an_argument_is_called_in_the_rule():
    spec = oracle.spec("tf.train/AdamOptimizer")
    swapped = {"beta_1": "beta2", "beta_2": "beta1"}
    assert dataclasses.replace(spec, names=swapped).digest != spec.digest


@pytest.mark.parametrize(
    ("wrong", "nearest"),
    [
        ("keras3/adma", "keras3/Adam"),
        ("keras4/Adam", "keras3/Adam"),
        ("Adam", "keras2/Adam, keras3/Adam"),
        ("lion", "keras3/Lion"),
        ("keras2/Ftrl", "keras3/Ftrl"),
        ("torch/AdamW", "keras3/AdamW"),
    ],
)
def test_an_unknown_spec_names_the_nearest_ones(wrong, nearest):
    with pytest.raises(UnknownSpecError) as refused:
        oracle.spec(wrong)
    assert str(refused.value).startswith(f"unknown spec {wrong!r}: did you mean ")
    assert nearest in str(refused.value)


@pytest.mark.parametrize("wrong", ["", None, 5, "keras3/"])
def test_nonsense_is_refused_with_a_sentence_too(wrong):
    with pytest.raises(UnknownSpecError, match="did you mean"):
        oracle.spec(wrong)


def test_an_unknown_system_names_the_known_ones():
    with pytest.raises(UnknownSpecError, match=r"^unknown system 'torch': the systems are keras2"):
        oracle.specs("torch")


# Digests


def test_no_two_specs_have_the_same_digest():
    assert len({oracle.spec(id).digest for id in ALL}) == len(ALL)


@dataclasses.dataclass(frozen=True)
class Edited(Rule):
    """A rule whose source has been edited."""

    text: str = ""

    @property
    def source(self):
        return self.text


def digest_after(old, new):
    """The digest of Adam after an edit of its rule's source."""
    spec = oracle.spec("keras3/Adam")
    first, *others = spec.forms
    fields = {f.name: getattr(first, f.name) for f in dataclasses.fields(Rule)}
    assert old in first.source
    edited = Edited(**fields, text=first.source.replace(old, new))
    return dataclasses.replace(spec, forms=(edited, *others)).digest


UNCHANGED = {
    "a comment": ("return p_t", "# the end\n    return p_t"),
    "an empty line": ("    return p_t", "\n\n    return p_t"),
    "layout": ("beta_1 * m", "beta_1*m"),
    "parentheses": ("beta_1 * m +", "(beta_1 * m) +"),
    "the docstring": ("Adam with the bias", "It is Adam with the bias"),
}
CHANGED = {
    "a sign": ("p_t = p - ", "p_t = p + "),
    "a factor": ("beta_1 * m", "beta_2 * m"),
    "the place of epsilon": ("(xp.sqrt(v_t) + epsilon)", "xp.sqrt(v_t + epsilon)"),
    "a constant": ("(1 - beta_1) * g", "(2 - beta_1) * g"),
    "a start value": ('"m": zeros', '"m": scalar_one'),
}


@pytest.mark.parametrize(("old", "new"), UNCHANGED.values(), ids=UNCHANGED)
def test_the_digest_does_not_see(old, new):
    assert digest_after(old, new) == oracle.spec("keras3/Adam").digest


@pytest.mark.parametrize(("old", "new"), CHANGED.values(), ids=CHANGED)
def test_the_digest_sees(old, new):
    assert digest_after(old, new) != oracle.spec("keras3/Adam").digest


def test_the_digest_sees_a_default():
    spec = oracle.spec("keras3/Adam")
    changed = dataclasses.replace(spec.arguments["epsilon"], default=1e-8)
    arguments = {**spec.arguments, "epsilon": changed}
    assert dataclasses.replace(spec, arguments=arguments).digest != spec.digest


@each
def test_the_digest_is_64_hexadecimal_digits(id):
    assert len(bytes.fromhex(oracle.spec(id).digest)) == 32


def test_source_says_the_same_however_it_is_laid_out():
    assert canonical('def f(x):\n    """Doc."""\n    return x+1 # one') == canonical(
        "    def f( x ):\n        return (x + 1)"
    )
    assert canonical("x + 1") != canonical("x + 2")
