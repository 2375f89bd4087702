"""Faults that are alive in other libraries, each with the golden case in which it is looked for."""

from __future__ import annotations

from dataclasses import dataclass

from wrong.fault import Fault, fault


@dataclass(frozen=True)
class Borrowed:
    """One fault, a case that shows it, and what its first explanation has to say."""

    fault: Fault
    case: str
    says: str
    dtype: str = "float32"

    def __str__(self) -> str:
        return self.fault.name


def _borrowed(
    case: str, says: str, name: str, spec: str, *edits: str, dtype: str = "float32"
) -> Borrowed:
    return Borrowed(fault(name, spec, *edits), case, says, dtype)


ADAMAX, ADAM, NADAM = "keras2/Adamax", "keras3/Adam", "keras3/Nadam"
_LARGEST = 'u = np.maximum(beta_2 * slots["u"], np.abs(g))'
_QUOTIENT = "lr_t * m / (u + epsilon)"
_RATE = "lr / (one - np.power(beta_1, t))"
_ALPHA = "lr * np.sqrt(one - np.power(beta_2, t)) / (one - np.power(beta_1, t))"
_STEP = "p - alpha * m / (np.sqrt(v) + epsilon)"

FORMULAS = [
    _borrowed(
        "coarse",
        "u_t = xp.maximum(beta_2 * u, xp.abs(g) + epsilon); p_t = p - learning_rate / "
        "(1 - beta_1**t) * m_t / u_t",
        "adamax_epsilon_in_the_maximum",
        ADAMAX,
        _LARGEST,
        'u = np.maximum(beta_2 * slots["u"], np.abs(g) + epsilon)',
        _QUOTIENT,
        "lr_t * m / u",
    ),
    _borrowed(
        "coarse",
        "u_t = xp.maximum(beta_2 * u, xp.abs(g)) + epsilon; p_t = p - learning_rate",
        "adamax_epsilon_beside_the_maximum",
        ADAMAX,
        _LARGEST,
        _LARGEST + " + epsilon",
        _QUOTIENT,
        "lr_t * m / u",
    ),
    _borrowed(
        "coarse",
        "m_t / xp.maximum(u_t, epsilon)",
        "adamax_epsilon_as_least_norm",
        ADAMAX,
        _QUOTIENT,
        "lr_t * m / np.maximum(u, epsilon)",
    ),
    _borrowed(
        "coarse",
        "learning_rate * xp.sqrt(1 - beta_2**t) / (1 - beta_1**t) * m_t / (u_t + epsilon)",
        "adamax_with_the_correction_of_adam",
        ADAMAX,
        _RATE,
        "lr * np.sqrt(one - np.power(beta_2, t)) / (one - np.power(beta_1, t))",
    ),
    _borrowed(
        "coarse",
        "m_t / (u_t / (1 - beta_2**t) + epsilon)",
        "adamax_with_corrected_norm",
        ADAMAX,
        _QUOTIENT,
        "lr_t * m / (u / (one - np.power(beta_2, t)) + epsilon)",
    ),
    _borrowed(
        "only-epsilon",
        "m_t / (u_t + epsilon / (1 - beta_1**t))",
        "adamax_epsilon_beside_the_correction",
        ADAMAX,
        "lr_t = lr / (one - np.power(beta_1, t))",
        "lr_t, c = lr, (one - np.power(beta_1, t))",
        _QUOTIENT,
        "lr_t * m / (c * u + epsilon)",
    ),
    _borrowed(
        "coarse",
        "m_t / (xp.sqrt(u_t) + epsilon)",
        "adamax_with_the_root_of_adam",
        ADAMAX,
        _QUOTIENT,
        "lr_t * m / (np.sqrt(u) + epsilon)",
    ),
    _borrowed(
        "coarse",
        "learning_rate * xp.sqrt(1 - beta_2**t) * (1 - beta_1**t)",
        "adam_correction_multiplied",
        ADAM,
        _ALPHA,
        "lr * np.sqrt(one - np.power(beta_2, t)) * (one - np.power(beta_1, t))",
    ),
    _borrowed(
        "coarse",
        "learning_rate / xp.sqrt(1 - beta_2**t) * (1 - beta_1**t)",
        "adam_corrections_upside_down",
        ADAM,
        _ALPHA,
        "lr / np.sqrt(one - np.power(beta_2, t)) * (one - np.power(beta_1, t))",
    ),
    _borrowed(
        "coarse",
        "learning_rate * xp.sqrt(1 - beta_1**t) / (1 - beta_2**t)",
        "adam_corrections_exchanged",
        ADAM,
        _ALPHA,
        "lr * np.sqrt(one - np.power(beta_1, t)) / (one - np.power(beta_2, t))",
    ),
    _borrowed(
        "coarse",
        "learning_rate * xp.sqrt(1 - beta_1**t) / (1 - beta_1**t)",
        "adam_correction_of_the_other_moment",
        ADAM,
        _ALPHA,
        "lr * np.sqrt(one - np.power(beta_1, t)) / (one - np.power(beta_1, t))",
    ),
    _borrowed(
        "coarse",
        "p - (alpha_t * m_t / xp.sqrt(v_t) + epsilon)",
        "adam_epsilon_out_of_brackets",
        ADAM,
        _STEP,
        "p - (alpha * m / np.sqrt(v) + epsilon)",
    ),
    _borrowed(
        "only-centered",
        "rho * (v + (1 - rho) * g**2)",
        "rmsprop_factor_over_the_sum",
        "keras3/RMSprop",
        'rho * slots["v"] + (one - rho) * (g * g)',
        'rho * (slots["v"] + (one - rho) * (g * g))',
    ),
    _borrowed(
        "only-decay",
        "learning_rate * (1 / 1 + decay * step)",
        "decay_out_of_brackets",
        "keras2/SGD",
        "one / (one + decay * iterations)",
        "one / one + decay * iterations",
    ),
    _borrowed(
        "defaults",
        "xp.sqrt(d + epsilon) * g / xp.sqrt(a + epsilon)",
        "adadelta_by_the_old_average",
        "keras3/Adadelta",
        "g / np.sqrt(a + epsilon)",
        'g / np.sqrt(slots["a"] + epsilon)',
    ),
    _borrowed(
        "momentum-and-schedule",
        "`sgd_momentum_rate_outside (",
        "sgd_rate_outside_the_momentum",
        "keras3/SGD",
        'momentum * slots["v"] - lr * g',
        'momentum * slots["v"] - g',
        "p + v",
        "p + lr * v",
    ),
    _borrowed(
        "ema-overwrite",
        "first = updates_before(step) <= 1",
        "average_begins_a_step_late",
        "keras3/SGD",
        "self.ema_momentum if self.updates else 0.0",
        "self.ema_momentum if self.updates > 1 else 0.0",
    ),
]
