"""Averaged stochastic gradient descent."""

from oracle.rules.rule import Slot, rule, scalar_one, zeros


@rule(
    slots={"ax": zeros, "eta": Slot("lr", scalar=True), "mu": scalar_one},
    cites="Polyak & Juditsky 1992; decay and rate of Bottou 2012, section 5",
)
def asgd(xp, t, p, g, ax, eta, mu, *, lr, lambd, alpha, t0):
    """The weights decay, and are averaged from t0 on; the rate falls for the next step."""
    p_t = (1 - lambd * eta) * p - eta * g
    ax_t = ax + (p_t - ax) * mu
    eta_t = lr / (1 + lambd * lr * t) ** alpha
    mu_t = 1 / xp.maximum(1, t - t0)
    return p_t, ax_t, eta_t, mu_t
