"""What the optimizers of Keras 3 share: its base class, in its own order of things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from oracle.adapters.numpy import clipping, schedules
from oracle.adapters.numpy.base import Array, Gradients, Number, Optimizer


@dataclass(kw_only=True, eq=False)
class Keras3Optimizer(Optimizer):
    """An optimizer of Keras 3: unscale, accumulate, clip, decay weights, update, average, count."""

    learning_rate: float | Mapping[str, Any] = 0.001
    weight_decay: float | None = None
    clipnorm: float | None = None
    clipvalue: float | None = None
    global_clipnorm: float | None = None
    use_ema: bool = False
    ema_momentum: float = 0.99
    ema_overwrite_frequency: int | None = None
    loss_scale_factor: float | None = None
    gradient_accumulation_steps: int | None = None
    exclude_from_weight_decay: Sequence[int] = ()
    """The indices of the parameters for which Keras' method of that name was called."""

    def __post_init__(self) -> None:
        """Refuse what Keras refuses, then create the slots."""
        schedules.check(self.learning_rate)
        self._check_arguments()
        super().__post_init__()

    def initial_slots(self) -> dict[str, float]:
        """Return the value that each slot starts from."""
        average = {"average": 0.0} if self.use_ema else {}
        return average | ({"accumulated_gradient": 0.0} if self.gradient_accumulation_steps else {})

    @property
    def updates(self) -> int:
        """The number of updates so far; with accumulation, one in that many steps is an update."""
        return self.iterations // (self.gradient_accumulation_steps or 1)

    def apply(self, grads: Gradients) -> None:
        """Run one step; a parameter whose gradient is None takes part only in the averages."""
        if not self.params:
            return
        present = {k: g for k, g in enumerate(grads) if isinstance(g, np.ndarray)}
        if not present:
            raise ValueError("no gradient is given for any parameter: pass at least one")
        if self.loss_scale_factor is not None:
            scale = self.number(self.loss_scale_factor)
            present = {k: g / scale for k, g in present.items()}
        self._accumulate_or_update(present)
        if self.use_ema:
            self._average()
        self.iterations += 1

    def _accumulate_or_update(self, grads: dict[int, Array]) -> None:
        every = self.gradient_accumulation_steps
        if not every:
            self._update_all(grads)
            return
        sums = {k: g + self.state[k]["accumulated_gradient"] for k, g in grads.items()}
        if (self.iterations + 1) % every:
            for k, total in sums.items():
                self.state[k]["accumulated_gradient"] = total
            return
        count = self.number(every)
        self._update_all({k: total / count for k, total in sums.items()})
        for slots, p in zip(self.state, self.params, strict=True):
            slots["accumulated_gradient"] = np.zeros_like(p)

    def _update_all(self, grads: dict[int, Array]) -> None:
        grads = self._clip(grads)
        lr = schedules.learning_rate_at(self.learning_rate, self.iterations, self.number)
        self._decay_weights(grads, lr)
        self.prepare()
        for k, g in grads.items():
            self.set_param(k, self.update(self.params[k], g, self.state[k], lr))

    def prepare(self) -> None:
        """Advance the state that all parameters share."""

    def _clip(self, grads: dict[int, Array]) -> dict[int, Array]:
        if self.clipnorm and self.clipnorm > 0:
            limit = self.number(self.clipnorm)
            return {k: clipping.clip_by_norm(g, limit) for k, g in grads.items()}
        if self.global_clipnorm and self.global_clipnorm > 0:
            return clipping.clip_by_global_norm(grads, self.number(self.global_clipnorm))
        if self.clipvalue and self.clipvalue > 0:
            limit = self.number(self.clipvalue)
            return {k: clipping.clip_by_value(g, limit) for k, g in grads.items()}
        return grads

    def _decay_weights(self, grads: Mapping[int, Array], lr: Number) -> None:
        if self.weight_decay is None:
            return
        weight_decay = self.number(self.weight_decay)
        for k in grads:
            if k not in self.exclude_from_weight_decay:
                p = self.params[k]
                self.set_param(k, p - p * weight_decay * lr)

    def _average(self) -> None:
        """Move the averages towards the parameters; before the first update they are copies."""
        one, momentum = self.numbers(1, self.ema_momentum if self.updates else 0.0)
        frequency = self.ema_overwrite_frequency
        for k, (p, slots) in enumerate(zip(self.params, self.state, strict=True)):
            slots["average"] = momentum * slots["average"] + (one - momentum) * p
            if frequency and (self.updates + 1) % frequency == 0:
                self.set_param(k, slots["average"])

    def _check_arguments(self) -> None:
        limits = {"clipnorm", "clipvalue", "global_clipnorm"}
        given = sorted(name for name in limits if getattr(self, name) is not None)
        if len(given) > 1:
            raise ValueError(f"{' and '.join(given)} are both set: Keras 3 takes only one of them")
        steps, frequency = self.gradient_accumulation_steps, self.ema_overwrite_frequency
        if steps and not steps >= 2:
            raise ValueError(f"gradient_accumulation_steps is {steps}, but must be at least 2")
        if self.use_ema and not 0 <= self.ema_momentum <= 1:
            raise ValueError(f"ema_momentum is {self.ema_momentum}, but must lie in [0, 1]")
        if self.use_ema and frequency and (not isinstance(frequency, int) or frequency < 1):
            raise ValueError(
                f"ema_overwrite_frequency is {frequency}, but must be an integer of at least 1"
            )
