"""Cases for what surprises in AddSign and PowerSign of TensorFlow 1's tf.contrib.opt."""

from __future__ import annotations

from typing import Any

from oracle.golden.cases.plan import Plan


def _signs(**others: Any) -> list[Plan]:
    """Return what both classes show that compare the signs of a gradient and of its mean."""
    return [
        Plan(
            "sign-of-zero",
            "sign(0) = 0: with beta 1 the mean stays 0 and has no say",
            {"learning_rate": 0.25, **others, "beta": 1.0},
            checkpoints=(1, 2, 3),
        ),
        Plan(
            "no-bias-correction",
            "The mean grows from 0, without a bias correction",
            {"learning_rate": 0.25, **others, "beta": 0.875},
            gradients="steady",
            checkpoints=(1, 2, 3),
        ),
        Plan(
            "new-mean",
            "The sign is that of the mean with the present gradient in it",
            {"learning_rate": 0.25, **others, "beta": 0.25},
            gradients="sign-changing",
            checkpoints=(1, 2, 3),
        ),
    ]


def _fading(**others: Any) -> list[Plan]:
    """Return what the functions that let the agreement of signs fade show."""
    common = {"learning_rate": 0.25, **others}

    def plan(id: str, why: str, name: str, **config: Any) -> Plan:
        function = {"class_name": f"get_{name}_decay_fn", "config": config}
        hyper = {**common, "sign_decay_fn": function}
        return Plan(id, why, hyper, steps=7, checkpoints=(1, 2, 4, 5, 7))

    return [
        plan(
            "linear-fading",
            "Linear: 1 at the first step, 0 from decay_steps on",
            "linear",
            decay_steps=4,
        ),
        plan(
            "cosine-fading",
            "Cosine: half a wave by default, from 1 down to 0",
            "cosine",
            decay_steps=4,
        ),
        plan(
            "cosine-full-wave",
            "A whole wave of cosine ends where it began, at 1",
            "cosine",
            decay_steps=4,
            num_periods=1.0,
        ),
        plan(
            "cosine-zero-after",
            "zero_after counts periods of the wave, not steps",
            "cosine",
            decay_steps=5,
            num_periods=1.0,
            zero_after=0.5,
        ),
        plan("restart-fading", "At decay_steps the restart is back at 1", "restart", decay_steps=4),
        plan(
            "restarts",
            "Each period of the restart falls from 1 anew",
            "restart",
            decay_steps=5,
            num_periods=2,
            zero_after=1.5,
        ),
        plan(
            "restarts-of-a-broken-number",
            "Periods that are no whole number start anew in the middle of the steps",
            "restart",
            decay_steps=5,
            num_periods=1.3,
        ),
    ]


SIGNS: dict[str, list[Plan]] = {
    "tf.contrib.opt/AddSignOptimizer": [
        *_signs(alpha=0.5),
        *_fading(alpha=0.5, beta=0.75),
        Plan(
            "signs-cancel",
            "With alpha 1 a gradient against its mean moves nothing",
            {"learning_rate": 0.25, "alpha": 1.0, "beta": 0.875},
            gradients="sign-changing",
            steps=4,
            checkpoints=(1, 2, 3, 4),
        ),
    ],
    "tf.contrib.opt/PowerSignOptimizer": [
        *_signs(base=4.0),
        *_fading(base=4.0, beta=0.75),
        Plan(
            "base-of-one",
            "With base 1 the signs do not matter",
            {"learning_rate": 0.25, "base": 1.0},
            gradients="sign-changing",
        ),
    ],
}
