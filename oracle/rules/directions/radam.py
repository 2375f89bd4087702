"""The direction of RAdam, which is Adam's where enough steps came before."""

from oracle.rules.rule import rule, zeros


@rule(slots={"m": zeros, "v": zeros}, cites="Liu et al. 2020, algorithm 2, rectified above 5")
def radam(xp, t, p, g, m, v, *, beta_1, beta_2, epsilon):
    """Adam rectified; momentum alone as long as the second moment says too little."""
    m_t = beta_1 * m + (1 - beta_1) * g
    v_t = beta_2 * v + (1 - beta_2) * g**2
    m_hat = m_t / (1 - beta_1**t)
    rho_inf = 2 / (1 - beta_2) - 1
    rho_t = rho_inf - 2 * t * beta_2**t / (1 - beta_2**t)
    part = (rho_t - 4) * (rho_t - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho_t)
    adapted = xp.sqrt(part) * xp.sqrt(1 - beta_2**t) / (xp.sqrt(v_t) + epsilon)
    u_t = xp.where(rho_t > 5, m_hat * adapted, m_hat)
    return u_t, m_t, v_t
