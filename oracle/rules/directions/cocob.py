"""The direction of COCOB: a bet on each element, whose stake follows from what it has won."""

from oracle.rules.rule import at_parameter, filled_with, rule, zeros


@rule(
    slots={
        "w_1": at_parameter,
        "gain": zeros,
        "most": filled_with("eps"),
        "total": zeros,
        "reward": zeros,
    },
    cites="Orabona & Tommasi 2017, algorithm 2 (COCOB-Backprop); here g is the gradient",
)
def cocob(xp, t, p, g, w_1, gain, most, total, reward, *, alpha):
    """COCOB; ``gain`` is theta, ``most`` is L, ``total`` is G, ``w_1`` the start."""
    most_t = xp.maximum(most, xp.abs(g))
    total_t = total + xp.abs(g)
    reward_t = xp.maximum(reward - g * (p - w_1), 0)
    gain_t = gain - g
    stake = gain_t / (most_t * xp.maximum(total_t + most_t, alpha * most_t))
    w_1_t = w_1
    u_t = w_1 + stake * (most_t + reward_t) - p
    return u_t, w_1_t, gain_t, most_t, total_t, reward_t
