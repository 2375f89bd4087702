"""Adamax: Adam with the infinity norm for the second moment."""

from oracle.rules.rule import rule, zeros


@rule(slots={"m": zeros, "u": zeros}, cites="Kingma & Ba 2015, algorithm 2, with an epsilon")
def adamax(xp, t, p, g, m, u, *, learning_rate, beta_1, beta_2, epsilon):
    """Adamax."""
    m_t = beta_1 * m + (1 - beta_1) * g
    u_t = xp.maximum(beta_2 * u, xp.abs(g))
    p_t = p - learning_rate / (1 - beta_1**t) * m_t / (u_t + epsilon)
    return p_t, m_t, u_t


@rule(
    slots={"m": zeros, "u": zeros},
    cites="Kingma & Ba 2015, algorithm 2, with an epsilon; a maximum that drops NaN (TensorFlow 1)",
)
def adamax_dropping_nan(xp, t, p, g, m, u, *, learning_rate, beta_1, beta_2, epsilon):
    """Adamax whose norm goes on fading where the gradient is NaN."""
    m_t = beta_1 * m + (1 - beta_1) * g
    faded = beta_2 * u
    u_t = xp.where(xp.abs(g) > faded, xp.abs(g), faded)
    p_t = p - learning_rate / (1 - beta_1**t) * m_t / (u_t + epsilon)
    return p_t, m_t, u_t
