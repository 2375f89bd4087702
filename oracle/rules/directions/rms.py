"""The directions of Optax's RMSprop: epsilon in or beside the root, centered, bias-corrected."""

from oracle.rules.rule import filled_with, rule, zeros

_START = filled_with("initial_scale")
_HINTON = "Tieleman & Hinton 2012, lecture 6.5"
_GRAVES = "Graves 2013, equations 38 to 45, without momentum"


@rule(slots={"v": _START}, cites=_HINTON)
def rms(xp, t, p, g, v, *, rho, epsilon):
    """The root mean square, epsilon under the root."""
    v_t = rho * v + (1 - rho) * g**2
    u_t = g / xp.sqrt(v_t + epsilon)
    return u_t, v_t


@rule(slots={"v": _START}, cites=_HINTON)
def rms_corrected(xp, t, p, g, v, *, rho, epsilon):
    """The root mean square, epsilon under the root, bias-corrected."""
    v_t = rho * v + (1 - rho) * g**2
    v_hat = v_t / (1 - rho**t)
    u_t = g / xp.sqrt(v_hat + epsilon)
    return u_t, v_t


@rule(slots={"v": _START}, cites=_HINTON)
def rms_epsilon_beside(xp, t, p, g, v, *, rho, epsilon):
    """The root mean square, epsilon beside the root."""
    v_t = rho * v + (1 - rho) * g**2
    u_t = g / (xp.sqrt(v_t) + epsilon)
    return u_t, v_t


@rule(slots={"v": _START}, cites=_HINTON)
def rms_epsilon_beside_corrected(xp, t, p, g, v, *, rho, epsilon):
    """The root mean square, epsilon beside the root, bias-corrected."""
    v_t = rho * v + (1 - rho) * g**2
    v_hat = v_t / (1 - rho**t)
    u_t = g / (xp.sqrt(v_hat) + epsilon)
    return u_t, v_t


@rule(slots={"v": _START, "mg": zeros}, cites=_GRAVES)
def rms_centered(xp, t, p, g, v, mg, *, rho, epsilon):
    """The standard deviation, epsilon under the root."""
    v_t = rho * v + (1 - rho) * g**2
    mg_t = rho * mg + (1 - rho) * g
    u_t = g / xp.sqrt(v_t - mg_t**2 + epsilon)
    return u_t, v_t, mg_t


@rule(slots={"v": _START, "mg": zeros}, cites=_GRAVES)
def rms_centered_corrected(xp, t, p, g, v, mg, *, rho, epsilon):
    """The standard deviation, epsilon under the root, bias-corrected."""
    v_t = rho * v + (1 - rho) * g**2
    mg_t = rho * mg + (1 - rho) * g
    v_hat = v_t / (1 - rho**t)
    mg_hat = mg_t / (1 - rho**t)
    u_t = g / xp.sqrt(v_hat - mg_hat**2 + epsilon)
    return u_t, v_t, mg_t


@rule(slots={"v": _START, "mg": zeros}, cites=_GRAVES)
def rms_centered_epsilon_beside(xp, t, p, g, v, mg, *, rho, epsilon):
    """The standard deviation, epsilon beside the root."""
    v_t = rho * v + (1 - rho) * g**2
    mg_t = rho * mg + (1 - rho) * g
    u_t = g / (xp.sqrt(v_t - mg_t**2) + epsilon)
    return u_t, v_t, mg_t


@rule(slots={"v": _START, "mg": zeros}, cites=_GRAVES)
def rms_centered_epsilon_beside_corrected(xp, t, p, g, v, mg, *, rho, epsilon):
    """The standard deviation, epsilon beside the root, bias-corrected."""
    v_t = rho * v + (1 - rho) * g**2
    mg_t = rho * mg + (1 - rho) * g
    v_hat = v_t / (1 - rho**t)
    mg_hat = mg_t / (1 - rho**t)
    u_t = g / (xp.sqrt(v_hat - mg_hat**2) + epsilon)
    return u_t, v_t, mg_t
