"""The direction of Yogi: the second moment moves by the gradient's square, not towards it."""

from oracle.rules.rule import filled_with, rule

_START = filled_with("initial_accumulator_value")


@rule(slots={"m": _START, "v": _START}, cites="Zaheer et al. 2018, algorithm 2, bias-corrected")
def yogi(xp, t, p, g, m, v, *, beta_1, beta_2, epsilon, eps_root):
    """Yogi; the sign of 0 is 0."""
    m_t = beta_1 * m + (1 - beta_1) * g
    v_t = v - (1 - beta_2) * xp.sign(v - g**2) * g**2
    m_hat = m_t / (1 - beta_1**t)
    v_hat = v_t / (1 - beta_2**t)
    u_t = m_hat / (xp.sqrt(v_hat + eps_root) + epsilon)
    return u_t, m_t, v_t
