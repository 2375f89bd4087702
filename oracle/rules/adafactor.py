"""Adafactor: a second moment that a matrix keeps as the means of its rows and of its columns."""

from oracle.rules.rule import Slot, of_columns, of_rows, rule, zeros


@rule(
    slots={"r": Slot(0, shape=of_rows), "c": Slot(0, shape=of_columns)},
    cites="Shazeer & Stern 2018, algorithm 4, with the step sizes of section 9",
)
def adafactor(
    xp, t, p, g, r, c, *, learning_rate, beta_2_decay, epsilon_1, epsilon_2, clip_threshold
):
    """Of a tensor with more axes, the last two are those of its matrices."""
    rho = xp.minimum(learning_rate, 1 / xp.sqrt(t))
    alpha = xp.maximum(epsilon_2, xp.sqrt(xp.mean(p**2))) * rho
    beta_2 = 1 - t**beta_2_decay
    r_t = beta_2 * r + (1 - beta_2) * xp.row_means(g**2 + epsilon_1)
    c_t = beta_2 * c + (1 - beta_2) * xp.column_means(g**2 + epsilon_1)
    u = g / xp.sqrt(xp.outer(xp.over_row_means(r_t), c_t))
    u_hat = u / xp.maximum(1, xp.sqrt(xp.mean(u**2)) / clip_threshold)
    p_t = p - alpha * u_hat
    return p_t, r_t, c_t


@rule(slots={"v": zeros}, cites="Shazeer & Stern 2018, algorithm 5, with the same step sizes")
def adafactor_vector(
    xp, t, p, g, v, *, learning_rate, beta_2_decay, epsilon_1, epsilon_2, clip_threshold
):
    """What has no rows and columns keeps all of it."""
    rho = xp.minimum(learning_rate, 1 / xp.sqrt(t))
    alpha = xp.maximum(epsilon_2, xp.sqrt(xp.mean(p**2))) * rho
    beta_2 = 1 - t**beta_2_decay
    v_t = beta_2 * v + (1 - beta_2) * (g**2 + epsilon_1)
    u = g / xp.sqrt(v_t)
    u_hat = u / xp.maximum(1, xp.sqrt(xp.mean(u**2)) / clip_threshold)
    p_t = p - alpha * u_hat
    return p_t, v_t
