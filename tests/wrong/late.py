"""Steps that show the parameters, or take the gradients, of the step before."""

from __future__ import annotations

import numpy as np

from wrong.fault import HONEST
from wrong.wrong_step import WrongStep


class _ShowsWhatWas(HONEST["keras3/Adam"]):
    def step(self, grads):
        before = [np.array(p) for p in self.params]
        super().step(grads)
        return before


class _TakesTheLastGradients(HONEST["keras2/Adam"]):
    """As river's FTRLProximal and TensorFlow's GGT do."""

    kept = None

    def apply(self, grads):
        kept, self.kept = self.kept, grads
        super().apply([np.zeros_like(g) for g in grads] if kept is None else kept)


class _TakesTheFirstGradientTwice(HONEST["keras3/SGD"]):
    kept = None

    def apply(self, grads):
        kept, self.kept = self.kept, grads
        super().apply(kept or grads)


LATE = [
    WrongStep(
        "keras3/Adam",
        _ShowsWhatWas,
        "coarse",
        "the parameters that are shown are those from before the step,",
    ),
    WrongStep(
        "keras2/Adam",
        _TakesTheLastGradients,
        "coarse",
        "the gradients are those of the step before, at first 0,",
    ),
    WrongStep(
        "keras3/SGD",
        _TakesTheFirstGradientTwice,
        "global-clipnorm",
        "the gradients are those of the step before, at first its own,",
    ),
]
