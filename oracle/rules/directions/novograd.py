"""The direction of NovoGrad: a second moment for each tensor, and momentum behind it."""

from oracle.rules.rule import Slot, of_tensor, rule, zeros


@rule(
    slots={"m": zeros, "v": Slot(0, shape=of_tensor)},
    cites="Ginsburg et al. 2020, algorithm 1; a second epsilon under the root (Optax)",
)
def novograd(xp, t, p, g, m, v, *, beta_1, beta_2, epsilon, eps_root, weight_decay):
    """NovoGrad; the first second moment is the square of the first norm."""
    square = xp.sum(g**2)
    v_t = xp.where(t <= 1, square, beta_2 * v + (1 - beta_2) * square)
    m_t = beta_1 * m + (g / (xp.sqrt(v_t + eps_root) + epsilon) + weight_decay * p)
    u_t = m_t
    return u_t, m_t, v_t
