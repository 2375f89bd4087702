"""The average of gradients, as it will be after another gradient like the last."""

from oracle.rules.rule import rule, zeros


@rule(slots={"m": zeros}, cites="Jordan et al. 2024 (Muon), with an average in the place of a sum")
def average_ahead(xp, t, p, g, m, *, decay):
    """The average with Nesterov's look ahead; it starts at 0."""
    m_t = decay * m + (1 - decay) * g
    u_t = decay * m_t + (1 - decay) * g
    return u_t, m_t
