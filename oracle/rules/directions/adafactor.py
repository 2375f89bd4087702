"""Adafactor's directions, whose second moment epsilon bounds below (PyTorch)."""

from oracle.rules.rule import Slot, of_columns, of_rows, rule, zeros

_SIZES = "with the step sizes of section 9; epsilon bounds the second moment below"


@rule(
    slots={"r": Slot(0, shape=of_rows), "c": Slot(0, shape=of_columns)},
    cites=f"Shazeer & Stern 2018, algorithm 4, {_SIZES}",
)
def adafactor_bounded(xp, t, p, g, r, c, *, lr, beta_2_decay, epsilon_1, epsilon_2, clip_threshold):
    """Of a tensor with more axes, the last two are those of its matrices."""
    share = t**beta_2_decay
    r_t = (1 - share) * r + share * xp.row_means(g**2)
    c_t = (1 - share) * c + share * xp.column_means(g**2)
    r_mean = xp.maximum(xp.row_means(r_t), epsilon_1)
    v = xp.transpose(xp.transpose(xp.outer(r_t, c_t)) / xp.transpose(r_mean))
    u = g / xp.sqrt(xp.maximum(v, epsilon_1**2))
    excess = xp.sqrt(xp.mean(u**2)) / clip_threshold
    u_hat = u / xp.where(excess > 1, excess, 1)
    size = xp.sqrt(xp.mean(p**2))
    alpha = xp.where(size > epsilon_2, size, epsilon_2) * xp.minimum(lr, 1 / xp.sqrt(t))
    d_t = alpha * u_hat
    return d_t, r_t, c_t


@rule(slots={"v": zeros}, cites=f"Shazeer & Stern 2018, algorithm 5, {_SIZES}")
def adafactor_bounded_vector(
    xp, t, p, g, v, *, lr, beta_2_decay, epsilon_1, epsilon_2, clip_threshold
):
    """What has no rows and columns keeps all of it."""
    share = t**beta_2_decay
    v_t = (1 - share) * v + share * g**2
    u = g / xp.sqrt(xp.maximum(v_t, epsilon_1**2))
    excess = xp.sqrt(xp.mean(u**2)) / clip_threshold
    u_hat = u / xp.where(excess > 1, excess, 1)
    size = xp.sqrt(xp.mean(p**2))
    alpha = xp.where(size > epsilon_2, size, epsilon_2) * xp.minimum(lr, 1 / xp.sqrt(t))
    d_t = alpha * u_hat
    return d_t, v_t
