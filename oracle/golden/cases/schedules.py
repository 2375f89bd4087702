"""The learning-rate schedules of Keras 3, one case for each of their branches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Schedule:
    """A schedule and the steps at which its branches show."""

    id: str
    why: str
    class_name: str
    config: tuple[tuple[str, Any], ...]
    steps: int
    checkpoints: tuple[int, ...]

    @property
    def serialized(self) -> dict[str, Any]:
        """The form in which Keras stores it."""
        config = {k: list(v) if isinstance(v, tuple) else v for k, v in self.config}
        return {"class_name": self.class_name, "config": config}


def schedule(
    case_id: str, why: str, class_name: str, checkpoints: tuple[int, ...], **config: Any
) -> Schedule:
    """Return a schedule whose case ends at its last checkpoint."""
    return Schedule(
        case_id, why, class_name, tuple(config.items()), checkpoints[-1], tuple(checkpoints)
    )


SCHEDULES: tuple[Schedule, ...] = (
    schedule(
        "piecewise",
        "A boundary belongs to the piece before it; steps count from 0",
        "PiecewiseConstantDecay",
        (2, 3, 4, 5, 6, 7, 8),
        boundaries=(1, 3, 4, 6),
        values=(0.5, 0.125, 0.25, 0.0625, 0.375),
    ),
    schedule(
        "inverse-time",
        "The rate is divided by 1 + decay_rate * step / decay_steps",
        "InverseTimeDecay",
        (1, 4),
        initial_learning_rate=0.5,
        decay_steps=3,
        decay_rate=0.5,
    ),
    schedule(
        "exponential",
        "The rate decays smoothly between the multiples of decay_steps",
        "ExponentialDecay",
        (2, 5),
        initial_learning_rate=0.5,
        decay_steps=4,
        decay_rate=0.25,
    ),
    schedule(
        "polynomial",
        "The rate falls in a straight line and stays at its end",
        "PolynomialDecay",
        (1, 4, 7),
        initial_learning_rate=0.5,
        decay_steps=4,
        end_learning_rate=0.0625,
    ),
    schedule(
        "cosine",
        "The rate falls along a cosine to alpha and stays there",
        "CosineDecay",
        (2, 6),
        initial_learning_rate=0.5,
        decay_steps=4,
        alpha=0.125,
    ),
    schedule(
        "restarts",
        "The cosine starts again after each period of the same length",
        "CosineDecayRestarts",
        (2, 4, 8, 11, 13),
        initial_learning_rate=0.5,
        first_decay_steps=3,
        t_mul=1.0,
        m_mul=0.5,
    ),
    schedule(
        "exponential-staircase",
        "With staircase the rate stays for decay_steps, then jumps",
        "ExponentialDecay",
        (3, 4, 6, 7, 8, 14),
        initial_learning_rate=0.5,
        decay_steps=3,
        decay_rate=0.5,
        staircase=True,
    ),
    schedule(
        "inverse-time-staircase",
        "With staircase the divisor stays for decay_steps, then jumps",
        "InverseTimeDecay",
        (3, 4, 6, 7, 8, 14),
        initial_learning_rate=0.5,
        decay_steps=3,
        decay_rate=0.5,
        staircase=True,
    ),
    schedule(
        "polynomial-cycle",
        "With cycle the decay is stretched to the next multiple of its steps; there it has ended",
        "PolynomialDecay",
        (3, 4, 5, 7, 8, 14),
        initial_learning_rate=0.5,
        decay_steps=3,
        end_learning_rate=0.125,
        power=2.0,
        cycle=True,
    ),
    schedule(
        "cosine-warmup",
        "The rate climbs to its target in a line, then falls along a cosine",
        "CosineDecay",
        (1, 3, 4, 5, 9),
        initial_learning_rate=0.0625,
        decay_steps=4,
        alpha=0.25,
        warmup_target=0.5,
        warmup_steps=3,
    ),
    schedule(
        "restarts-stretched",
        "Each period is t_mul times longer and m_mul times lower",
        "CosineDecayRestarts",
        (3, 5, 9, 13, 22),
        initial_learning_rate=0.5,
        first_decay_steps=2.5,
        t_mul=1.5,
        m_mul=0.75,
        alpha=0.125,
    ),
    schedule(
        "polynomial-root",
        "A power of one half bends the decay the other way",
        "PolynomialDecay",
        (2, 4),
        initial_learning_rate=0.5,
        decay_steps=8,
        power=0.5,
    ),
    schedule(
        "polynomial-root-ended",
        "Where 1 - step / decay_steps is 0, its root is 0 and not that of a rounding below",
        "PolynomialDecay",
        (3, 4, 7),
        initial_learning_rate=0.5,
        decay_steps=3,
        power=0.5,
    ),
    schedule(
        "cosine-defaults",
        "With nothing else set the cosine falls to 0",
        "CosineDecay",
        (2, 6),
        initial_learning_rate=0.5,
        decay_steps=4,
    ),
    schedule(
        "restarts-defaults",
        "With nothing else set each period is twice as long and as high",
        "CosineDecayRestarts",
        (3, 5, 9, 19),
        initial_learning_rate=0.5,
        first_decay_steps=2.5,
    ),
)
