"""Clips as they are alive in other libraries, each with the golden case that shows it."""

from __future__ import annotations

from wrong.borrowed import Borrowed
from wrong.fault import fault

_EACH = "clipping.clip_by_norm(g, limit)"
_ALL = "return clipping.clip_by_global_norm(grads, self.number(self.global_clipnorm))"
_KERAS2 = "values = clipping.keras2_clip_by_norm(values, norm, self.number(self.clipnorm))"
_NORM = "np.sqrt(clipping.sum_of_squares(g))"
_SCALED = "values = {k: g * limit / np.maximum(measure, limit) for k, g in values.items()}"


def _each(says: str, name: str, clipped: str, dtype: str = "float32") -> Borrowed:
    return Borrowed(fault(name, "keras3/SGD", _EACH, clipped), "clipnorm", says, dtype)


def _common(says: str, name: str, measure: str) -> Borrowed:
    lines = f"limit = self.number(self.clipnorm); measure = self.number({measure}); {_SCALED}"
    return Borrowed(fault(name, "keras2/SGD", _KERAS2, lines), "clipnorm", says)


_VALUE = "if self.clipvalue and self.clipvalue > 0:"

CLIPS = [
    Borrowed(
        fault("clipvalue_of_zero_clips", "keras3/Adam", _VALUE, "if self.clipvalue is not None:"),
        "clipvalue-of-zero",
        "clipvalue=0 is taken as every other number",
    ),
    _each(
        "g * xp.minimum(clip_norm / (xp.norm(g) + 1e-06), 1)",
        "clip_with_epsilon",
        f"g * np.minimum(limit / ({_NORM} + self.number(1e-6)), self.number(1))",
        dtype="float64",
    ),
    Borrowed(
        fault(
            "clip_all_with_epsilon",
            "keras3/SGD",
            _ALL,
            "scale = self.number(self.global_clipnorm) / "
            "(clipping.global_norm(grads) + self.number(1e-6));"
            " return {k: g * np.minimum(scale, self.number(1)) for k, g in grads.items()}",
        ),
        "global-clipnorm",
        "xp.minimum(clip_norm / (norm + 1e-06), 1)",
        "float64",
    ),
    _each(
        "g * clip_norm / (xp.norm(g) + clip_norm)",
        "clip_by_the_norm_and_the_threshold",
        f"g * limit / ({_NORM} + limit)",
    ),
    _each(
        "xp.maximum(xp.max(xp.abs(g)), clip_norm)",
        "clip_by_the_largest_element",
        "g * limit / np.maximum(self.number(np.max(np.abs(g), initial=0)), limit)",
    ),
    _each(
        "xp.norm(g) / math.sqrt(math.prod(xp.shape(g)))",
        "clip_by_the_root_mean_square",
        "g * limit / np.maximum("
        "np.sqrt(clipping.sum_of_squares(g) / self.number(max(g.size, 1))), limit)",
    ),
    _common(
        "xp.max(*map(xp.abs, gradients))",
        "clip_all_by_the_largest_element",
        "max(np.max(np.abs(g), initial=0) for g in values.values())",
    ),
    _common(
        "sum(map(xp.sum, map(xp.abs, gradients)))",
        "clip_all_by_the_sum_of_magnitudes",
        "sum(np.sum(np.abs(g)) for g in values.values())",
    ),
    _common(
        "xp.sqrt(total) / math.sqrt(sum(",
        "clip_all_by_the_root_mean_square",
        "norm / np.sqrt(sum(g.size for g in values.values()))",
    ),
]
