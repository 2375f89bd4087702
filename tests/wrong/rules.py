"""Faults of Keras 3's rules outside the Adam family."""

from __future__ import annotations

from wrong.fault import fault

_SGD, _RMSPROP, _ADAGRAD = "keras3/SGD", "keras3/RMSprop", "keras3/Adagrad"
_ADADELTA, _FTRL, _LION = "keras3/Adadelta", "keras3/Ftrl", "keras3/Lion"
_VELOCITY = 'momentum * slots["v"] - lr * g'
_AHEAD = "p + (momentum * v - lr * g)"
_SUM = 'slots["n"] + g * g'
_INTERPOLATED = "beta_1 * m + (one - beta_1) * g"

SGD = (
    fault(
        "sgd_rate_one_percent_off",
        _SGD,
        "return p - lr * g",
        "return p - self.number(1.01) * lr * g",
    ),
    fault(
        "sgd_momentum_without_the_rate",
        _SGD,
        _VELOCITY,
        'momentum * slots["v"] - g',
        "return p + v",
        "return p + lr * v",
        _AHEAD,
        "p + lr * (momentum * v - g)",
    ),
    fault(
        "sgd_momentum_dampened",
        _SGD,
        _VELOCITY,
        'momentum * slots["v"] - (self.number(1) - momentum) * lr * g',
    ),
    fault("sgd_old_velocity", _SGD, 'slots["v"] = v', 'slots["v"], v = v, slots["v"]'),
    fault("nesterov_ignored", _SGD, "if self.nesterov:", "if False:"),
    fault("nesterov_always", _SGD, "if self.nesterov:", "if True:"),
    fault(
        "nesterov_look_ahead_doubled",
        _SGD,
        _AHEAD,
        "p + (momentum * (momentum * v - lr * g) - lr * g)",
    ),
    fault("nesterov_without_the_gradient", _SGD, _AHEAD, "p + momentum * v"),
)

RMSPROP = (
    fault(
        "rmsprop_epsilon_outside_the_root",
        _RMSPROP,
        "np.sqrt(v + epsilon)",
        "(np.sqrt(v) + epsilon)",
    ),
    fault("rmsprop_centered_ignored", _RMSPROP, "if self.centered:", "if False:"),
    fault("rmsprop_mean_never_fades", _RMSPROP, 'rho * slots["mg"]', 'slots["mg"]'),
    fault("rmsprop_mean_not_squared", _RMSPROP, "v - mean * mean", "v - mean"),
    fault(
        "rmsprop_momentum_without_the_rate",
        _RMSPROP,
        "step = lr * g /",
        "step = g /",
        "return p - step",
        "return p - lr * step",
    ),
    fault("rmsprop_old_mean_square", _RMSPROP, 'slots["v"] = v', 'slots["v"], v = v, slots["v"]'),
    fault(
        "rmsprop_corrects_the_bias",
        _RMSPROP,
        "np.sqrt(v + epsilon)",
        "np.sqrt(v / (one - np.power(rho, self.number(self.updates + 1))) + epsilon)",
    ),
)

ADAGRAD_AND_ADADELTA = (
    fault("adagrad_starts_at_zero", _ADAGRAD, "self.initial_accumulator_value", "0.0"),
    fault(
        "adagrad_epsilon_outside_the_root",
        _ADAGRAD,
        "np.sqrt(a + self.number(self.epsilon))",
        "(np.sqrt(a) + self.number(self.epsilon))",
    ),
    fault("adagrad_old_sum", _ADAGRAD, 'slots["a"] = a', 'slots["a"], a = a, slots["a"]'),
    fault(
        "adadelta_squares_with_the_rate", _ADADELTA, "(delta * delta)", "(lr * delta * lr * delta)"
    ),
    fault("adadelta_rate_ignored", _ADADELTA, "p - lr * delta", "p - delta"),
    fault(
        "adadelta_without_epsilon_above",
        _ADADELTA,
        'np.sqrt(slots["d"] + epsilon)',
        'np.sqrt(slots["d"])',
    ),
    fault(
        "adadelta_epsilon_outside_the_root",
        _ADADELTA,
        "np.sqrt(a + epsilon)",
        "(np.sqrt(a) + epsilon)",
    ),
)

FTRL_AND_LION = (
    fault("ftrl_l2_not_doubled", _FTRL, "two * (l2 + beta / (two * lr))", "(l2 + beta / lr)"),
    fault("ftrl_shrinkage_not_doubled", _FTRL, "two * shrinkage * p", "shrinkage * p"),
    fault("ftrl_l1_ignored", _FTRL, "(z_clipped - z)", "(-z)"),
    fault("ftrl_beta_ignored", _FTRL, "beta / (two * lr)", "beta * self.number(0)"),
    fault(
        "ftrl_shrinkage_in_the_sum_of_squares",
        _FTRL,
        _SUM,
        'slots["n"] + np.square(g + two * shrinkage * p)',
    ),
    fault("ftrl_starts_at_zero", _FTRL, '"n": self.initial_accumulator_value', '"n": 0.0'),
    fault(
        "ftrl_old_sum",
        _FTRL,
        _SUM,
        f"{_SUM}; old = slots['n']",
        "n_power / lr",
        "np.power(old, power) / lr",
    ),
    fault(
        "lion_betas_swapped",
        _LION,
        "self.numbers(1, self.beta_1, self.beta_2)",
        "self.numbers(1, self.beta_2, self.beta_1)",
    ),
    fault(
        "lion_momentum_moves_first", _LION, _INTERPOLATED, _INTERPOLATED.replace("m", 'slots["m"]')
    ),
    fault("lion_without_sign", _LION, f"np.sign({_INTERPOLATED})", f"({_INTERPOLATED})"),
    fault("lion_of_the_gradient_alone", _LION, _INTERPOLATED, "g"),
    fault("lion_beta_1_for_both", _LION, "beta_2 * m + (one - beta_2) * g", _INTERPOLATED),
)

FAULTS = (*SGD, *RMSPROP, *ADAGRAD_AND_ADADELTA, *FTRL_AND_LION)
