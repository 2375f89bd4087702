"""The gradient itself, its sign, and its projection: directions without a memory."""

from oracle.rules.rule import rule, zeros


@rule(cites="Cauchy 1847")
def steepest(xp, t, p, g):
    """The gradient as it is."""
    u_t = g
    return (u_t,)


@rule(cites="Bernstein et al. 2018, algorithm 1 (signSGD)")
def sign_of_gradient(xp, t, p, g):
    """The sign of each element; that of 0 is 0."""
    u_t = xp.sign(g)
    return (u_t,)


@rule(slots={"m": zeros}, cites="Bernstein et al. 2018, algorithm 2 (Signum)")
def signum(xp, t, p, g, m, *, beta):
    """The sign of the average of the gradients."""
    m_t = beta * m + (1 - beta) * g
    u_t = xp.sign(m_t)
    return u_t, m_t


@rule(slots={"g_last": zeros}, cites="Mokhtari, Ozdaglar & Pattathil 2020, section 3 (OGDA)")
def optimistic(xp, t, p, g, g_last, *, alpha, beta):
    """The gradient, and how much it has grown since the last step; at first it has not."""
    g_before = xp.where(t <= 1, g, g_last)
    u_t = (alpha + beta) * g - beta * g_before
    g_last_t = g
    return u_t, g_last_t
