"""LARS: momentum at a rate scaled, for each tensor, by the norms of its weights and gradient."""

from oracle.rules.rule import rule, zeros

_YOU = "You, Gitman & Ginsburg 2017, algorithm 1, with an epsilon"


@rule(slots={"b": zeros}, cites=_YOU)
def lars(xp, t, p, g, b, *, learning_rate, momentum, weight_decay, eeta, epsilon):
    """LARS; where a norm is not positive, the rate is not scaled."""
    p_norm = xp.norm(p)
    g_norm = xp.norm(g)
    ratio = eeta * p_norm / (g_norm + weight_decay * p_norm + epsilon)
    trust = xp.where(p_norm > 0, xp.where(g_norm > 0, ratio, 1), 1)
    b_t = momentum * b + learning_rate * trust * (g + weight_decay * p)
    p_t = p - b_t
    return p_t, b_t


@rule(slots={"b": zeros}, cites=f"{_YOU}; Nesterov 1983")
def lars_nesterov(xp, t, p, g, b, *, learning_rate, momentum, weight_decay, eeta, epsilon):
    """LARS with Nesterov's momentum; where a norm is not positive, the rate is not scaled."""
    p_norm = xp.norm(p)
    g_norm = xp.norm(g)
    ratio = eeta * p_norm / (g_norm + weight_decay * p_norm + epsilon)
    trust = xp.where(p_norm > 0, xp.where(g_norm > 0, ratio, 1), 1)
    step = learning_rate * trust * (g + weight_decay * p)
    b_t = momentum * b + step
    p_t = p - (step + momentum * b_t)
    return p_t, b_t


@rule(slots={"b": zeros}, cites=f"{_YOU}: a parameter that is skipped")
def lars_skipped(xp, t, p, g, b, *, learning_rate, momentum):
    """LARS without its norms: momentum with the rate inside the buffer."""
    b_t = momentum * b + learning_rate * g
    p_t = p - b_t
    return p_t, b_t


@rule(slots={"b": zeros}, cites=f"{_YOU}: a parameter that is skipped; Nesterov 1983")
def lars_skipped_nesterov(xp, t, p, g, b, *, learning_rate, momentum):
    """LARS without its norms: Nesterov's momentum with the rate inside the buffer."""
    step = learning_rate * g
    b_t = momentum * b + step
    p_t = p - (step + momentum * b_t)
    return p_t, b_t
