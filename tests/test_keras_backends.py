"""Keras 3 on JAX and on PyTorch: each claim takes a step, and what cannot be judged is refused.

Keras has one backend in a process, so that each is driven in a process of its own.
"""

from __future__ import annotations

import json
from importlib.util import find_spec

import numpy as np
import pytest
from new_python import in_new_python

from oracle.adapters.keras import keras, keras_jax, keras_torch, keras_xla
from oracle.adapters.keras.classes import CLASSES
from oracle.adapters.keras.compiled import signature
from oracle.adapters.keras.library import JAX, TENSORFLOW, TORCH, Backend
from oracle.dtypes import DTYPES
from oracle.implementation import Implementation

ON = {keras: TENSORFLOW, keras_jax: JAX, keras_torch: TORCH}
OTHERS = [keras_jax, keras_torch]


def name(value: object) -> str:
    return value.name if isinstance(value, (Implementation, Backend)) else ""


def installed(implementation: Implementation) -> str:
    """Return the variable that holds an implementation, or skip where it cannot be run."""
    for module in ("keras", ON[implementation].name):
        if find_spec(module) is None:
            extra = ON[implementation].extra
            pytest.skip(f"{module} is not installed: pip install 'optimizer-oracle[{extra}]'")
    return implementation.name.replace("-", "_")


STEPS = """
    import json
    import numpy as np
    from oracle.adapters.keras import {variable} as candidate
    from oracle.dtypes import float_type
    from oracle.specification.options import demanded
    from oracle.systems import spec

    wrong = []
    for claim in candidate.claims:
        for dtype in {dtypes}:
            kind, hyper = float_type(dtype).numpy, demanded(spec(claim.spec))
            arrays = [np.array(x).astype(kind) for x in ([1.0, -2.0, 3.0], [[0.5, 0.25]], 1.5)]
            try:
                run = claim.factory(arrays, **hyper)
                new = run.step(arrays)
            except Exception as error:
                wrong.append([claim.spec, claim.mode, dtype, type(error).__name__])
                continue
            if [(p.shape, p.dtype) for p in new] != [(p.shape, p.dtype) for p in arrays]:
                wrong.append([claim.spec, claim.mode, dtype, str([p.dtype for p in new])])
            if set(run.slots()) != set(spec(claim.spec).program(hyper).slots):
                wrong.append([claim.spec, claim.mode, dtype, str(run.slots())])
    print(json.dumps(wrong))
"""

FAILS = {
    keras_jax: [],
    keras_torch: [["keras3/Nadam", mode, "bfloat16", "TypeError"] for mode in ("", "restored")],
}
"""What is in docs/finds.md."""


@pytest.mark.long
@pytest.mark.parametrize("implementation", OTHERS, ids=name)
def test_every_claim_takes_a_step(implementation: Implementation) -> None:
    """New parameters have the shape and dtype of the old ones, and every slot is there."""
    code = STEPS.format(variable=installed(implementation), dtypes=("float32", "float64"))
    assert json.loads(in_new_python(code)) == []


@pytest.mark.long
def test_pytorch_steps_in_half_types_but_for_nadam() -> None:
    """JAX is as slow to start in another dtype as PyTorch is not."""
    code = STEPS.format(variable=installed(keras_torch), dtypes=("float16", "bfloat16"))
    assert json.loads(in_new_python(code)) == FAILS[keras_torch]


COUNTS = """
    import numpy as np
    from oracle.adapters.keras import {variable} as candidate

    claim = next(c for c in candidate.claims if c.spec == "keras3/SGD" and c.mode == {mode!r})
    one = [np.ones(2, "float32")]
    run = claim.factory(one, learning_rate=0.5, gradient_accumulation_steps=2)
    run.set_step(2**24 + 1)
    first, second = run.step(one)[0], run.step(one)[0]
    del run
    again = claim.factory(one, learning_rate=0.5, gradient_accumulation_steps=2)
    print(first[0], second[0], again.step(one)[0][0], again.step(one)[0][0])
"""


@pytest.mark.parametrize(
    ("implementation", "mode"), [(keras_jax, ""), (keras_jax, "eager"), (keras_torch, "")]
)
def test_a_run_counts_on_from_where_it_is_set_and_is_new_the_next_time(
    implementation: Implementation, mode: str
) -> None:
    """What is compiled is kept for the next run, with every variable set back."""
    code = COUNTS.format(variable=installed(implementation), mode=mode)
    assert in_new_python(code) == "0.75 0.75 1.0 0.5"


REFUSAL = """
    import os, sys
    {setting}
    from oracle.adapters.keras import {variable} as candidate
    from oracle.errors import ImplementationError
    try:
        candidate.claims[0].factory([])
    except ImplementationError as error:
        print(error)
"""


@pytest.mark.parametrize("implementation", OTHERS, ids=name)
def test_another_backend_is_refused_in_one_sentence(implementation: Implementation) -> None:
    variable, backend = implementation.name.replace("-", "_"), ON[implementation].name
    setting = "os.environ['KERAS_BACKEND'] = 'tensorflow'"
    message = in_new_python(REFUSAL.format(setting=setting, variable=variable))
    assert message.startswith("Keras has the backend 'tensorflow', and this implementation drives")
    assert message.endswith(f"on {backend!r}: unset KERAS_BACKEND or set it to {backend}")


@pytest.mark.parametrize("implementation", OTHERS, ids=name)
def test_what_is_missing_is_answered_with_how_to_install_it(implementation: Implementation) -> None:
    variable = implementation.name.replace("-", "_")
    setting = "sys.modules['keras'] = None"
    message = in_new_python(REFUSAL.format(setting=setting, variable=variable))
    assert message.startswith(f"Keras on {ON[implementation].title} cannot be imported")
    assert message.endswith(f"pip install 'optimizer-oracle[{implementation.name}]'`")


def test_looking_at_the_claims_imports_no_framework() -> None:
    code = """
        import sys, oracle.adapters.keras
        print(sorted({"keras", "tensorflow", "jax", "torch"} & set(sys.modules)))
    """
    assert in_new_python(code) == "[]"


@pytest.mark.parametrize("implementation", [keras, keras_xla, *OTHERS], ids=name)
def test_every_class_is_claimed(implementation: Implementation) -> None:
    claimed = {claim.spec for claim in implementation.claims}
    assert claimed == {f"keras3/{name}" for name in CLASSES}


def test_on_jax_loss_scaling_is_not_claimed_eager() -> None:
    """That step leaks what ``jax.lax.cond`` traces; the default is Keras' stateless one."""
    modes = {c.mode for c in keras_jax.claims if c.spec == "keras3/LossScaleOptimizer"}
    assert modes == {""}


@pytest.mark.parametrize(
    ("implementation", "rounded"),
    [
        (keras, {"learning_rate", "weight_decay", "beta_1", "beta_2"}),
        (keras_jax, {"learning_rate"}),
        (
            keras_torch,
            {"learning_rate", "ema_momentum", "clipnorm", "clipvalue", "global_clipnorm"},
        ),
    ],
    ids=name,
)
def test_what_float64_meets_in_float32_is_declared_by_backend(
    implementation: Implementation, rounded: set[str]
) -> None:
    adam = next(claim for claim in implementation.claims if claim.spec == "keras3/Adam")
    assert adam.precision("float64").hyper_dtype == dict.fromkeys(rounded, "float32")
    assert adam.precision("float32").hyper_dtype is None


def test_pytorch_alone_keeps_subnormals() -> None:
    """XLA and TensorFlow flush them, but in float16, which they compute in float32."""
    flushed = {
        implementation.name: [d for d in DTYPES if claim.precision(d).flushes_subnormals]
        for implementation in ON
        for claim in implementation.claims[:1]
    }
    others = [dtype for dtype in DTYPES if dtype != "float16"]
    assert flushed == {"keras": others, "keras-jax": others, "keras-torch": []}


def test_what_starts_at_its_parameters_is_compiled_for_each_choice_of_them() -> None:
    """Its variables cannot be set back to what another run began with."""
    one, two = [np.ones(2, "float32")], [np.zeros(2, "float32")]
    assert signature("SGD", one, {}) == signature("SGD", two, {})
    assert signature("ScheduleFreeAdamW", one, {}) != signature("ScheduleFreeAdamW", two, {})
    assert signature("ScheduleFreeAdamW", one, {}) == signature("ScheduleFreeAdamW", one, {})
