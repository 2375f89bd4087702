"""AddSign and PowerSign: a step is longer where the gradient agrees with its running mean."""

from oracle.rules.rule import rule, zeros

_BELLO = "Bello et al. 2017, Neural Optimizer Search"


@rule(slots={"m": zeros}, cites=f"{_BELLO}, AddSign without decay of the sign")
def add_sign(xp, t, p, g, m, *, learning_rate, alpha, beta):
    """AddSign: the agreement of the signs is added to the factor of the gradient."""
    m_t = beta * m + (1 - beta) * g
    p_t = p - learning_rate * (alpha + xp.sign(g) * xp.sign(m_t)) * g
    return p_t, m_t


@rule(slots={"m": zeros}, cites=f"{_BELLO}, PowerSign without decay of the sign")
def power_sign(xp, t, p, g, m, *, learning_rate, log_base, beta):
    """PowerSign: the agreement of the signs is the exponent of a base."""
    m_t = beta * m + (1 - beta) * g
    p_t = p - learning_rate * xp.exp(log_base * xp.sign(g) * xp.sign(m_t)) * g
    return p_t, m_t


@rule(slots={"m": zeros}, cites=f"{_BELLO}, AddSign")
def add_sign_decayed(xp, t, p, g, m, *, learning_rate, alpha, beta, sign_decay):
    """AddSign; what the agreement of the signs adds decays with the steps."""
    m_t = beta * m + (1 - beta) * g
    p_t = p - learning_rate * (alpha + sign_decay * (xp.sign(g) * xp.sign(m_t))) * g
    return p_t, m_t


@rule(slots={"m": zeros}, cites=f"{_BELLO}, PowerSign")
def power_sign_decayed(xp, t, p, g, m, *, learning_rate, log_base, beta, sign_decay):
    """PowerSign; the exponent, which is the agreement of the signs, decays with the steps."""
    m_t = beta * m + (1 - beta) * g
    p_t = p - learning_rate * xp.exp(log_base * sign_decay * (xp.sign(g) * xp.sign(m_t))) * g
    return p_t, m_t


@rule(slots={"m": zeros}, cites=f"{_BELLO}, PowerSign (TensorFlow 1, sparse)")
def power_sign_of_e(xp, t, p, g, m, *, learning_rate, e, log_base, beta, sign_decay):
    """PowerSign as a power of Euler's number ``e``, which is held as a hyperparameter is."""
    m_t = beta * m + (1 - beta) * g
    p_t = p - learning_rate * e ** (log_base * sign_decay * (xp.sign(g) * xp.sign(m_t))) * g
    return p_t, m_t
