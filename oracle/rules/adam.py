"""Adam and AMSGrad: bias-corrected moments; the forms differ in epsilon's place."""

from oracle.rules.rule import rule, zeros

_EPSILON_HAT = "Kingma & Ba 2015, section 2, last paragraph (epsilon hat)"


@rule(
    slots={"m": zeros, "v": zeros},
    cites=_EPSILON_HAT,
)
def adam_epsilon_hat(xp, t, p, g, m, v, *, learning_rate, beta_1, beta_2, epsilon):
    """Adam with the bias corrections folded into the step size, and epsilon beside the raw root."""
    m_t = beta_1 * m + (1 - beta_1) * g
    v_t = beta_2 * v + (1 - beta_2) * g**2
    alpha_t = learning_rate * xp.sqrt(1 - beta_2**t) / (1 - beta_1**t)
    p_t = p - alpha_t * m_t / (xp.sqrt(v_t) + epsilon)
    return p_t, m_t, v_t


@rule(
    slots={"m": zeros, "v": zeros, "v_max": zeros},
    cites=f"Reddi, Kale & Kumar 2018, algorithm 2; {_EPSILON_HAT}",
)
def amsgrad_epsilon_hat(xp, t, p, g, m, v, v_max, *, learning_rate, beta_1, beta_2, epsilon):
    """AMSGrad: the largest second moment so far, taken before the bias correction."""
    m_t = beta_1 * m + (1 - beta_1) * g
    v_t = beta_2 * v + (1 - beta_2) * g**2
    v_max_t = xp.maximum(v_max, v_t)
    alpha_t = learning_rate * xp.sqrt(1 - beta_2**t) / (1 - beta_1**t)
    p_t = p - alpha_t * m_t / (xp.sqrt(v_max_t) + epsilon)
    return p_t, m_t, v_t, v_max_t
