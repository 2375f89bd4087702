"""GGT: full-matrix adaptive steps by the moments of the last few steps, over all parameters."""

from oracle.rules.rule import Slot, rule, zeros

_WINDOW = Slot(0, hidden="the last moments, one a row, those of all parameters side by side")


@rule(
    slots={"m": zeros, "w": _WINDOW},
    cites="Agarwal, Bullins, Chen, Hazan, Singh, Zhang & Zhang 2018 (GGT), with regularization",
)
def ggt(xp, t, p, g, m, w, *, learning_rate, beta_1, window, eps, svd_eps, sigma_eps):
    """GGT; parameter and gradient are those of all parameters, end to end.

    To slide is to drop the window's oldest row, and to append a new one.
    """
    m_t = beta_1 * m + (1 - beta_1) * g
    w_t = xp.slide(w, m_t)
    b = w_t / xp.sqrt(xp.minimum(t, window))
    gram = xp.matmul(b, xp.transpose(b))
    a = gram + svd_eps * xp.identity_like(gram)
    r_min = xp.sqrt(xp.smallest_eigenvalue(a))
    seen = xp.matmul(b, m_t)
    head = xp.matmul(xp.transpose(b), xp.root_power(a, sigma_eps, -3, seen))
    tail = m_t - xp.matmul(xp.transpose(b), xp.matrix_power(a, -1, seen))
    step = head + xp.where(r_min > eps, tail / r_min, 0)
    p_t = p - learning_rate * step
    return p_t, m_t, w_t
