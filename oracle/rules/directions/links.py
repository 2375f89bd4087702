"""What stands beside an optimizer's own direction in a chain: its length, and a decay."""

from oracle.rules.rule import rule


@rule(cites="Cauchy 1847")
def descend(xp, t, p, g, *, learning_rate):
    """Go against a direction, as far as the rate says."""
    u_t = -learning_rate * g
    return (u_t,)


@rule(cites="a direction that is subtracted as it is")
def turn_around(xp, t, p, g):
    """Go against a direction, as far as it says."""
    u_t = -g
    return (u_t,)


@rule(cites="a multiple of a direction")
def scale_by_factor(xp, t, p, g, *, step_size):
    """Go along a direction, as far as the factor says."""
    u_t = step_size * g
    return (u_t,)


@rule(cites="a direction whose sign is left to another link")
def ascend(xp, t, p, g, *, learning_rate):
    """Go along a direction, as far as the rate says."""
    u_t = learning_rate * g
    return (u_t,)


@rule(cites="Krogh & Hertz 1991; Loshchilov & Hutter 2019, where it stands behind an Adam")
def add_decayed_weights(xp, t, p, g, *, weight_decay):
    """Add a share of the parameter to a direction."""
    u_t = g + weight_decay * p
    return (u_t,)


@rule(cites="You, Gitman & Ginsburg 2017, equation 6, as Optax guards it")
def trust_ratio(xp, t, p, g, *, min_norm, trust_coefficient, eps):
    """Scale a direction by the norm of its parameter over its own; by 1 where one of them is 0."""
    p_norm = xp.maximum(xp.norm(p), min_norm)
    g_norm = xp.maximum(xp.norm(g), min_norm)
    ratio = trust_coefficient * p_norm / (g_norm + eps)
    trust = xp.where(p_norm <= 0, 1, xp.where(g_norm <= 0, 1, ratio))
    u_t = trust * g
    return (u_t,)


@rule(cites="Bernstein et al. 2020, algorithm 1 (Fromage)")
def fromage_step(xp, t, p, g, *, learning_rate):
    """Step, and shrink the parameter with it, so that its norm stays about as it is."""
    shrunk = 1 / xp.sqrt(1 + learning_rate**2)
    u_t = (shrunk - 1) * p - learning_rate * shrunk * g
    return (u_t,)
