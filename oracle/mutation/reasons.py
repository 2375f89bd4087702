"""Why some wrong versions are none: what a reader has to accept where no run can show it.

Agreement on every run proves a formula. Where there are conditions, a run may be missing that
nobody thought of; these versions agree on every run, and somebody looked at why they must.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

from oracle.mutation.reason import Reason
from oracle.mutation.reasons_optax import OPTAX
from oracle.mutation.reasons_torch import TORCH
from oracle.systems.registered import registered

REASONS: tuple[Reason, ...] = (
    *OPTAX,
    *TORCH,
    Reason(
        "keras2/*:asks:decay",
        "a decay of 0 divides the learning rate by 1",
    ),
    Reason(
        "*:start:average",
        "the first average is a copy of the parameters",
    ),
    Reason(
        "*:order:clip*-set_learning_rate.*",
        "no schedule looks at gradients, and no clip at the learning rate",
    ),
    Reason(
        "*:order:clip*-decay_learning_rate.*",
        "no decay of the learning rate looks at gradients, and no clip at the learning rate",
    ),
    Reason(
        "tf1.contrib.base.count_from:*",
        "the rule does not ask how many steps came before",
    ),
    Reason(
        "tf1.contrib.sign_decay.set_sign_decay:change-constant:left.*",
        "without a function the rule does not ask what is left",
    ),
    Reason(
        "tf1.contrib.sign_decay._decayed:*",
        "both sides of the comparison are doubled, or neither",
    ),
    Reason(
        "tf1.contrib.sign_decay._restart:*:if.*",
        "both count the same whole periods, until float32 rounds",
    ),
    Reason(
        "tf.contrib.opt/*SignOptimizer:rows:moves_all_params",
        "where there is no gradient nothing moves",
    ),
    Reason(
        "*SignOptimizer:order:decay_weights-set_sign_decay.*",
        "no sign decay looks at weights, and no weight decay at signs",
    ),
    Reason(
        "keras3/MultiOptimizer:order:*",
        "optimizers side by side move different parameters",
    ),
    Reason(
        "clipping.global_norm:*",
        "an optimizer that is wrapped clips by itself, and is tried by itself",
        "keras3/MultiOptimizer",
    ),
    Reason(
        "tf.contrib.opt/AGNOptimizer:order:wrapped_update-accumulate.*",
        "the step and the sum both take the gradient as it came",
    ),
    *(
        Reason(f"{wrapper}:rows:*", "a wrapper leaves sparse gradients to what it wraps")
        for wrapper in (
            "keras2/TFOptimizer",
            "tf.train/SyncReplicasOptimizer",
            "tf.contrib.opt/AGNOptimizer",
            "tf.contrib.opt/DropStaleGradientOptimizer",
            "tf.contrib.opt/ElasticAverageOptimizer",
            "tf.contrib.opt/ModelAverageOptimizer",
            "tf.contrib.opt/MovingAverageOptimizer",
            "tf.contrib.opt/MultitaskOptimizerWrapper",
            "tf.contrib.opt/VariableClippingOptimizer",
        )
    ),
    Reason(
        "clipping.sum_along:complement:*",
        "only the shape is asked for",
    ),
    Reason(
        "clipping.sum_along:leave-out:if.2",
        "a sum along no axes is each element, by the shortcut or the long way round",
    ),
    Reason(
        "clipping.sum_along:*:lengths.*",
        "a place that is visited twice gets the same sum twice",
    ),
    Reason(
        "clipping.sum_along:leave-out:if.1",
        "the axes are always named here",
    ),
    Reason(
        "clipping.by_norm_of_rows:part-of-condition:if.1",
        "the axes are always named here",
    ),
    *(
        Reason("*:rows:moves_all_*", "a gradient of 0 moves neither parameters nor sums", spec)
        for spec in ("tf*Adagrad*", "tf*AdadeltaOptimizer", "tf*GradientDescentOptimizer")
    ),
    Reason(
        "*GradientDescentOptimizer:rows:each_occurrence",
        "steps by each occurrence add up to the step by their sum",
    ),
    Reason(
        "tf1.contrib.signs.log_base:one-branch:*",
        "the logarithm of an infinite number is infinite",
    ),
    Reason(
        "tf1.contrib.signs.log_base:change-constant:*",
        "a float is rounded from more digits than it has",
    ),
    Reason(
        "tf1.contrib.base.decay_weights:*",
        "the weights are solved anew from the gradients, whatever they decayed to",
        "*.AdagradDAOptimizer",
    ),
    Reason(
        "*:no-stage:decay_weights.*",
        "the weights are solved anew from the gradients, whatever they decayed to",
        "*.AdagradDAOptimizer",
    ),
    Reason(
        "tf1.contrib.base.decay_weights:*",
        "a sparse gradient goes past the decay",
        "*.GradientDescentOptimizer",
    ),
    Reason(
        "clipping.by_norm_of_rows:change-constant:rank.*",
        "all layers have the same shape",
    ),
    Reason(
        "tf1.clip._replace:leave-out:step.grads.*",
        "a scaled 0 is 0",
    ),
    Reason(
        "tf1.wrappers.stages.moving_rate:*:return.*",
        "in one process there is one worker",
    ),
    Reason(
        "tf1.clip.clip_by_global_norm:one-branch:rule.1",
        "0 over the norm is 0 in both, and 0 over a norm of 0 is NaN",
    ),
    Reason(
        "tf.contrib.opt/GGTOptimizer:default:eps=*",
        "under the default svd_eps no eigenvalue has so small a root",
    ),
    Reason(
        "keras2/RMSprop:rows:moves_all_params",
        "a gradient of 0 moves no parameter",
    ),
    Reason(
        "keras2/Ada*:rows:*",
        "a gradient of 0 moves neither the parameter nor a sum of squares",
    ),
    Reason(
        "tf1.wrappers.stages.resting_at_zero:leave-out:if.*",
        "steps of gradient descent that add up to nothing move nothing",
    ),
    Reason(
        "tf1.wrappers.stages.resting_at_zero:always:if.*",
        "nothing that may be wrapped keeps a slot that is a scalar",
    ),
    Reason(
        "tf1.contrib.shampoo._remembered:*:if.*",
        "without a gbar_decay the sum is the gradient itself, by the shortcut or without it",
    ),
    Reason(
        "tf1.contrib.shampoo._after_axis:*:shape.*",
        "only the shape is asked for",
    ),
    Reason(
        "tf1.contrib.shampoo._after_axis:change-constant:(g,across).*",
        "any negative length is the one that is left",
    ),
    Reason(
        "tf1.contrib.shampoo._keep:*:step.hidden[[]name[]].*",
        "what is stored does not depend on what was there",
    ),
    Reason(
        "tf1.contrib.shampoo.descend:*",
        "the rule does not ask how many steps came before",
    ),
    Reason(
        "tf1.contrib.shampoo.stays_sparse:change-constant:size.*",
        "all layers have the same shape",
    ),
    Reason(
        "keras3/Adafactor:default:relative_step=False",
        "the rate is at most 1 / sqrt(t) in either case",
    ),
    Reason(
        "keras3/Muon:default:exclude_embeddings=False",
        "no parameter here is called an embedding",
    ),
    Reason(
        "keras3/Muon:order:clip-decay_others.*",
        "a clip looks at gradients, and the decay at weights",
    ),
    Reason(
        "keras3/Muon:order:decay_matrices-decay_others.*",
        "no parameter is decayed by both",
    ),
    Reason(
        "tf.contrib.opt/*ShampooOptimizer:default:use_iterative_root=True",
        "the root is the same, by whichever way",
    ),
    Reason(
        "tf.contrib.opt/*ShampooOptimizer:rows:*",
        "the stages say themselves which rows move",
    ),
    Reason(
        "tf1.wrappers.sync.pattern:change-constant:(told,updates,collected).1",
        "the first gradient is never stale",
    ),
    Reason(
        "tf1.wrappers.sync.pattern:change-constant:(collected,updates).*",
        "only which of two counts is larger is asked for",
    ),
    Reason(
        "tf1.wrappers.sync.collect_slices:change-constant:step.slots*",
        "all layers have the same shape",
    ),
    Reason(
        "tf1.wrappers.sync.merged:other-condition:if.4",
        "equal rows were met before",
    ),
    Reason(
        "tf1.wrappers.sync.mean:*:return.2",
        "a sum of one is divided by 1",
    ),
    Reason(
        "tf/*:rows:*",
        "a clip moves no rows",
    ),
    Reason(
        "keras3.schedules._form:change-constant:if.3",
        "1 and 1.0 are the same number",
    ),
    Reason("*:order:count-*", "a count asks only which gradients are there", "torch/*"),
    Reason("torch/*:asks:weight_decay", "a decay of 0 takes nothing away, and adds nothing"),
    Reason("torch.update.*", "the rule asks for no count, nor for sparse rows", "torch/Rprop"),
    Reason("torch/Adagrad:asks:lr_decay", "a decay of 0 divides the rate by 1"),
    Reason("torch/Adafactor:order:maximize-update.*", "a direction turns with its gradient"),
    Reason("torch/Adafactor:start:v", "the share of the first square is 1, that of the start 0"),
    Reason("torch/AdamW:order:*decay*", "the decay looks at weights alone, and they at none"),
    Reason("norms.vector_norm:*:if.4", "a sum of first powers is a sum"),
    Reason("norms.vector_norm:*:return.2", "the second root of squares is the Euclidean norm"),
    Reason("norms.vector_norm:*", "torch/get_total_norm tries the norm", "torch/clip_grad_norm_"),
    Reason(
        "tf1.contrib.shampoo.*",
        "what Shampoo does with its matrices is tried on Shampoo without a decay",
        "tf.contrib.opt/extend_with_decoupled_weight_decay.ShampooOptimizer",
    ),
)


def is_of(pattern: str, id: str) -> bool:
    """Whether a pattern is of an id; one that has brackets is itself a pattern of another."""
    return id == pattern or fnmatchcase(id, pattern)


def reason_for(id: str, spec: str) -> str:
    """Return why a version is the same as the right one; empty where nobody knows a reason."""
    own = registered().get(spec)
    theirs = (own.reasons or {}).items() if own else ()
    for reason in (*REASONS, *(Reason(pattern, why) for pattern, why in theirs)):
        if is_of(reason.pattern, id) and fnmatchcase(spec, reason.spec):
            return reason.why
    return ""
