"""The direction of Adan: averages of gradients, of their differences, and of a look-ahead."""

from oracle.rules.rule import rule, zeros


@rule(
    slots={"m": zeros, "v": zeros, "n": zeros, "g_last": zeros},
    cites="Xie et al. 2024, algorithm 1, with bias corrections; beta is what is kept (Optax 0.2.8)",
)
def adan(xp, t, p, g, m, v, n, g_last, *, beta_1, beta_2, beta_3, epsilon, eps_root):
    """Adan; the difference of the first step is 0."""
    difference = xp.where(t <= 1, 0, g - g_last)
    m_t = beta_1 * m + (1 - beta_1) * g
    v_t = beta_2 * v + (1 - beta_2) * difference
    n_t = beta_3 * n + (1 - beta_3) * (g + (1 - beta_2) * difference) ** 2
    m_hat = m_t / (1 - beta_1**t)
    v_hat = v_t / (1 - beta_2**t)
    n_hat = n_t / (1 - beta_3**t)
    u_t = (m_hat + (1 - beta_2) * v_hat) / (xp.sqrt(n_hat + eps_root) + epsilon)
    g_last_t = g
    return u_t, m_t, v_t, n_t, g_last_t
