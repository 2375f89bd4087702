"""The directions of Optax's RAdam: Adam's as soon as its variance can be told, else momentum."""

from oracle.rules.rule import rule, zeros

_CITES = "Liu et al. 2020, algorithm 2; a second epsilon under the root (Optax)"


@rule(slots={"m": zeros, "v": zeros}, cites=_CITES)
def radam_rooted(xp, t, p, g, m, v, *, beta_1, beta_2, epsilon, eps_root, threshold):
    """RAdam."""
    m_t = beta_1 * m + (1 - beta_1) * g
    v_t = beta_2 * v + (1 - beta_2) * g**2
    m_hat = m_t / (1 - beta_1**t)
    v_hat = v_t / (1 - beta_2**t)
    rho_inf = 2 / (1 - beta_2) - 1
    rho_t = rho_inf - 2 * t * beta_2**t / (1 - beta_2**t)
    known = (rho_t - 4) * (rho_t - 2) * rho_inf
    r_t = xp.sqrt(known / ((rho_inf - 4) * (rho_inf - 2) * rho_t))
    adaptive = r_t * m_hat / (xp.sqrt(v_hat + eps_root) + epsilon)
    u_t = xp.where(rho_t >= threshold, adaptive, m_hat)
    return u_t, m_t, v_t


@rule(slots={"m": zeros, "v": zeros}, cites=f"{_CITES}; Dozat 2016, without a momentum schedule")
def radam_rooted_nesterov(xp, t, p, g, m, v, *, beta_1, beta_2, epsilon, eps_root, threshold):
    """RAdam, one step ahead."""
    m_t = beta_1 * m + (1 - beta_1) * g
    v_t = beta_2 * v + (1 - beta_2) * g**2
    m_next = m_t / (1 - beta_1 ** (t + 1))
    g_hat = g / (1 - beta_1**t)
    m_hat = beta_1 * m_next + (1 - beta_1) * g_hat
    v_hat = v_t / (1 - beta_2**t)
    rho_inf = 2 / (1 - beta_2) - 1
    rho_t = rho_inf - 2 * t * beta_2**t / (1 - beta_2**t)
    known = (rho_t - 4) * (rho_t - 2) * rho_inf
    r_t = xp.sqrt(known / ((rho_inf - 4) * (rho_inf - 2) * rho_t))
    adaptive = r_t * m_hat / (xp.sqrt(v_hat + eps_root) + epsilon)
    u_t = xp.where(rho_t >= threshold, adaptive, m_hat)
    return u_t, m_t, v_t
