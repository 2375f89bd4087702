"""The direction of NAdam, its momentum schedule as slow as one likes."""

from oracle.rules.rule import rule, scalar_one, zeros


@rule(
    slots={"m": zeros, "v": zeros, "mu_product": scalar_one},
    cites="Dozat 2016, algorithm 2, its momentum schedule slowed by momentum_decay",
)
def nadam(xp, t, p, g, m, v, mu_product, *, beta_1, beta_2, epsilon, momentum_decay):
    """Adam with Nesterov's momentum, which warms up."""
    mu_t = beta_1 * (1 - 0.5 * 0.96 ** (t * momentum_decay))
    mu_next = beta_1 * (1 - 0.5 * 0.96 ** ((t + 1) * momentum_decay))
    product_t = mu_product * mu_t
    product_next = product_t * mu_next
    m_t = beta_1 * m + (1 - beta_1) * g
    v_t = beta_2 * v + (1 - beta_2) * g**2
    g_hat = g / (1 - product_t)
    m_hat = m_t / (1 - product_next)
    v_hat = v_t / (1 - beta_2**t)
    u_t = ((1 - mu_t) * g_hat + mu_next * m_hat) / (xp.sqrt(v_hat) + epsilon)
    return u_t, m_t, v_t, product_t
