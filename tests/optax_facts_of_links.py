"""What Optax's links, wrappers and contributions come to by hand."""

from __future__ import annotations

import math

from optax_facts import FEW, HALF, Fact

from oracle.specification.wrapped import serialized

_HALVED = serialized("scale", step_size=-0.5)

FACTS_OF_LINKS: dict[str, Fact] = {
    "clip": ("clip", {"max_delta": 1.5}, [0, 0, 0], [[1, -2, 7]], [1, -1.5, 1.5]),
    "clip by block rms": ("clip_by_block_rms", {"threshold": 2.5}, [0, 0], [[5, 5]], [2.5, 2.5]),
    "clip by global norm": ("clip_by_global_norm", {"max_norm": 1}, [0, 0], [[3, 4]], [0.6, 0.8]),
    "adaptive clip": ("adaptive_grad_clip", {"clipping": 0.5}, [6, 8], [[60, 80]], [9, 12]),
    "normalized": ("normalize_by_update_norm", {"eps": 5}, [0, 0], [[3, 4]], [0.3, 0.4]),
    "centralized": ("centralize", {}, [0, 0], [[3, 4]], [3, 4]),
    "nonnegative": ("keep_params_nonnegative", {}, [1, 1], [[-3, 4]], [0, 5]),
    "identity": ("identity", {}, [1], [[4]], [5]),
    "signs": ("scale_by_sign", {}, [1], [[4]], [2]),
    "scale": ("scale", {"step_size": -0.5}, [1], [[4]], [-1]),
    "rate": ("scale_by_learning_rate", HALF, [1], [[4]], [-1]),
    "decayed": ("add_decayed_weights", {"weight_decay": 0.5}, [8], [[4]], [16]),
    "trace": ("trace", {"decay": 0.5}, [0], [[4], [1]], [7]),
    "trace ahead": ("trace", {"decay": 0.5, "nesterov": True}, [0], [[4], [1]], [8.5]),
    "ema": ("ema", {"decay": 0.5, "debias": False}, [0], [[4], [2]], [4]),
    "ema corrected": ("ema", {"decay": 0.5}, [0], [[4], [5]], [26 / 3]),
    "every second": ("apply_every", {"k": 2}, [0], [[4], [2], [9]], [6]),
    "trust": ("scale_by_trust_ratio", {"eps": 3}, [3, 4], [[0, 2]], [3, 6]),
    "block norm": ("scale_by_param_block_norm", {}, [3, 4], [[0, 2]], [3, 14]),
    "block rms": ("scale_by_param_block_rms", {"min_scale": 8}, [3, 4], [[0, 2]], [3, 20]),
    "dog": (
        "scale_by_distance_over_gradients",
        {"reps_rel": 0.5, "eps": 0},
        [3, 4],
        [[0, 2]],
        [3, 7],
    ),
    "groups": (
        "MultiSteps",
        {"opt": serialized("sgd", learning_rate=0.5), "every_k_schedule": 2},
        [0],
        [[4], [2], [9]],
        [-1.5],
    ),
    "groups of sums": (
        "MultiSteps",
        {
            "opt": serialized("sgd", learning_rate=0.5),
            "every_k_schedule": 2,
            "use_grad_mean": False,
            "should_skip_update_fn": "skip_not_finite",
        },
        [0],
        [[4], [math.nan], [2]],
        [-3],
    ),
    "rests": (
        "apply_if_finite",
        {"inner": serialized("sgd", learning_rate=0.5), "max_consecutive_errors": 1},
        [0],
        [[math.inf], [4]],
        [-2],
    ),
    "rests no longer": (
        "apply_if_finite",
        {"inner": serialized("sgd", learning_rate=0.5), "max_consecutive_errors": 1},
        [0],
        [[math.inf], [math.inf]],
        [-math.inf],
    ),
    "chain": (
        "chain",
        {
            "args": [
                serialized("clip_by_global_norm", max_norm=1.0),
                serialized("trace", decay=0.5),
                serialized("sgd", learning_rate=0.5),
            ]
        },
        [0, 0],
        [[3, 4], [0, 0]],
        [-0.45, -0.6],
    ),
    "masked": ("masked", {"inner": _HALVED, "mask": [0]}, [1], [[4]], [-1]),
    "masked lets others through": ("masked", {"inner": _HALVED, "mask": [1]}, [1], [[4]], [5]),
    "adafactor": (
        "adafactor",
        {"learning_rate": 0.5, "multiply_by_parameter_scale": False},
        [0, 0],
        [[3, -4]],
        [-0.5, 0.5],
    ),
    "sm3": ("sm3", {**HALF, "momentum": 0}, [0], [[4]], [-2 / math.sqrt(16 + 1e-8)]),
    "contrib/dog": (
        "dog",
        {"init_step": ("distance", 0.5), "eps": 0},
        [0, 0],
        [[3, 4]],
        [-0.3, -0.4],
    ),
    "contrib/dog by norm": (
        "dog",
        {"init_step": ("heuristic", 0.5), "eps": 0},
        [3, 4],
        [[0, 1]],
        [3, 1],
    ),
    "contrib/dowg": (
        "dowg",
        {"init_estim_sq_dist": 0.25, "eps": 0},
        [0, 0],
        [[3, 4]],
        [-0.3, -0.4],
    ),
    "contrib/free": ("schedule_free_sgd", {**HALF, "b1": 0.5}, [0], [[4], [0]], [-2]),
    "contrib/free warms up": (
        "schedule_free_sgd",
        {**HALF, "b1": 0.5, "warmup_steps": 2},
        [0],
        [[4], [4]],
        [-0.9],
    ),
    "contrib/free adamw": ("schedule_free_adamw", {**HALF, "eps": 0}, [0], [[4]], [-0.5]),
    "contrib/prodigy": (
        "prodigy",
        {"betas": (0.5, 0.75), "eps": 0, "estim_lr0": 0.5},
        [0],
        [[4]],
        [-0.5],
    ),
    "contrib/dadapt": (
        "dadapt_adamw",
        {"betas": (0.5, 0.75), "eps": 0, "estim_lr0": 0.5},
        [0],
        [[4]],
        [-0.5],
    ),
    "contrib/acprop": (
        "acprop",
        {**HALF, "b1": 0.5, "b2": 0.75, "eps": 0, "eps_root": 0},
        [0],
        [[4], [1]],
        [-2 - 0.5 / 4],
    ),
    "contrib/ademamix": (
        "ademamix",
        {**HALF, **FEW, "b3": 0.5, "alpha": 2},
        [0],
        [[3]],
        [-1],
    ),
    "contrib/simplified": ("simplified_ademamix", {**HALF, **FEW, "alpha": 2}, [0], [[3]], [-1.5]),
    "contrib/adopt waits": ("adopt", HALF, [0], [[3]], [0]),
    "contrib/adopt": ("adopt", {**HALF, "b1": 0.5}, [0], [[2], [3], [0]], [-0.25 - 0.125]),
    "contrib/adopt without clip": (
        "adopt",
        {**HALF, "b1": 0.5, "use_clipping": False},
        [0],
        [[2], [3]],
        [-0.375],
    ),
    "contrib/cocob": ("cocob", {"alpha": 2, "eps": 0}, [1], [[4]], [0.5]),
    "contrib/madgrad": (
        "madgrad",
        {"learning_rate": 1, "momentum": 0.5, "eps": 0},
        [1],
        [[8]],
        [0],
    ),
}
