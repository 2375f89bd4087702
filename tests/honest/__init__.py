"""Honest optimizers, written by six authors who would not agree on a single line.

They are equal in mathematics to specs of the oracle, and different in every choice that rounding
can see: association, fused multiply-adds, reciprocals, increments, running products and means,
folded corrections, the order of sums, steps in several parts, one root of a quotient, float32
inside a step of half types, double on the host. They share no code with the oracle's rules, nor
with each other beyond `honest.desk`.
"""

from honest import batched, folded, in_place, reassociated, running, textbook
from honest.desk import REWRITINGS

__all__ = ["REWRITINGS", "batched", "folded", "in_place", "reassociated", "running", "textbook"]
