"""What Optax's `scale_by_*` come to by hand: a direction, which is added as it is."""

from __future__ import annotations

from typing import Any

from optax_facts import FEW, Fact

from oracle.specification.wrapped import serialized

_HALF: dict[str, Any] = {"learning_rate": 0.5}

FACTS_OF_SCALING: dict[str, Fact] = {
    "by adadelta": (
        "scale_by_adadelta",
        {"rho": 0.5, "eps": 1},
        [0],
        [[-6], [0]],
        [-6 / 19**0.5],
    ),
    "by adam": ("scale_by_adam", {**FEW, "eps_root": 7}, [0], [[3]], [0.75]),
    "by adam ahead": ("scale_by_adam", {**FEW, "nesterov": True}, [0], [[3]], [4 / 3]),
    "by adamax": ("scale_by_adamax", {"b1": 0.5, "eps": 1}, [0], [[3]], [0.75]),
    "by adan": (
        "scale_by_adan",
        {"b1": 0.5, "b2": 0.5, "b3": 0.75, "eps": 0, "eps_root": 0},
        [0],
        [[2], [4]],
        [2],
    ),
    "by amsgrad": ("scale_by_amsgrad", FEW, [0], [[4], [0]], [1 + 1 / 3]),
    "by belief": ("scale_by_belief", {**FEW, "eps_root": 0}, [0], [[2]], [2]),
    "by lion": ("scale_by_lion", {"b1": 0.5, "b2": 0.5}, [0], [[2], [-1]], [1]),
    "by novograd": (
        "scale_by_novograd",
        {"eps": 0, "weight_decay": 0.2},
        [1, 0],
        [[3, 4]],
        [1.8, 0.8],
    ),
    "by growth": ("scale_by_optimistic_gradient", {}, [0], [[2], [3]], [6]),
    "by radam waits": ("scale_by_radam", FEW, [0], [[3]], [3]),
    "by rms": ("scale_by_rms", {"decay": 0.75, "eps": 3}, [0], [[2]], [1]),
    "by stddev": ("scale_by_stddev", {"decay": 0.75, "eps": 0.25}, [0], [[2]], [2]),
    "by rprop": (
        "scale_by_rprop",
        {"learning_rate": 1, "eta_plus": 1.5},
        [0],
        [[1], [9], [1]],
        [2.5],
    ),
    "by rss": (
        "scale_by_rss",
        {"initial_accumulator_value": 0, "eps": 0},
        [0, 0],
        [[3, 0], [4, 0]],
        [1.8, 0],
    ),
    "by yogi": (
        "scale_by_yogi",
        {"b1": 0.5, "b2": 0.75, "eps": 1, "initial_accumulator_value": 0},
        [0],
        [[2]],
        [2 / 3],
    ),
    "by factored rms": ("scale_by_factored_rms", {}, [0, 0], [[3, -4]], [1, -1]),
    "by sm3 that fades": ("scale_by_sm3", {"b1": 0, "b2": 0.75, "eps": 0}, [0], [[4]], [2]),
    "by a rate that climbs": (
        "scale_by_learning_rate",
        {**_HALF, "flip_sign": False},
        [1],
        [[4]],
        [3],
    ),
    "lookahead": (
        "lookahead",
        {
            "fast_optimizer": serialized("sgd", **_HALF),
            "sync_period": 2,
            "slow_step_size": 0.5,
        },
        [0],
        [[2], [4], [2]],
        [-2.5],
    ),
    "lookahead forgets": (
        "lookahead",
        {
            "fast_optimizer": serialized("sgd", learning_rate=1.0, momentum=0.5),
            "sync_period": 2,
            "slow_step_size": 0.5,
            "reset_state": True,
        },
        [0],
        [[1], [1], [1]],
        [-2.25],
    ),
    "contrib/by acprop": ("scale_by_acprop", {**FEW, "eps_root": 0}, [0], [[2]], [2]),
    "contrib/by ademamix": ("scale_by_ademamix", {**FEW, "b3": 0.5, "alpha": 2}, [0], [[2]], [2]),
    "contrib/by adopt": ("scale_by_adopt", {}, [0], [[3]], [0]),
    "contrib/by cocob": ("scale_by_cocob", {"alpha": 2, "eps": 1}, [0], [[4]], [-0.5]),
    "contrib/by madgrad": (
        "scale_by_madgrad",
        {"learning_rate": 1, "momentum": 0, "eps": 0},
        [0],
        [[8]],
        [-2],
    ),
    "contrib/by a sum": (
        "scale_by_simplified_ademamix",
        {**FEW, "alpha": 1},
        [0],
        [[2]],
        [2],
    ),
}
