"""What Optax comes to by hand: an alias or a link, its arguments, start, gradients and the end."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

FEW: dict[str, Any] = {"b1": 0.5, "b2": 0.75, "eps": 0.0}
HALF: dict[str, Any] = {"learning_rate": 0.5}

Fact: TypeAlias = "tuple[str, dict[str, Any], list[float], list[list[float]], list[float]]"

FACTS: dict[str, Fact] = {
    "momentum": ("sgd", {**HALF, "momentum": 0.5}, [0], [[1], [1]], [-1.25]),
    "nesterov": ("sgd", {**HALF, "momentum": 0.5, "nesterov": True}, [0], [[1], [1]], [-1.625]),
    "sign": ("sign_sgd", HALF, [0, 0, 0], [[3, 0, -0.1]], [-0.5, 0, 0.5]),
    "sign of the average": ("signum", {**HALF, "beta": 0.5}, [0], [[4], [-1]], [-1]),
    "growth": ("optimistic_gradient_descent", HALF, [0], [[2], [3]], [-3]),
    "lion": ("lion", {**HALF, "b1": 0.5, "b2": 0.5, "weight_decay": 0.25}, [4], [[2]], [3]),
    "lars": (
        "lars",
        {"learning_rate": 1, "trust_coefficient": 0.5, "momentum": 0.5},
        [3, 4],
        [[0, 2]],
        [3, 1.5],
    ),
    "lars lets some rest": (
        "lars",
        {"learning_rate": 1, "trust_coefficient": 0.5, "trust_ratio_mask": []},
        [3, 4],
        [[0, 2]],
        [3, 2],
    ),
    "fromage": ("fromage", {"learning_rate": 0.75}, [3, 4], [[0, 2]], [2.4, 0.2]),
    "rprop is a step late": ("rprop", {"learning_rate": 1}, [0], [[1]], [0]),
    "rprop": ("rprop", {"learning_rate": 1, "eta_plus": 1.5}, [0], [[1], [9], [1]], [-2.5]),
    "rprop turns": ("rprop", {"learning_rate": 1}, [0], [[1], [-1], [-1], [-1]], [0.5]),
    "adagrad": (
        "adagrad",
        {"learning_rate": 1, "initial_accumulator_value": 0, "eps": 0},
        [0, 0],
        [[3, 0], [4, 0]],
        [-1.8, 0],
    ),
    "adadelta": ("adadelta", {"learning_rate": 0.75, "rho": 0.5, "eps": 1}, [0], [[4]], [-1]),
    "adadelta climbs": ("adadelta", {"rho": 0.5, "eps": 1}, [0], [[-6], [0]], [-6 / 19**0.5]),
    "rmsprop": ("rmsprop", {**HALF, "decay": 0.75, "eps": 3}, [0], [[2]], [-0.5]),
    "rmsprop epsilon beside": (
        "rmsprop",
        {**HALF, "decay": 0.75, "eps": 1, "eps_in_sqrt": False},
        [0],
        [[2]],
        [-0.5],
    ),
    "rmsprop corrected": (
        "rmsprop",
        {**HALF, "decay": 0.75, "eps": 0, "bias_correction": True},
        [0],
        [[2]],
        [-0.5],
    ),
    "rmsprop centered": (
        "rmsprop",
        {**HALF, "decay": 0.75, "eps": 0.25, "centered": True},
        [0],
        [[2]],
        [-1],
    ),
    "rmsprop momentum": (
        "rmsprop",
        {**HALF, "decay": 0, "eps": 0, "momentum": 0.5},
        [0],
        [[2], [3]],
        [-1.25],
    ),
    "adam": ("adam", {**HALF, **FEW, "eps_root": 7}, [0], [[3]], [-0.375]),
    "nadam": ("nadam", {"learning_rate": 0.75, **FEW}, [0], [[3]], [-1]),
    "adamw": ("adamw", {**HALF, **FEW, "weight_decay": 0.25}, [4], [[3]], [3]),
    "adamw mask": ("adamw", {**HALF, **FEW, "weight_decay": 1, "mask": [1]}, [4], [[3]], [3.5]),
    "nadamw": (
        "nadamw",
        {"learning_rate": 0.75, **FEW, "weight_decay": 1},
        [4],
        [[3]],
        [0],
    ),
    "amsgrad": ("amsgrad", {**HALF, **FEW}, [0], [[4], [0]], [-0.5 - 0.5 / 3]),
    "amsgrad bare": (
        "amsgrad",
        {**HALF, **FEW, "bias_correction_mu": False, "bias_correction_nu": False},
        [0],
        [[4]],
        [-0.5],
    ),
    "adamax": ("adamax", {"learning_rate": 1, "b1": 0.5, "eps": 1}, [0], [[3]], [-0.75]),
    "adamaxw": (
        "adamaxw",
        {"learning_rate": 1, "b1": 0.5, "eps": 1, "weight_decay": 0.25},
        [1],
        [[3]],
        [0],
    ),
    "radam waits": ("radam", {**HALF, **FEW}, [0], [[3]], [-1.5]),
    "radam": ("radam", {**HALF, **FEW, "threshold": 1}, [0], [[3]], [-0.5 * 1.4**0.5]),
    "adabelief": ("adabelief", {**HALF, **FEW, "eps_root": 0}, [0], [[2]], [-1]),
    "adabelief ahead": (
        "adabelief",
        {"learning_rate": 0.75, **FEW, "eps_root": 0, "nesterov": True},
        [0],
        [[2]],
        [-2],
    ),
    "yogi": (
        "yogi",
        {**HALF, "b1": 0.5, "b2": 0.75, "eps": 1},
        [0],
        [[2]],
        [-0.5 * (2 + 1e-6) / (math.sqrt(4 + 4e-6) + 1)],
    ),
    "adan": (
        "adan",
        {**HALF, "b1": 0.5, "b2": 0.5, "b3": 0.75, "eps": 0, "eps_root": 0},
        [0],
        [[2], [4]],
        [-1],
    ),
    "lamb": ("lamb", {**HALF, "eps": 0}, [3, 4], [[7, 7]], [3 - 2.5 / 2**0.5, 4 - 2.5 / 2**0.5]),
    "novograd": (
        "novograd",
        {**HALF, "eps": 0, "weight_decay": 0.2},
        [1, 0],
        [[3, 4]],
        [0.6, -0.4],
    ),
    "optimistic adam": (
        "optimistic_adam",
        {**HALF, "b1": 0, "b2": 0, "eps": 0, "optimism": 0.25},
        [0],
        [[3], [-3]],
        [0.5],
    ),
    "optimistic adam v2": (
        "optimistic_adam_v2",
        {**HALF, "b1": 0, "b2": 0, "eps": 0, "beta": 0.5},
        [0],
        [[3], [-3]],
        [0.5],
    ),
}
