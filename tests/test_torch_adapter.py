"""The PyTorch adapter drives the library as its users do, and says what keeps it from it."""

from __future__ import annotations

from dataclasses import replace
from inspect import unwrap

import ml_dtypes
import numpy as np
import pytest
from new_python import in_new_python
from steps import arrays, forms, stepped

import oracle
from oracle.adapters.torch import compiled, torch
from oracle.adapters.torch.classes import CLASSES, DIFFERENTIABLE, FOREACH, FUSED
from oracle.adapters.torch.tensors import tensor
from oracle.claim import Claim
from oracle.errors import ImplementationError, UnsupportedError
from oracle.specification.wrapped import serialized

pytest.importorskip(
    "torch", reason="PyTorch is not installed: pip install 'optimizer-oracle[torch]'"
)

CLAIMS = {f"{claim.spec}-{claim.mode or 'single'}": claim for claim in torch.claims}
COUNTING = {
    id: claim
    for id, claim in CLAIMS.items()
    if (row := CLASSES.get(claim.spec.rpartition("/")[2])) and (row.counts or row.sparse)
}


@pytest.mark.parametrize(
    ("claim", "dtype"),
    [
        pytest.param(claim, dtype, id=f"{id}-{dtype}")
        for id, claim in CLAIMS.items()
        for dtype in claim.dtypes
    ],
)
def test_every_claim_takes_a_step_in_every_dtype(claim: Claim, dtype: str) -> None:
    """New parameters have the shape and dtype of the old ones, and every slot is there."""
    stepped(claim, dtype)


@pytest.mark.parametrize("claim", COUNTING.values(), ids=COUNTING)
def test_a_step_count_is_set_where_the_library_keeps_it(claim: Claim) -> None:
    run = unwrap(claim.factory)(arrays())
    run.set_step(41)
    run.step(arrays())
    assert {int(run.optimizer.state[p]["step"]) for p in run.params} == {42}


def test_the_mode_is_what_the_library_is_asked_for() -> None:
    group = {
        mode: CLAIMS[f"torch/AdamW-{mode}"].factory(arrays()).optimizer.param_groups[0]
        for mode in (FOREACH, FUSED, DIFFERENTIABLE)
    }
    for mode, of_mode in group.items():
        asked = {name: of_mode[name] for name in group}
        assert {name for name, on in asked.items() if on} == {mode}


def test_a_parameter_without_a_gradient_is_left_as_it_was() -> None:
    run = CLAIMS["torch/Adam-foreach"].factory(arrays())
    given = [None, *arrays()[1:]]
    assert np.array_equal(run.step(given)[0], arrays()[0])
    assert [a is None for a in run.slots()["m"]] == [True, False, False]


def test_a_clip_shows_gradients_and_where_there_is_none_the_parameter() -> None:
    run = CLAIMS["torch/clip_grad_value_-single"].factory(arrays(), clip_value=0.5)
    first, *others = run.step([None, *arrays()[1:]])
    assert np.array_equal(first, arrays()[0])
    assert [a.max() for a in others] == [0.5, 0.5]


def test_what_the_library_refuses_is_not_supported() -> None:
    with pytest.raises(
        UnsupportedError, match=r"torch\.optim\.Adam refuses: Invalid learning rate"
    ):
        CLAIMS["torch/Adam-single"].factory(arrays(), lr=-1.0)


def test_a_run_takes_nothing_of_what_it_was_given() -> None:
    """The library writes in place, and what is in its place has to be its own."""
    given, gradients = arrays(), arrays()
    run = CLAIMS["torch/SGD-fused"].factory(given, lr=0.5, momentum=0.9)
    new = run.step(gradients)
    shown = [a.copy() for a in new]
    run.step(gradients)
    assert forms(given) == forms(shown)
    for one, other in ((given, arrays()), (gradients, arrays()), (new, shown)):
        assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_everything_that_has_a_spec_is_claimed() -> None:
    assert {c.spec for c in torch.claims} == set(oracle.specs("torch"))


def test_the_scheduler_steps_between_two_steps_of_the_optimizer() -> None:
    given = {"optimizer": serialized("SGD", lr=1.0), "gamma": 0.5}
    run = CLAIMS["torch/ExponentialLR-single"].factory([np.zeros(1)], **given)
    assert [run.step([-np.ones(1)])[0][0] for _ in range(3)] == [1, 1.5, 1.75]


def test_a_cycle_of_an_optimizer_without_a_momentum_is_refused() -> None:
    given = {"optimizer": serialized("Adagrad"), "base_lr": 0.1, "max_lr": 0.2}
    with pytest.raises(UnsupportedError, match=r"^CyclicLR refuses: optimizer must support"):
        CLAIMS["torch/CyclicLR-single"].factory(arrays(), **given)


def test_what_is_missing_is_answered_with_how_to_install_it() -> None:
    message = in_new_python("""
        import sys
        sys.modules["torch"] = None
        from oracle.adapters.torch import torch
        from oracle.errors import ImplementationError
        try:
            torch.claims[0].factory([], lr=0.5)
        except ImplementationError as error:
            print(error)
    """)
    assert message.startswith("PyTorch cannot be imported (")
    assert message.endswith("install it with `pip install 'optimizer-oracle[torch]'`")


def test_it_runs_on_the_device_that_is_named_and_says_which_there_are() -> None:
    import torch as library

    with torch.devices["cpu"]():
        stepped(CLAIMS["torch/Adam-single"], "float32")
    missing = next(d for d in ("mps", "xpu", "cuda") if not getattr(library, d).is_available())
    told = rf"--impl-device={missing}: PyTorch {library.__version__.split('+')[0]}.* finds cpu"
    with pytest.raises(ImplementationError, match=told), torch.devices[missing]():
        pass


def test_a_number_goes_to_the_device_and_comes_back() -> None:
    """What is made inside is there: a device without memory shows that it was asked."""
    import torch as library

    with library.device("meta"):
        assert tensor(np.ones(2, np.float32)).device.type == "meta"
        assert tensor(np.ones(2, ml_dtypes.bfloat16)).device.type == "meta"


def test_what_operations_lose_depends_on_the_device() -> None:
    claim = CLAIMS["torch/Adam-single"]
    named = {d: replace(claim, device=d).precision("float32").operations for d in ("cpu", "cuda")}
    assert [held and held.name for held in named.values()] == ["pytorch_cpu", "cuda"]
    assert replace(claim, device="mps").precision("float32").operations is None


def test_looking_at_the_claims_does_not_import_the_library() -> None:
    code = "import sys, oracle.adapters.torch; print('torch' in sys.modules)"
    assert in_new_python(code) == "False"


def test_a_compiled_step_runs_as_a_program_and_takes_no_number_of_another_optimizer() -> None:
    """PyTorch itself gives the third optimizer the alpha of the second."""
    counters = pytest.importorskip("torch._dynamo.utils").counters
    for alpha in (0.5, 0.25, 0.75):
        claim = next(c for c in compiled.torch_compiled.claims if c.spec == "torch/RMSprop")
        run = unwrap(claim.factory)([np.zeros(2, np.float32)], alpha=alpha)
        run.step([np.ones(2, np.float32)])
        assert run.slots()["v"][0].tolist() == [1 - alpha] * 2
        assert counters["frames"]["ok"] > 0


def test_a_missing_compiler_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "COMPILERS", ("no-such-compiler",))
    with pytest.raises(ImplementationError, match=r"torch.compile needs a C\+\+ compiler: install"):
        compiled.torch_compiled.claims[0].factory([np.zeros(2, np.float32)])
