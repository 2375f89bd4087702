"""Schedule-Free AdamW: gradients are taken at p, Adam moves z, and x is the mean of z."""

from oracle.rules.rule import at_parameter, rule, zeros


@rule(
    slots={"z": at_parameter, "v": zeros},
    cites="Defazio et al. 2024, algorithm 1 (Schedule-Free AdamW), each z with the weight 1 / t",
)
def schedule_free_adamw(xp, t, p, g, z, v, *, learning_rate, beta_1, beta_2, epsilon, warmup_steps):
    """The mean is got back from p and z, not kept."""
    v_t = beta_2 * v + (1 - beta_2) * g**2
    v_hat = v_t / (1 - beta_2**t)
    rate = learning_rate * xp.where(t < warmup_steps, t / warmup_steps, 1)
    z_t = z - rate * g / (xp.sqrt(v_hat) + epsilon)
    x = (p - (1 - beta_1) * z) / beta_1
    x_t = (1 - 1 / t) * x + 1 / t * z_t
    p_t = (1 - beta_1) * z_t + beta_1 * x_t
    return p_t, z_t, v_t
