"""The direction of ACProp: the gradient over the second moment of AdaBelief, one step before."""

from oracle.rules.rule import rule, zeros


@rule(slots={"m": zeros, "s": zeros}, cites="Zhuang et al. 2021, algorithm 4 (ACProp)")
def acprop(xp, t, p, g, m, s, *, beta_1, beta_2, epsilon, eps_root):
    """ACProp; at the first step the second moment counts as 1."""
    m_t = beta_1 * m + (1 - beta_1) * g
    s_t = beta_2 * s + (1 - beta_2) * (g - m) ** 2 + eps_root
    before = xp.where(t <= 1, 1, t - 1)
    s_hat = xp.where(t <= 1, 1, s / (1 - beta_2**before))
    u_t = g / (xp.sqrt(s_hat) + epsilon)
    return u_t, m_t, s_t
