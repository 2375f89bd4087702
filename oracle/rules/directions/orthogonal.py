"""What Muon makes orthogonal: an average of gradients, corrected for its start."""

from oracle.rules.rule import rule, zeros

_JORDAN = "Jordan et al. 2024 (Muon), with an average in the place of a sum"


@rule(slots={"m": zeros}, cites=_JORDAN)
def muon_average(xp, t, p, g, m, *, beta):
    """The average of gradients, without the weight of its start."""
    m_t = beta * m + (1 - beta) * g
    u_t = m_t / (1 - beta**t)
    return u_t, m_t


@rule(slots={"m": zeros}, cites=f"{_JORDAN}; Dozat 2016, algorithm 2, for the look ahead")
def muon_average_nesterov(xp, t, p, g, m, *, beta):
    """The average of the next step, corrected for that one, and the gradient for this."""
    m_t = beta * m + (1 - beta) * g
    m_next = m_t / (1 - beta ** (t + 1))
    g_hat = g / (1 - beta**t)
    u_t = beta * m_next + (1 - beta) * g_hat
    return u_t, m_t
