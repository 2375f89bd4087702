"""Honest optimizers, written by three authors who would not agree on a single line.

Each author claims Adam, SGD and RMSprop of Keras 3 in float32, and in the half types with float32
inside a step: equal in mathematics, different in every choice that rounding can see. They share no
code with the oracle's rules, nor with each other beyond `honest.desk`.
"""

from honest.folded import folded
from honest.reassociated import reassociated
from honest.textbook import textbook

AUTHORS = (textbook, folded, reassociated)
