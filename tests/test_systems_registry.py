"""Specs are found by id and by alias, and say what they are."""

from __future__ import annotations

import pytest

import oracle
from oracle.errors import UnknownSpecError

KERAS_2 = ["SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "Adamax", "Nadam"]
KERAS_3 = [*KERAS_2[:5], "AdamW", "Adamax", "Nadam", "Ftrl", "Lion", "Lamb"]
KERAS_3 += ["ScheduleFreeAdamW", "Adafactor", "Muon", "LossScaleOptimizer", "MultiOptimizer"]
TF_TRAIN = ["GradientDescent", "Momentum", "Adagrad", "AdagradDA", "Adadelta", "Adam", "Ftrl"]
TF_TRAIN += ["RMSProp", "ProximalGradientDescent", "ProximalAdagrad"]
_SCALED = "experimental.MixedPrecisionLossScale"
TF_CONTRIB = ["AdamW", "MomentumW", "AdaMax", "Nadam", "LazyAdam", "RegAdagrad", "AddSign"]
TF_CONTRIB += ["PowerSign", "LARS"]
TORCH = ["SGD", "Adam", "AdamW", "Adamax", "NAdam", "RAdam", "RMSprop", "Adagrad", "Adadelta"]
TORCH += ["ASGD", "Rprop", "SparseAdam", "Adafactor"]
TORCH_CLIPS = ["clip_grad_norm_", "clip_grads_with_norm_", "clip_grad_value_", "get_total_norm"]
TORCH_AROUND = ["StepLR", "MultiStepLR", "ConstantLR", "LinearLR", "ExponentialLR"]
TORCH_AROUND += ["PolynomialLR", "CosineAnnealingLR", "CosineAnnealingWarmRestarts"]
TORCH_AROUND += ["CyclicLR", "OneCycleLR", "ChainedScheduler", "SequentialLR", "SWALR"]
TORCH_AROUND += ["AveragedModel", "LambdaLR", "MultiplicativeLR", "ReduceLROnPlateau", "GradScaler"]
TORCH_AS_ONE = ["LBFGS", "Muon"]
SYSTEMS = (
    "keras2",
    "keras3",
    "optax",
    "optax.contrib",
    "tf.train",
    "tf.contrib.opt",
    "tf",
    "torch",
)
CLIPPING = ["clip_by_value", "clip_by_norm", "clip_by_global_norm", "clip_by_average_norm"]
WRAPPERS = ["MovingAverageOptimizer", "MultitaskOptimizerWrapper", "VariableClippingOptimizer"]
WRAPPERS += ["DropStaleGradientOptimizer", "ElasticAverageOptimizer", "ModelAverageOptimizer"]
WRAPPERS += ["AGNOptimizer"]
ALL = oracle.specs()
each = pytest.mark.parametrize("id", ALL)


def test_every_optimizer_of_every_system_has_a_spec():
    assert oracle.specs("keras2") == [f"keras2/{name}" for name in (*KERAS_2, "TFOptimizer")]
    assert oracle.specs("keras3") == [f"keras3/{name}" for name in KERAS_3]
    train = [f"tf.train/{name}Optimizer" for name in (*TF_TRAIN, _SCALED, "SyncReplicas")]
    assert oracle.specs("tf.train") == train
    contrib = {f"tf.contrib.opt/{name}Optimizer" for name in TF_CONTRIB}
    contrib |= {f"tf.contrib.opt/{name}" for name in WRAPPERS}
    assert contrib <= set(oracle.specs("tf.contrib.opt"))
    assert oracle.specs("tf") == [f"tf/{name}" for name in (*CLIPPING, "global_norm")]
    torch = (*TORCH, *TORCH_CLIPS, *TORCH_AROUND, *TORCH_AS_ONE)
    assert oracle.specs("torch") == [f"torch/{name}" for name in torch]
    assert [id for name in SYSTEMS for id in oracle.specs(name)] == ALL


@each
def test_a_spec_is_found_by_its_id(id):
    spec = oracle.spec(id)
    assert spec.id == id == f"{spec.system.name}/{spec.name}"
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
    assert spec.citations[-1].startswith(
        tuple(
            f"{spec.system.name}: {library}"
            for library in ("Keras", "TensorFlow", "PyTorch", "Optax")
        )
    )
    assert all(f"def {form.name}(" in spec.formula for form in spec.forms.values())
    assert all(a.doc and a.name == name for name, a in spec.arguments.items())


@each
def test_every_default_is_one_that_the_spec_accepts(id):
    spec = oracle.spec(id)
    defaults = {n: a.default for n, a in spec.arguments.items() if n not in spec.required}
    assert {
        n: v for n, v in defaults.items() if spec.arguments[n].domain.check(v) is None
    } == defaults


@each
def test_every_form_of_a_rule_gets_the_hyperparameters_that_it_takes(id):
    spec = oracle.spec(id)
    known = {*spec.arguments, *spec.names, *spec.derived, "sign_decay"}
    assert all(set(form.hyper) <= known for form in spec.forms.values())
    assert set(spec.names.values()) <= set(spec.arguments)


@pytest.mark.parametrize(
    ("wrong", "nearest"),
    [
        ("keras3/adma", "keras3/Adam"),
        ("keras4/Adam", "keras3/Adam"),
        ("Adam", "keras2/Adam, keras3/Adam"),
        ("lion", "keras3/Lion"),
        ("keras2/Ftrl", "keras3/Ftrl"),
        ("torch/AdamX", "torch/Adam"),
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
    with pytest.raises(UnknownSpecError, match=r"^unknown system 'flax': the systems are keras2"):
        oracle.specs("flax")
