"""Averages of directions."""

from oracle.rules.rule import Slot, at_parameter, of_tensor, rule, zeros


@rule(slots={"m": zeros}, cites="an exponential moving average")
def average(xp, t, p, g, m, *, decay):
    """The average, which starts at 0."""
    m_t = decay * m + (1 - decay) * g
    u_t = m_t
    return u_t, m_t


@rule(slots={"m": zeros}, cites="an exponential moving average; Kingma & Ba 2015, section 3")
def average_corrected(xp, t, p, g, m, *, decay):
    """The average without the weight of its start."""
    m_t = decay * m + (1 - decay) * g
    u_t = m_t / (1 - decay**t)
    return u_t, m_t


@rule(
    slots={
        "d": Slot(0, shape=of_tensor),
        "s": Slot(0, shape=of_tensor),
        "x_0": at_parameter,
    },
    cites="Ivgi, Hinder & Carmon 2023, equation 1 (DoG), for each tensor",
)
def distance_over_gradients(xp, t, p, g, d, s, x_0, *, reps_rel, eps, global_scale):
    """The largest distance from the start so far over the root of the sum of squared norms."""
    d_before = xp.where(t <= 1, reps_rel * (1 + xp.norm(x_0)), d)
    d_t = xp.maximum(d_before, xp.norm(p - x_0))
    s_t = s + xp.sum(g**2)
    x_0_t = x_0
    u_t = global_scale * (d_t / xp.sqrt(s_t + eps)) * g
    return u_t, d_t, s_t, x_0_t
