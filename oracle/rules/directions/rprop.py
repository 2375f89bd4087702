"""The direction of Rprop in Optax: a step for each element, taken back where a sign turns."""

from oracle.rules.rule import filled_with, rule, zeros


@rule(
    slots={"s": filled_with("learning_rate"), "d": zeros},
    cites="Riedmiller & Braun 1993; Igel & Hüsken 2000 (iRprop-), as Optax 0.2.8 orders it",
)
def rprop_one_step_late(xp, t, p, g, s, d, *, eta_minus, eta_plus, min_step_size, max_step_size):
    """Rprop whose step is that of the step before, unless the sign has turned since."""
    agreed = g * d
    factor = xp.where(agreed > 0, eta_plus, eta_minus)
    limited = xp.minimum(xp.maximum(s * factor, min_step_size), max_step_size)
    s_t = xp.where(agreed < 0, limited, xp.where(agreed > 0, limited, s))
    d_t = xp.where(agreed < 0, 0, s_t * xp.sign(g))
    u_t = xp.where(agreed < 0, 0, d)
    return u_t, s_t, d_t
