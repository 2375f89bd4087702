"""The direction of Adagrad, epsilon beside the root, its rate constant or falling."""

from oracle.rules.rule import filled_with, rule

_START = filled_with("initial_accumulator_value")
_CITES = "Duchi, Hazan & Singer 2011, figure 1, diagonal; epsilon added to the root"


@rule(slots={"a": _START}, cites=_CITES)
def adagrad(xp, t, p, g, a, *, epsilon):
    """Adagrad, whose accumulator has a start."""
    a_t = a + g**2
    u_t = g / (xp.sqrt(a_t) + epsilon)
    return u_t, a_t


@rule(slots={"a": _START}, cites=f"{_CITES}, the rate divided by 1 + lr_decay (t - 1)")
def adagrad_lr_decay(xp, t, p, g, a, *, epsilon, lr_decay):
    """The same, the steps getting shorter by themselves."""
    a_t = a + g**2
    u_t = g / (xp.sqrt(a_t) + epsilon) / (1 + (t - 1) * lr_decay)
    return u_t, a_t
