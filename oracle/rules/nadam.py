"""Nadam: Adam with Nesterov's momentum under a warming schedule."""

from oracle.rules.rule import rule, scalar_one, zeros

_DOZAT = "Dozat 2016, algorithm 2, with its momentum schedule"


@rule(
    slots={"m": zeros, "v": zeros, "mu_product": scalar_one},
    cites=f"{_DOZAT}, slowed by schedule_decay (Keras 2)",
)
def nadam_schedule_decay(
    xp, t, p, g, m, v, mu_product, *, learning_rate, beta_1, beta_2, epsilon, schedule_decay
):
    """Nadam whose momentum schedule has a rate."""
    mu_t = beta_1 * (1 - 0.5 * 0.96 ** (t * schedule_decay))
    mu_next = beta_1 * (1 - 0.5 * 0.96 ** ((t + 1) * schedule_decay))
    product_t = mu_product * mu_t
    product_next = product_t * mu_next
    m_t = beta_1 * m + (1 - beta_1) * g
    v_t = beta_2 * v + (1 - beta_2) * g**2
    g_hat = g / (1 - product_t)
    m_hat = m_t / (1 - product_next)
    v_hat = v_t / (1 - beta_2**t)
    m_bar = (1 - mu_t) * g_hat + mu_next * m_hat
    p_t = p - learning_rate * m_bar / (xp.sqrt(v_hat) + epsilon)
    return p_t, m_t, v_t, product_t


@rule(
    slots={"m": zeros, "v": zeros, "mu_product": scalar_one},
    cites=f"{_DOZAT} (Keras 3)",
)
def nadam(xp, t, p, g, m, v, mu_product, *, learning_rate, beta_1, beta_2, epsilon):
    """Nadam whose momentum schedule takes whole steps."""
    mu_t = beta_1 * (1 - 0.5 * 0.96**t)
    mu_next = beta_1 * (1 - 0.5 * 0.96 ** (t + 1))
    product_t = mu_product * mu_t
    product_next = product_t * mu_next
    m_t = beta_1 * m + (1 - beta_1) * g
    v_t = beta_2 * v + (1 - beta_2) * g**2
    g_hat = g / (1 - product_t)
    m_hat = m_t / (1 - product_next)
    v_hat = v_t / (1 - beta_2**t)
    m_bar = (1 - mu_t) * g_hat + mu_next * m_hat
    p_t = p - learning_rate * m_bar / (xp.sqrt(v_hat) + epsilon)
    return p_t, m_t, v_t, product_t


@rule(
    slots={"m": zeros, "v": zeros},
    cites="Dozat 2016, algorithm 2, without a momentum schedule (TensorFlow 1)",
)
def nadam_without_schedule(xp, t, p, g, m, v, *, learning_rate, beta_1, beta_2, epsilon):
    """Nadam whose momentum is constant, with both corrections of Adam folded into the step size."""
    m_t = beta_1 * m + (1 - beta_1) * g
    v_t = beta_2 * v + (1 - beta_2) * g**2
    m_bar = beta_1 * m_t + (1 - beta_1) * g
    alpha_t = learning_rate * xp.sqrt(1 - beta_2**t) / (1 - beta_1**t)
    p_t = p - alpha_t * m_bar / (xp.sqrt(v_t) + epsilon)
    return p_t, m_t, v_t
