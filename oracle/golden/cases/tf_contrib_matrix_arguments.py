"""Values for the arguments of Shampoo and GGT, and what each one claims there."""

from __future__ import annotations

from oracle.golden.cases.arguments import Values

SHAMPOO = "tf.contrib.opt/ShampooOptimizer"
GGT = "tf.contrib.opt/GGTOptimizer"

TF_CONTRIB_MATRIX: dict[str, Values] = {
    SHAMPOO: Values(
        coarse={"learning_rate": 0.5, "gbar_decay": 0.5, "mat_gbar_decay": 0.5, "epsilon": 0.25},
        other={
            "learning_rate": 0.25,
            "max_matrix_size": 2,
            "gbar_weight": 0.5,
            "mat_gbar_weight": 0.25,
            "epsilon": 0.0625,
            "alpha": 1.0,
        },
        alone={
            "max_matrix_size": 2,
            "gbar_decay": 0.7,
            "gbar_weight": 0.3,
            "mat_gbar_decay": 0.9,
            "mat_gbar_weight": 0.1,
            "learning_rate": 0.03,
            "svd_interval": 2,
            "precond_update_interval": 2,
            "epsilon": 0.1,
            "alpha": 0.8,
        },
        required={"epsilon": 0.01},
        why={
            "max_matrix_size": "max_matrix_size alone leaves longer axes their diagonal",
            "gbar_decay": "gbar_decay alone lets the gradients before go on acting",
            "gbar_weight": "gbar_weight alone scales the gradient, not what is seen of it",
            "mat_gbar_decay": "mat_gbar_decay alone sets how fast an axis forgets",
            "mat_gbar_weight": "mat_gbar_weight alone scales what an axis sees",
            "svd_interval": "svd_interval alone keeps a root until the next one, at first none",
            "precond_update_interval": "this interval alone looks seldom, and as much more",
            "epsilon": "epsilon alone is added to every eigenvalue",
            "alpha": "alpha alone is the exponent, shared by the axes",
        },
    ),
    GGT: Values(
        coarse={
            "learning_rate": 0.5,
            "beta1": 0.5,
            "window": 3,
            "eps": 0.25,
            "svd_eps": 0.25,
            "sigma_eps": 0.5,
        },
        other={
            "learning_rate": 0.25,
            "beta1": 0.75,
            "window": 2,
            "eps": 2.0,
            "svd_eps": 0.0625,
            "sigma_eps": 0.25,
        },
        alone={
            "learning_rate": 0.03,
            "beta1": 0.7,
            "window": 2,
            "eps": 0.1,
            "svd_eps": 0.01,
            "sigma_eps": 0.3,
        },
        why={
            "beta1": "beta1 alone sets how long the first moment remembers",
            "window": "window alone is how many moments span the space",
            "eps": "eps alone leaves the rest of the space alone if roots are small",
            "svd_eps": "svd_eps alone is added to every eigenvalue",
            "sigma_eps": "sigma_eps alone is added to every root",
        },
    ),
}
