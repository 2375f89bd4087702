"""Faults of the Adam family of Keras 3."""

from __future__ import annotations

from wrong.fault import fault

_ADAM, _ADAMAX, _NADAM = "keras3/Adam", "keras3/Adamax", "keras3/Nadam"
_ROOT = "(np.sqrt(v) + epsilon)"
_FIRST_MEAN = 'slots["m"] + (g - slots["m"]) * (one - beta_1)'
_CORRECTION = "np.sqrt(one - np.power(beta_2, t))"
_KEEP = 'slots["m"], slots["v"] = m, v'
_MAXIMUM = 'slots["v_max"] = v = np.maximum(slots["v_max"], v)'
_MOMENTUM = "self.numbers(1, 0.5, 0.96, self.beta_1, update)"
_NEXT = "self.momentum_at(self.updates + 2)"

EPSILON = (
    fault("adam_epsilon_inside_the_root", _ADAM, _ROOT, "np.sqrt(v + epsilon)"),
    fault("adam_epsilon_times_ten", _ADAM, _ROOT, "(np.sqrt(v) + self.number(10) * epsilon)"),
    fault("adam_epsilon_by_ten", _ADAM, _ROOT, "(np.sqrt(v) + epsilon / self.number(10))"),
    fault(
        "adam_epsilon_beside_the_corrected_root",
        _ADAM,
        _ROOT,
        f"(np.sqrt(v) + {_CORRECTION} * epsilon)",
    ),
    fault(
        "adam_epsilon_of_zero_is_the_default",
        _ADAM,
        "self.epsilon, self.updates + 1",
        "self.epsilon or 1e-7, self.updates + 1",
    ),
    fault("adam_without_epsilon", _ADAM, _ROOT, "np.sqrt(v)"),
    fault("adam_larger_of_root_and_epsilon", _ADAM, _ROOT, "np.maximum(np.sqrt(v), epsilon)"),
)

CORRECTIONS = (
    fault("adam_without_first_correction", _ADAM, " / (one - np.power(beta_1, t))", ""),
    fault("adam_without_second_correction", _ADAM, f" * {_CORRECTION}", ""),
    fault(
        "adam_second_correction_without_root",
        _ADAM,
        _CORRECTION,
        "(one - np.power(beta_2, t))",
    ),
    fault("adam_counts_steps_from_zero", _ADAM, "self.updates + 1", "self.updates"),
    fault("adam_counts_steps_from_two", _ADAM, "self.updates + 1", "self.updates + 2"),
    fault("adam_forgets_the_step_count", _ADAM, "self.updates + 1", "1"),
)

MOMENTS = (
    fault(
        "adam_betas_swapped",
        _ADAM,
        "self.beta_1, self.beta_2",
        "self.beta_2, self.beta_1",
    ),
    fault("adam_beta_2_in_the_first_moment", _ADAM, "* (one - beta_1)", "* (one - beta_2)"),
    fault("adam_beta_1_in_the_second_moment", _ADAM, "* (one - beta_2)", "* (one - beta_1)"),
    fault("adam_gradient_at_full_weight", _ADAM, _FIRST_MEAN, 'beta_1 * slots["m"] + g'),
    fault("adam_without_first_moment", _ADAM, "alpha * m /", "alpha * g /"),
    fault("adam_without_second_moment", _ADAM, " / (np.sqrt(v) + epsilon)", ""),
    fault("adam_without_root", _ADAM, "np.sqrt(v) + epsilon", "v + epsilon"),
    fault("adam_gradient_not_squared", _ADAM, "(g * g - ", "(np.abs(g) - "),
    fault("adam_old_first_moment", _ADAM, _KEEP, f"before = slots['m']; {_KEEP}; m = before"),
    fault("adam_old_second_moment", _ADAM, _KEEP, f"before = slots['v']; {_KEEP}; v = before"),
    fault("adam_rate_one_percent_off", _ADAM, "p - alpha", "p - self.number(1.01) * alpha"),
    fault("adam_ascends", _ADAM, "p - alpha", "p + alpha"),
)

AMSGRAD = (
    fault("amsgrad_ignored", _ADAM, "if self.amsgrad:", "if False:"),
    fault(
        "amsgrad_maximum_kept_but_unused",
        _ADAM,
        _MAXIMUM,
        'slots["v_max"] = np.maximum(slots["v_max"], v)',
    ),
    fault(
        "amsgrad_maximum_after_the_correction",
        _ADAM,
        _MAXIMUM,
        "rest = one - np.power(beta_2, t)\n"
        '        slots["v_max"] = np.maximum(slots["v_max"], v / rest)\n'
        '        v = slots["v_max"] * rest',
    ),
    fault("amsgrad_maximum_fades", _ADAM, _MAXIMUM, _MAXIMUM.replace(", v)", " * beta_2, v)")),
)

ADAMAX_AND_NADAM = (
    fault(
        "adamax_without_maximum",
        _ADAMAX,
        'np.maximum(beta_2 * slots["u"], np.abs(g))',
        'beta_2 * slots["u"] + (one - beta_2) * np.abs(g)',
    ),
    fault("adamax_maximum_never_fades", _ADAMAX, 'beta_2 * slots["u"]', 'slots["u"]'),
    fault(
        "adamax_with_second_correction",
        _ADAMAX,
        "(u + epsilon)",
        "(u / (one - np.power(beta_2, t)) + epsilon)",
    ),
    fault("nadam_schedule_one_step_late", _NADAM, _MOMENTUM, _MOMENTUM.replace("te)", "te - 1)")),
    fault("nadam_without_schedule", _NADAM, "beta_1 * (one - half * np.power(base, t))", "beta_1"),
    fault("nadam_present_momentum_twice", _NADAM, _NEXT, _NEXT.replace("2", "1")),
    fault(
        "nadam_gradient_corrected_like_the_moment",
        _NADAM,
        "g / (one - self.mu_product)",
        "g / (one - self.mu_product * mu_next)",
    ),
    fault(
        "nadam_product_moves_with_every_parameter",
        _NADAM,
        _NEXT,
        f"{_NEXT}\n    self.mu_product = self.mu_product * mu",
    ),
)

FAULTS = (*EPSILON, *CORRECTIONS, *MOMENTS, *AMSGRAD, *ADAMAX_AND_NADAM)
