"""What Optax's optimizers that ask for a loss come to by hand."""

from __future__ import annotations

from typing import Any

from optax_facts import Fact

_FLAT: dict[str, Any] = {"value": [1.0], "factor": 0.5, "patience": 1}
_MOMO: dict[str, Any] = {"learning_rate": 1.0, "beta": 0.5}
_SOPHIA: dict[str, Any] = {
    "learning_rate": 1.0,
    "b1": 0.5,
    "b2": 0.5,
    "eps": 1.0,
    "gamma": 0.5,
    "update_interval": 1,
    "weight_decay": 0.0,
    "hessian_diagonal_fn": [16.0],
}

FACTS_OF_LOSSES: dict[str, Fact] = {
    "polyak": ("scale_by_polyak", {"value": [10.0], "f_min": 5}, [0, 0], [[3, 4]], [0.6, 0.8]),
    "polyak at most": (
        "scale_by_polyak",
        {"value": [10.0], "max_learning_rate": 0.125},
        [0, 0],
        [[3, 4]],
        [0.375, 0.5],
    ),
    "polyak below": ("scale_by_polyak", {"value": [-5.0]}, [0, 0], [[3, 4]], [-0.6, -0.8]),
    "polyak not below": (
        "scale_by_polyak",
        {"value": [-5.0], "variant": "sps+"},
        [1, 0],
        [[3, 4]],
        [1, 0],
    ),
    "polyak beside": ("scale_by_polyak", {"value": [5.0], "eps": 25}, [0, 0], [[3, 4]], [0.3, 0.4]),
    "polyak of nothing": ("scale_by_polyak", {"value": [5.0]}, [1], [[0]], [1]),
    "polyak's descent": (
        "polyak_sgd",
        {"value": [1.25], "scaling": 0.5},
        [0, 0],
        [[3, 4]],
        [-0.3, -0.4],
    ),
    "contrib/momo": ("momo", {**_MOMO, "value": [0.5, 1.5]}, [2], [[1], [3]], [1.125]),
    "contrib/momo decays": ("momo", {**_MOMO, "value": [0.5], "weight_decay": 1}, [2], [[1]], [1]),
    "contrib/momo lowers its bound": (
        "momo",
        {"beta": 0, "value": [0.5, 0.125], "adapt_lower_bound": True},
        [2],
        [[1], [1]],
        [1.4375],
    ),
    "contrib/momo at its rate": (
        "momo_adam",
        {"learning_rate": 0.25, "b1": 0.5, "b2": 0.75, "eps": 0, "value": [1.0]},
        [2],
        [[1]],
        [1.75],
    ),
    "contrib/momo at its size": (
        "momo_adam",
        {"learning_rate": 1, "b1": 0.5, "b2": 0.75, "eps": 0, "value": [0.25]},
        [2],
        [[1]],
        [1.75],
    ),
    "contrib/plateau": ("reduce_on_plateau", _FLAT, [0], [[1], [1], [1]], [1.75]),
    "contrib/plateau rests": (
        "reduce_on_plateau",
        {**_FLAT, "cooldown": 1},
        [0],
        [[1]] * 4,
        [2.25],
    ),
    "contrib/plateau of means": (
        "reduce_on_plateau",
        {**_FLAT, "accumulation_size": 2, "value": [1.0, 3.0, 2.0]},
        [0],
        [[1]] * 4,
        [3.5],
    ),
    "contrib/plateau has a floor": (
        "reduce_on_plateau",
        {**_FLAT, "min_scale": 0.75},
        [0],
        [[1], [1], [1]],
        [2.5],
    ),
    "contrib/plateau by an amount": (
        "reduce_on_plateau",
        {**_FLAT, "rtol": 0, "atol": 0.5, "value": [1.0, 0.75]},
        [0],
        [[1], [1]],
        [1.5],
    ),
    "contrib/sophia": ("sophia", {**_SOPHIA, "clip_threshold": None}, [0], [[4], [4]], [-4.25]),
    "contrib/sophia clips": ("sophia", _SOPHIA, [0], [[4], [4]], [-1.25]),
}
