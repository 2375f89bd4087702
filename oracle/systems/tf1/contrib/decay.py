"""TensorFlow 1.15.5 (`tf.contrib.opt`): the optimizers with decoupled weight decay."""

from __future__ import annotations

from dataclasses import replace

from oracle.specification.domains import Indices, among
from oracle.specification.sparse import ALL_ROWS, LAZY, SparseForm
from oracle.specification.spec import REQUIRED, Argument, Spec
from oracle.systems.tf1.contrib.base import (
    BASES,
    decay_weights,
    decay_weights_of_dense_gradients,
    heir,
)

WEIGHT_DECAY = Argument(
    "weight_decay",
    REQUIRED,
    among(0.0625, 0.004, 0.5, on=0.0625, coarse=(0.25,), decimals=(0.03,)),
    "share of each weight that is lost",
)
CHOICE = Argument(
    "decay_var_list",
    None,
    Indices(),
    "indices of the variables that decay, as given to apply_gradients; all where it is empty",
)
EXTENDED = "extend_with_decoupled_weight_decay"
OF_ALL = (
    "The decay is not multiplied by the learning rate.",
    "The weights decay before the update; a variable without a gradient does not.",
    "An empty decay_var_list decays all variables; minimize() ignores one that is not empty.",
)
_DECAYED_ROWS = replace(ALL_ROWS, doc=f"{ALL_ROWS.doc} Only the rows that occur are decayed.")
_OF_THE_BASE = {
    "AdamOptimizer": ("Epsilon stands beside the uncorrected root (epsilon hat).",),
    "MomentumOptimizer": (
        "The learning rate is outside the buffer: changing it rescales the past.",
    ),
    "GradientDescentOptimizer": ("A sparse gradient decays no weight.",),
    "FtrlOptimizer": ("The decayed weight enters z; the weight itself is solved anew.",),
    "AdagradDAOptimizer": ("The weights are solved anew, so that the decay has no effect.",),
}


def _decayed(base: str, name: str, doc: str, sparse: SparseForm, *aliases: str) -> Spec:
    quirks = (*OF_ALL, *_OF_THE_BASE.get(base, ()))
    passed_by = base == "GradientDescentOptimizer"
    decay = decay_weights_of_dense_gradients if passed_by else decay_weights
    spec = heir(
        name, base, doc, WEIGHT_DECAY, CHOICE, quirks=quirks, sparse=sparse, before=(decay,)
    )
    return replace(spec, aliases=(*spec.aliases, *aliases))


def _extended(base: str) -> Spec:
    doc = f"{base} with decoupled weight decay: what {EXTENDED}(tf.train.{base}) returns."
    sparse = BASES[base].sparse
    assert sparse is not None
    return _decayed(base, f"{EXTENDED}.{base}", doc, sparse)


DECAYING = (
    _decayed(
        "AdamOptimizer",
        "AdamWOptimizer",
        "Adam with decoupled weight decay.",
        _DECAYED_ROWS,
        f"{EXTENDED}.adamoptimizer",
    ),
    _decayed(
        "MomentumOptimizer",
        "MomentumWOptimizer",
        "Gradient descent with momentum and decoupled weight decay.",
        LAZY,
        f"{EXTENDED}.momentumoptimizer",
    ),
    *(_extended(base) for base in BASES if base not in ("AdamOptimizer", "MomentumOptimizer")),
)
