"""Faults in the optimizers of Keras 2, and in what it does around them."""

from __future__ import annotations

from wrong.fault import fault

_SGD = "keras2/SGD"
_CLIP = "values = clipping.keras2_clip_by_norm(values, norm, self.number(self.clipnorm))"
_TIME = "self.numbers(1, self.decay, self.iterations)"
_DECAYED = "lr * (one / (one + decay * iterations))"
_LR = "super().current_learning_rate()"

FAULTS = (
    fault(
        "keras2_clipnorm_by_the_sum_of_squares",
        _SGD,
        _CLIP,
        "limit = self.number(self.clipnorm)\n"
        "        scale = limit / np.maximum(norm * norm, limit)\n"
        "        values = {k: g * scale for k, g in values.items()}",
    ),
    fault(
        "keras2_clipnorm_of_each",
        _SGD,
        _CLIP,
        "limit = self.number(self.clipnorm)\n"
        "        values = {k: clipping.clip_by_norm(g, limit) for k, g in values.items()}",
    ),
    fault(
        "keras2_clipnorm_always_scales",
        _SGD,
        _CLIP,
        "scale = self.number(self.clipnorm) / np.maximum(norm, self.number(2.0**-14))\n"
        "        values = {k: scale * g for k, g in values.items()}",
    ),
    fault(
        "keras2_clipvalue_on_one_side",
        _SGD,
        "clipping.clip_by_value(g, limit)",
        "np.maximum(g, -limit)",
    ),
    fault(
        "keras2_clips_values_before_the_norm",
        _SGD,
        _CLIP,
        "limit = self.number(self.clipvalue or np.inf)\n"
        "        values = {k: clipping.clip_by_value(g, limit) for k, g in values.items()}\n"
        "        norm = clipping.global_norm(values)\n"
        f"        {_CLIP}",
    ),
    fault(
        "keras2_repeated_rows_overwrite_each_other",
        _SGD,
        "np.add.at(whole[k], g.indices, g.values)",
        "whole[k][g.indices] = g.values",
    ),
    fault(
        "keras2_clipvalue_after_rows_are_added_up",
        _SGD,
        "values = {k: clipping.clip_by_value(g, limit) for k, g in values.items()}",
        "return {k: clipping.clip_by_value(g, limit) for k, g in self.dense(grads).items()}",
    ),
    fault(
        "keras2_clipnorm_of_the_slices",
        _SGD,
        "norm = clipping.global_norm(self.dense(grads))",
        "norm = clipping.global_norm(values)",
    ),
    fault(
        "keras2_decay_one_step_late",
        _SGD,
        _TIME,
        "self.numbers(1, self.decay, max(self.iterations - 1, 0))",
    ),
    fault(
        "keras2_decay_one_step_early",
        _SGD,
        _TIME,
        "self.numbers(1, self.decay, 1 + self.iterations)",
    ),
    fault("keras2_decay_multiplies", _SGD, _DECAYED, "lr * (one + decay * iterations)"),
    fault("keras2_decay_subtracts", _SGD, _DECAYED, "lr * (one - decay * iterations)"),
    fault(
        "keras2_decay_compounds", _SGD, _DECAYED, "lr * np.power(one / (one + decay), iterations)"
    ),
    fault("keras2_lr_ignored", _SGD, _LR, "self.number(self.learning_rate)"),
    fault(
        "keras2_learning_rate_wins_over_lr",
        _SGD,
        _LR,
        "self.number(self.learning_rate if self.learning_rate != 0.01 else self.lr or 0.01)",
    ),
    fault("keras2_nesterov_ignored", _SGD, "if self.nesterov:", "if False:"),
    fault(
        "keras2_rmsprop_epsilon_inside_the_root",
        "keras2/RMSprop",
        "(sqrt(v) + epsilon)",
        "sqrt(v + epsilon)",
    ),
    fault("keras2_adagrad_starts_at_a_tenth", "keras2/Adagrad", '"a": 0.0', '"a": 0.1'),
    fault(
        "keras2_adagrad_epsilon_inside_the_root",
        "keras2/Adagrad",
        "(sqrt(a) + self.number(self.epsilon))",
        "sqrt(a + self.number(self.epsilon))",
    ),
    fault(
        "keras2_adadelta_epsilon_outside_the_root",
        "keras2/Adadelta",
        "sqrt(a + epsilon)",
        "(sqrt(a) + epsilon)",
    ),
    fault(
        "keras2_adam_epsilon_inside_the_root",
        "keras2/Adam",
        "(sqrt(v) + epsilon)",
        "sqrt(v + epsilon)",
    ),
    fault(
        "keras2_adam_corrections_without_root",
        "keras2/Adam",
        "sqrt(one - np.power(beta_2, t))",
        "(one - np.power(beta_2, t))",
    ),
    fault(
        "keras2_adamax_without_correction",
        "keras2/Adamax",
        "lr / (one - np.power(beta_1, t))",
        "lr",
    ),
    fault(
        "keras2_nadam_schedule_decay_ignored",
        "keras2/Nadam",
        "np.power(base, t * decay)",
        "np.power(base, t)",
    ),
    fault(
        "keras2_nadam_moment_by_the_schedule",
        "keras2/Nadam",
        'beta_1 * slots["m"] + (one - beta_1) * g',
        'mu * slots["m"] + (one - mu) * g',
    ),
)
