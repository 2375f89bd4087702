"""The direction of MADGRAD: dual averaging over the cube root of a sum of squares."""

from oracle.rules.rule import at_parameter, rule, zeros


@rule(
    slots={"x_0": at_parameter, "s": zeros, "nu": zeros},
    cites="Defazio & Jelassi 2022, algorithm 1; epsilon is added to the rate as well (Optax)",
)
def madgrad(xp, t, p, g, x_0, s, nu, *, learning_rate, momentum, epsilon):
    """MADGRAD."""
    weight = (learning_rate + epsilon) * xp.sqrt(t)
    s_t = s + weight * g
    nu_t = nu + weight * g**2
    third = xp.constant(1) / 3
    z = x_0 - s_t / (nu_t**third + epsilon)
    x_0_t = x_0
    u_t = (1 - momentum) * z + momentum * p - p
    return u_t, x_0_t, s_t, nu_t
