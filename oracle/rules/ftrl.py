"""FTRL-Proximal: the weights solved anew from the regularized sum of gradients."""

from oracle.rules.rule import filled_with, rule, zeros


@rule(
    slots={"n": filled_with("initial_accumulator_value"), "z": zeros},
    cites="McMahan et al. 2013, algorithm 1, with shrinkage",
)
def ftrl(
    xp,
    t,
    p,
    g,
    n,
    z,
    *,
    learning_rate,
    learning_rate_power,
    l1_regularization_strength,
    l2_regularization_strength,
    l2_shrinkage_regularization_strength,
    beta,
):
    """FTRL-Proximal with L2 shrinkage."""
    n_t = n + g**2
    g_shrunk = g + 2 * l2_shrinkage_regularization_strength * p
    sigma = (n_t ** (-learning_rate_power) - n ** (-learning_rate_power)) / learning_rate
    z_t = z + g_shrunk - sigma * p
    l2 = l2_regularization_strength + beta / (2 * learning_rate)
    curvature = n_t ** (-learning_rate_power) / learning_rate + 2 * l2
    l1 = l1_regularization_strength
    p_t = (xp.minimum(xp.maximum(z_t, -l1), l1) - z_t) / curvature
    return p_t, n_t, z_t


@rule(
    slots={"n": filled_with("initial_accumulator_value"), "z": zeros},
    cites="McMahan et al. 2013, algorithm 1 (TensorFlow 1)",
)
def ftrl_or_zero(
    xp,
    t,
    p,
    g,
    n,
    z,
    *,
    learning_rate,
    learning_rate_power,
    l1_regularization_strength,
    l2_regularization_strength,
):
    """FTRL-Proximal; a weight is 0 unless its ``z`` is above the L1 penalty, NaN included."""
    n_t = n + g**2
    sigma = (n_t ** (-learning_rate_power) - n ** (-learning_rate_power)) / learning_rate
    z_t = z + g - sigma * p
    curvature = n_t ** (-learning_rate_power) / learning_rate + 2 * l2_regularization_strength
    l1 = l1_regularization_strength
    p_t = xp.where(xp.abs(z_t) > l1, (l1 * xp.sign(z_t) - z_t) / curvature, 0)
    return p_t, n_t, z_t


@rule(
    slots={"n": filled_with("initial_accumulator_value"), "z": zeros},
    cites="McMahan et al. 2013, algorithm 1, with shrinkage (TensorFlow 1)",
)
def ftrl_or_zero_shrinking(
    xp,
    t,
    p,
    g,
    n,
    z,
    *,
    learning_rate,
    learning_rate_power,
    l1_regularization_strength,
    l2_regularization_strength,
    l2_shrinkage_regularization_strength,
):
    """FTRL-Proximal with L2 shrinkage; a weight is 0 unless its ``z`` is above the L1 penalty."""
    n_t = n + g**2
    g_shrunk = g + 2 * l2_shrinkage_regularization_strength * p
    sigma = (n_t ** (-learning_rate_power) - n ** (-learning_rate_power)) / learning_rate
    z_t = z + g_shrunk - sigma * p
    curvature = n_t ** (-learning_rate_power) / learning_rate + 2 * l2_regularization_strength
    l1 = l1_regularization_strength
    p_t = xp.where(xp.abs(z_t) > l1, (l1 * xp.sign(z_t) - z_t) / curvature, 0)
    return p_t, n_t, z_t


@rule(
    slots={"n": filled_with("initial_accumulator_value"), "z": zeros},
    cites="McMahan et al. 2013, algorithm 1, with shrinkage (TensorFlow 1, sparse)",
)
def ftrl_clamped(
    xp,
    t,
    p,
    g,
    n,
    z,
    *,
    learning_rate,
    learning_rate_power,
    l1_regularization_strength,
    l2_regularization_strength,
    l2_shrinkage_regularization_strength,
):
    """FTRL-Proximal with L2 shrinkage; ``z`` is clamped to the L1 penalty, NaN stays NaN."""
    n_t = n + g**2
    g_shrunk = g + 2 * l2_shrinkage_regularization_strength * p
    sigma = (n_t ** (-learning_rate_power) - n ** (-learning_rate_power)) / learning_rate
    z_t = z + g_shrunk - sigma * p
    curvature = n_t ** (-learning_rate_power) / learning_rate + 2 * l2_regularization_strength
    l1 = l1_regularization_strength
    p_t = (xp.minimum(xp.maximum(z_t, -l1), l1) - z_t) / curvature
    return p_t, n_t, z_t
