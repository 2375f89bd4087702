"""How fast each arithmetic steps Adam, as a ratio to plain numpy in the same run.

Run it as ``python benchmarks/arithmetics.py``. It prints element-steps a second and exits with 1
when native has become more than ``LIMIT`` times slower than plain float64 numpy.
"""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable

import numpy as np

from oracle.bulk import bulk
from oracle.trajectories import enclosure, trajectory

HYPER = {"learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}
LIMIT = 25.0
"""Native computes a value and a bound where numpy computes a value: a dozen passes for one."""


def plain_adam(p: np.ndarray, gradients: list[np.ndarray]) -> np.ndarray:
    """Step Adam in float64 as anyone would write it."""
    m, v = np.zeros_like(p), np.zeros_like(p)
    for t, g in enumerate(gradients, 1):
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g**2
        alpha = 0.001 * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        p = p - alpha * m / (np.sqrt(v) + 1e-7)
    return p


def native(p: np.ndarray, gradients: list[np.ndarray]) -> None:
    """Compute the truth and the bound of every step, as the suites do for 32 bits and fewer."""
    run = bulk("keras3/Adam", [p], [[g] for g in gradients], HYPER, dtype="float32")
    deque(run, maxlen=0)


def rate(elements: int, steps: int, run: Callable[[np.ndarray, list[np.ndarray]], object]) -> float:
    """Return element-steps a second, the best of three runs."""
    random = np.random.default_rng(0)
    p = random.normal(size=elements).astype(np.float32)
    gradients = [random.normal(size=elements).astype(np.float32) for _ in range(steps)]
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        run(p, gradients)
        seconds.append(time.perf_counter() - start)
    return elements * steps / min(seconds)


def main() -> int:
    """Measure, print a table, and judge the ratio of native."""

    def steps_of(gradients: list[np.ndarray]) -> list[list[np.ndarray]]:
        return [[g] for g in gradients]

    rates = {
        "numpy": rate(
            200_000,
            10,
            lambda p, g: plain_adam(p.astype(np.float64), [x.astype(np.float64) for x in g]),
        ),
        "native": rate(200_000, 10, native),
        "arb": rate(200, 10, lambda p, g: enclosure("keras3/Adam", [p], steps_of(g), HYPER)),
        "mp": rate(200, 10, lambda p, g: trajectory("keras3/Adam", [p], steps_of(g), HYPER)),
        "rounding": rate(
            200,
            10,
            lambda p, g: trajectory("keras3/Adam", [p], steps_of(g), HYPER).bound("float32"),
        ),
    }
    print(f"{'arithmetic':<12}{'element-steps/s':>18}{'slower than numpy':>20}")
    for name, value in rates.items():
        print(f"{name:<12}{value:>18,.0f}{rates['numpy'] / value:>20,.1f}")
    ratio = rates["numpy"] / rates["native"]
    if ratio > LIMIT:
        print(f"native is {ratio:.1f} times slower than numpy; the limit is {LIMIT:.0f}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
