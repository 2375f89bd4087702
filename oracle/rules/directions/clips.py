"""Directions that are cut, or scaled by a norm, of the gradient or of the parameter itself."""

from oracle.rules.rule import rule


@rule(cites="Pascanu, Mikolov & Bengio 2013, for each element")
def clip(xp, t, p, g, *, max_delta):
    """Move each element into [-max_delta, max_delta]; NaN stays NaN."""
    u_t = xp.minimum(xp.maximum(g, -max_delta), max_delta)
    return (u_t,)


@rule(cites="Shazeer & Stern 2018, algorithm 3")
def clip_by_block_rms(xp, t, p, g, *, threshold):
    """Divide by the root mean square over the threshold, if that is above 1."""
    u_t = g / xp.maximum(1, xp.sqrt(xp.mean(g**2)) / threshold)
    return (u_t,)


@rule(cites="projected gradient descent on the non-negative numbers")
def kept_nonnegative(xp, t, p, g):
    """Stop a parameter at 0 that would fall below."""
    u_t = xp.where(p + g < 0, -p, g)
    return (u_t,)


@rule(cites="You et al. 2020, section 3, with a floor (Optax)")
def scale_by_block_norm(xp, t, p, g, *, min_scale):
    """Multiply by the norm of the parameter, or by a number that it is below."""
    u_t = xp.maximum(xp.norm(p), min_scale) * g
    return (u_t,)


@rule(cites="Shazeer & Stern 2018, section 8, with a floor")
def scale_by_block_rms(xp, t, p, g, *, min_scale):
    """Multiply by the root mean square of the parameter, or by a number that it is below."""
    u_t = xp.maximum(xp.sqrt(xp.mean(p**2)), min_scale) * g
    return (u_t,)
