"""Faults in what Keras 3 does around every rule: clip, decay, accumulate, average, count."""

from __future__ import annotations

from wrong.fault import fault

_SGD, _ADAM = "keras3/SGD", "keras3/Adam"
_CLIP = "clipping.clip_by_norm(g, limit)"
_CLIP_EACH = "{k: clipping.clip_by_norm(g, limit) for k, g in grads.items()}"
_CLIP_ALL = "clipping.clip_by_global_norm(grads, self.number(self.global_clipnorm))"
_CLIP_VALUE = "clipping.clip_by_value(g, limit)"
_STATE = "self.state[k], lr))"
_UPDATE = f"self.set_param(k, self.update(self.params[k], g, {_STATE}"
_DECAY = "self._decay_weights(grads, lr)"
_PRESENT = "present = {k: g for k, g in enumerate(grads) if isinstance(g, np.ndarray)}"
_FIRST_MOMENTUM = "self.ema_momentum if self.updates else 0.0"
_AVERAGE = 'momentum * slots["average"] + (one - momentum) * p'
_COUNT = "self.learning_rate, self.iterations, "


def _partly(condition: str) -> str:
    """Update only the elements whose number ``i`` meets a condition."""
    return (
        "p, i = self.params[k], np.arange(g.size).reshape(g.shape)\n"
        "        whole = self.update(p, g, self.state[k], lr)\n"
        f"        self.set_param(k, np.where({condition}, whole, p))"
    )


CLIPPING = (
    fault(
        "clipnorm_by_the_sum_of_squares",
        _SGD,
        _CLIP,
        "g * limit / np.maximum(clipping.sum_of_squares(g), limit)",
    ),
    fault(
        "clipnorm_always_scales",
        _SGD,
        _CLIP,
        "g * limit / np.maximum(np.sqrt(clipping.sum_of_squares(g)), self.number(2.0**-14))",
    ),
    fault(
        "clipnorm_by_the_root_mean_square",
        _SGD,
        _CLIP,
        "g * limit / np.maximum("
        "np.sqrt(clipping.sum_of_squares(g) / self.number(max(g.size, 1))), limit)",
    ),
    fault("clipnorm_ignored", _SGD, _CLIP, "g"),
    fault("clipnorm_of_all", _SGD, _CLIP_EACH, "clipping.clip_by_global_norm(grads, limit)"),
    fault(
        "global_clipnorm_of_each",
        _SGD,
        _CLIP_ALL,
        "{k: clipping.clip_by_norm(g, self.number(self.global_clipnorm)) "
        "for k, g in grads.items()}",
    ),
    fault(
        "global_clipnorm_lets_infinity_pass",
        _SGD,
        _CLIP_ALL,
        "clipping.keras2_clip_by_norm("
        "grads, clipping.global_norm(grads), self.number(self.global_clipnorm))",
    ),
    fault("clipvalue_on_one_side", _SGD, _CLIP_VALUE, "np.minimum(g, limit)"),
    fault("clipvalue_swallows_nan", _SGD, _CLIP_VALUE, "np.fmax(np.fmin(g, limit), -limit)"),
    fault("clipvalue_as_a_norm", _SGD, _CLIP_VALUE, _CLIP),
    fault(
        "clips_before_unscaling",
        _SGD,
        "g / scale for k, g in present.items()",
        "g / scale for k, g in self._clip(present).items()",
    ),
)

WEIGHT_DECAY = (
    fault("adamw_without_decay", "keras3/AdamW", _DECAY, "pass"),
    fault(
        "weight_decay_in_the_gradient",
        _ADAM,
        _DECAY,
        "rate = self.number(self.weight_decay or 0)\n"
        "    grads = {k: g + rate * self.params[k] * "
        "self.number(k not in self.exclude_from_weight_decay) for k, g in grads.items()}",
    ),
    fault(
        "weight_decay_without_the_rate", _ADAM, "p - p * weight_decay * lr", "p - p * weight_decay"
    ),
    fault(
        "weight_decay_after_the_update", _ADAM, _DECAY, "pass", _STATE, f"{_STATE}\n    {_DECAY}"
    ),
    fault(
        "weight_decay_of_excluded_parameters",
        _ADAM,
        "if k not in self.exclude_from_weight_decay:",
        "if True:",
    ),
)

AVERAGE = (
    fault(
        "average_starts_at_the_first_weights",
        _ADAM,
        "self._accumulate_or_update(present)",
        "starting = self.use_ema and not self.iterations\n"
        "    for p, slots in zip(self.params, self.state if starting else ()):\n"
        '        slots["average"] = np.array(p)\n'
        "    self._accumulate_or_update(present)",
        _FIRST_MOMENTUM,
        "self.ema_momentum",
    ),
    fault("average_starts_at_zero", _ADAM, _FIRST_MOMENTUM, "self.ema_momentum"),
    fault(
        "average_overwrites_one_step_late",
        _ADAM,
        "(self.updates + 1) % frequency",
        "self.updates % frequency",
    ),
    fault("average_never_overwrites", _ADAM, "if frequency and", "if False and"),
    fault(
        "average_weights_swapped",
        _ADAM,
        _AVERAGE,
        '(one - momentum) * slots["average"] + momentum * p',
    ),
)

COUNTING = (
    fault("accumulates_the_sum", _SGD, "total / count", "total"),
    fault(
        "accumulation_never_cleared",
        _SGD,
        'slots["accumulated_gradient"] = np.zeros_like(p)',
        "pass",
    ),
    fault(
        "accumulation_takes_the_last_gradient",
        _SGD,
        'g + self.state[k]["accumulated_gradient"]',
        "g",
    ),
    fault(
        "accumulated_steps_count_as_updates",
        _ADAM,
        "self.iterations // (self.gradient_accumulation_steps or 1)",
        "self.iterations",
    ),
    fault("loss_scale_ignored", _SGD, "if self.loss_scale_factor is not None:", "if False:"),
    fault("loss_scale_multiplies", _SGD, "g / scale", "g * scale"),
    fault(
        "schedule_one_step_ahead",
        _SGD,
        _COUNT,
        "self.learning_rate, self.iterations + 1, ",
    ),
    fault("schedule_counts_updates", _SGD, _COUNT, "self.learning_rate, self.updates, "),
)

MEMORY = (
    fault(
        "missing_gradient_taken_for_zero",
        _ADAM,
        _PRESENT,
        "present = {k: np.zeros_like(self.params[k]) if g is None else g "
        "for k, g in enumerate(grads)}",
    ),
    fault(
        "last_element_left_out",
        _SGD,
        _UPDATE,
        _partly("i < max(g.size - 1, 1)"),
    ),
    fault("elements_beyond_a_thousand_left_out", _SGD, _UPDATE, _partly("i < 1000")),
    fault("scalars_left_out", _ADAM, _UPDATE, f"if g.ndim:\n            {_UPDATE}"),
    fault(
        "parameters_of_one_shape_share_slots",
        _ADAM,
        _STATE,
        "next(s for s, p in zip(self.state, self.params) if p.shape == g.shape), lr))",
    ),
    fault("slots_never_kept", _ADAM, _STATE, "dict(self.state[k]), lr))"),
)

FAULTS = (*CLIPPING, *WEIGHT_DECAY, *AVERAGE, *COUNTING, *MEMORY)
