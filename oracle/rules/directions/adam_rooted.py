"""The directions of Adam's kin in Optax, which have a second epsilon under the root."""

from oracle.rules.rule import rule, zeros

_ROOTED = "a second epsilon under the root (Optax)"


@rule(slots={"m": zeros, "v": zeros}, cites=f"Kingma & Ba 2015, algorithm 1; {_ROOTED}")
def adam_rooted(xp, t, p, g, m, v, *, beta_1, beta_2, epsilon, eps_root):
    """Adam."""
    m_t = beta_1 * m + (1 - beta_1) * g
    v_t = beta_2 * v + (1 - beta_2) * g**2
    m_hat = m_t / (1 - beta_1**t)
    v_hat = v_t / (1 - beta_2**t)
    u_t = m_hat / (xp.sqrt(v_hat + eps_root) + epsilon)
    return u_t, m_t, v_t


@rule(
    slots={"m": zeros, "v": zeros},
    cites=f"Dozat 2016, algorithm 2, without a momentum schedule; {_ROOTED}",
)
def nadam_rooted(xp, t, p, g, m, v, *, beta_1, beta_2, epsilon, eps_root):
    """Nadam: the average of the next step, corrected for that one, and the gradient for this."""
    m_t = beta_1 * m + (1 - beta_1) * g
    v_t = beta_2 * v + (1 - beta_2) * g**2
    m_next = m_t / (1 - beta_1 ** (t + 1))
    g_hat = g / (1 - beta_1**t)
    m_hat = beta_1 * m_next + (1 - beta_1) * g_hat
    v_hat = v_t / (1 - beta_2**t)
    u_t = m_hat / (xp.sqrt(v_hat + eps_root) + epsilon)
    return u_t, m_t, v_t
