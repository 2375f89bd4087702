"""Muon: descent by a momentum whose singular values Newton-Schulz steps bring near 1."""

from oracle.rules.rule import rule, zeros

_JORDAN = "Jordan et al. 2024 (Muon), with an orthogonalization by Newton-Schulz steps"
_LIU = "Liu et al. 2025, equation 4, around Jordan et al. 2024 (Muon)"
_MOMENTUM = {"m": zeros}


@rule(slots=_MOMENTUM, cites=_JORDAN)
def muon(xp, t, p, g, m, *, learning_rate, momentum, muon_a, muon_b, muon_c, ns_steps):
    """Momentum, made orthogonal."""
    m_t = xp.either(momentum * m + g, m + (g + (momentum - 1) * m))
    o = xp.orthogonalized(m_t, muon_a, muon_b, muon_c, ns_steps)
    p_t = p - learning_rate * o
    return p_t, m_t


@rule(slots=_MOMENTUM, cites=_JORDAN)
def muon_nesterov(xp, t, p, g, m, *, learning_rate, momentum, muon_a, muon_b, muon_c, ns_steps):
    """The same with Nesterov's look ahead."""
    m_t = xp.either(momentum * m + g, m + (g + (momentum - 1) * m))
    o = xp.orthogonalized(g + momentum * m_t, muon_a, muon_b, muon_c, ns_steps)
    p_t = p - learning_rate * o
    return p_t, m_t


@rule(slots=_MOMENTUM, cites=_LIU)
def muon_scaled(
    xp, t, p, g, m, *, learning_rate, momentum, muon_a, muon_b, muon_c, ns_steps, rms_rate
):
    """With updates of about the root mean square that Adam's have."""
    m_t = xp.either(momentum * m + g, m + (g + (momentum - 1) * m))
    o = xp.orthogonalized(m_t, muon_a, muon_b, muon_c, ns_steps)
    p_t = p - learning_rate * o * xp.sqrt(xp.longest_side(p)) * rms_rate
    return p_t, m_t


@rule(slots=_MOMENTUM, cites=_LIU)
def muon_scaled_nesterov(
    xp, t, p, g, m, *, learning_rate, momentum, muon_a, muon_b, muon_c, ns_steps, rms_rate
):
    """Scaled, with Nesterov's look ahead."""
    m_t = xp.either(momentum * m + g, m + (g + (momentum - 1) * m))
    o = xp.orthogonalized(g + momentum * m_t, muon_a, muon_b, muon_c, ns_steps)
    p_t = p - learning_rate * o * xp.sqrt(xp.longest_side(p)) * rms_rate
    return p_t, m_t


@rule(slots={"m": zeros, "v": zeros}, cites="Kingma & Ba 2015, end of section 2")
def adam_beside_muon(
    xp, t, p, g, m, v, *, learning_rate, adam_lr_ratio, adam_beta_1, adam_beta_2, epsilon
):
    """Adam for what is no matrix, at a share of the rate."""
    m_t = adam_beta_1 * m + (1 - adam_beta_1) * g
    v_t = adam_beta_2 * v + (1 - adam_beta_2) * g**2
    rate = learning_rate * adam_lr_ratio
    alpha_t = rate * xp.sqrt(1 - adam_beta_2**t) / (1 - adam_beta_1**t)
    p_t = p - alpha_t * m_t / (xp.sqrt(v_t) + epsilon)
    return p_t, m_t, v_t
