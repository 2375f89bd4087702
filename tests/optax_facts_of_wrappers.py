"""What wrappers of `optax.contrib` and Muon come to by hand; a matrix is told row by row."""

from __future__ import annotations

from typing import Any

from optax_facts import Fact

from oracle.specification.wrapped import serialized

_TWICE = {"optimizer": serialized("sgd", learning_rate=1.0)}
_UP = {"adv_optimizer": serialized("sgd", learning_rate=1.0, momentum=0.5)}
_ONE = {"base_optimizer": serialized("sgd", learning_rate=1.0), "eps": 1, "s_init": 1}
_FEW: dict[str, Any] = {"ns_steps": 1, "beta": 0.5, "eps": 0.0, "nesterov": False}
_STEP = {**_FEW, "ns_coeffs": [2.0, -1.5, 0.5]}
_NO_STEP = {**_FEW, "ns_coeffs": [1.0, 0.0, 0.0]}
_ADAM = {"learning_rate": 0.5, "adam_b1": 0.5, "adam_b2": 0.75, "eps": 0.0, "nesterov": False}
_ZERO = [[0.0, 0.0], [0.0, 0.0]]
_DIAGONAL = [[[3.0, 0.0], [0.0, 4.0]]]

FACTS_OF_WRAPPERS: dict[str, Fact] = {
    "contrib/norm of 1": ("normalize", {}, [0, 0], [[3, 4]], [0.6, 0.8]),
    "contrib/free": (
        "schedule_free",
        {
            "base_optimizer": serialized("sgd", learning_rate=0.5),
            "learning_rate": 1.0,
            "b1": 0.5,
        },
        [4],
        [[2], [2]],
        [2.25],
    ),
    "contrib/the paper's sam": (
        "sam",
        {
            "optimizer": serialized("sgd", learning_rate=0.5),
            "adv_optimizer": serialized(
                "chain", args=[serialized("normalize"), serialized("sgd", learning_rate=1.0)]
            ),
        },
        [4, 4],
        [[3, 4], [1, 1]],
        [3.5, 3.5],
    ),
    "contrib/sam is up": ("sam", {**_TWICE, **_UP}, [0], [[1], [2], [1]], [-1]),
    "contrib/sam remembers": (
        "sam",
        {**_TWICE, **_UP, "reset_state": False},
        [0],
        [[1], [2], [1]],
        [-0.5],
    ),
    "contrib/sam that never climbs": (
        "sam",
        {**_TWICE, **_UP, "sync_period": 1},
        [0],
        [[1], [2], [1]],
        [-4],
    ),
    "contrib/mechanic": (
        "mechanize",
        {**_ONE, "num_betas": 1, "weight_decay": 0.0},
        [0],
        [[2], [2]],
        [-4],
    ),
    "contrib/mechanic that decays": (
        "mechanize",
        {**_ONE, "num_betas": 1, "weight_decay": 1.0},
        [3],
        [[2], [2]],
        [-0.75],
    ),
    "contrib/two rates begin at twice the scale": (
        "mechanize",
        {**_ONE, "num_betas": 2, "weight_decay": 0.0},
        [0],
        [[2]],
        [-2],
    ),
    "contrib/muon": (
        "muon",
        {"learning_rate": 1, **_STEP},
        _ZERO,
        _DIAGONAL,
        [-0.91488, 0, 0, -0.99584],
    ),
    "contrib/muon is longer with more outputs": (
        "muon",
        {"learning_rate": 1, **_STEP},
        [[0, 0, 0, 0]],
        [[[0, 0, 3, 4]]],
        [0, 0, -1.2, -1.6],
    ),
    "contrib/muon of one length": (
        "muon",
        {"learning_rate": 1, **_STEP, "consistent_rms": 0.5},
        [[0, 0, 0, 0]],
        [[[0, 0, 3, 4]]],
        [0, 0, -0.6, -0.8],
    ),
    "contrib/muon decays": (
        "muon",
        {"learning_rate": 1, **_NO_STEP, "weight_decay": 0.5},
        [[2]],
        [[[3]]],
        [0],
    ),
    "contrib/muon's mask": (
        "muon",
        {"learning_rate": 1, **_NO_STEP, "weight_decay": 0.5, "weight_decay_mask": [1]},
        [[2]],
        [[[3]]],
        [1],
    ),
    "contrib/adam beside muon": ("muon", _ADAM, [0], [[3]], [-0.5]),
    "contrib/its own rate": ("muon", {**_ADAM, "adam_learning_rate": 2}, [0], [[3]], [-2]),
    "contrib/its own decay": ("muon", {**_ADAM, "adam_weight_decay": 0.5}, [4], [[3]], [2.5]),
    "contrib/its own root": ("muon", {**_ADAM, "adam_eps_root": 7}, [0], [[3]], [-0.375]),
    "contrib/ahead of it": ("muon", {**_ADAM, "nesterov": True}, [0], [[3]], [-2 / 3]),
    "contrib/by muon": ("scale_by_muon", _STEP, _ZERO, _DIAGONAL, [0.91488, 0, 0, 0.99584]),
    "contrib/a row is a step": (
        "scale_by_muon",
        {**_STEP, "ns_coeffs": [[2.0, 0, 0], [3.0, 0, 0]], "ns_steps": 5},
        _ZERO,
        _DIAGONAL,
        [3.6, 0, 0, 4.8],
    ),
    "contrib/by its dual norm": (
        "scale_by_muon",
        {**_NO_STEP, "adaptive": True},
        _ZERO,
        _DIAGONAL,
        [3, 0, 0, 4],
    ),
    "contrib/ahead by its dual norm": (
        "scale_by_muon",
        {**_NO_STEP, "adaptive": True, "nesterov": True},
        _ZERO,
        _DIAGONAL,
        [4, 0, 0, 16 / 3],
    ),
    "contrib/over the largest singular value": (
        "scale_by_muon",
        {**_NO_STEP, "preconditioning": "spectral"},
        _ZERO,
        _DIAGONAL,
        [0.75, 0, 0, 1],
    ),
    "contrib/over the fourth root": (
        "scale_by_muon",
        {**_NO_STEP, "preconditioning": "schatten"},
        _ZERO,
        _DIAGONAL,
        [3 / 337**0.25, 0, 0, 4 / 337**0.25],
    ),
    "contrib/each row by itself": (
        "scale_by_muon",
        {**_NO_STEP, "preconditioning": "aol"},
        _ZERO,
        [[[1, 1], [0, 1]]],
        [3**-0.5, 3**-0.5, 0, 2**-0.5],
    ),
    "contrib/each column of a standing matrix": (
        "scale_by_muon",
        {**_NO_STEP, "preconditioning": "aol"},
        [[0, 0], [0, 0], [0, 0]],
        [[[1, 0], [1, 1], [0, 0]]],
        [3**-0.5, 0, 3**-0.5, 2**-0.5, 0, 0],
    ),
}
