"""The directions of AdEMAMix: a fast average of gradients and a slow one."""

from oracle.rules.rule import rule, zeros


@rule(
    slots={"m_1": zeros, "m_2": zeros, "v": zeros},
    cites="Pagliardini, Ablin & Grangier 2024, algorithm 1, without its schedulers",
)
def ademamix(xp, t, p, g, m_1, m_2, v, *, beta_1, beta_2, beta_3, alpha, epsilon, eps_root):
    """AdEMAMix; the slow average is not corrected."""
    m_1_t = beta_1 * m_1 + (1 - beta_1) * g
    m_2_t = beta_3 * m_2 + (1 - beta_3) * g
    v_t = beta_2 * v + (1 - beta_2) * g**2
    m_hat = m_1_t / (1 - beta_1**t)
    v_hat = v_t / (1 - beta_2**t)
    u_t = (m_hat + alpha * m_2_t) / (xp.sqrt(v_hat + eps_root) + epsilon)
    return u_t, m_1_t, m_2_t, v_t


@rule(slots={"m": zeros, "v": zeros}, cites="Morwani et al. 2025, simplified AdEMAMix")
def simplified_ademamix(xp, t, p, g, m, v, *, beta_1, beta_2, alpha, epsilon, eps_root):
    """AdEMAMix with a sum in the place of the slow average, and the gradient for the fast one."""
    m_t = beta_1 * m + g
    v_t = g**2 + beta_2 * (v - g**2)
    v_hat = v_t / (1 - beta_2**t)
    u_t = (m_t + alpha * g) / (xp.sqrt(v_hat + eps_root) + epsilon)
    return u_t, m_t, v_t
