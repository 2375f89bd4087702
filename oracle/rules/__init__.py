"""The mathematics: one family of update rules a file, each form written once.

A rule is straight-line code over an arithmetic ``xp``. It takes the step ``t`` (from 1), a
parameter ``p``, its gradient ``g``, its slots and its hyperparameters, and returns the parameter
and the slots after the step. Names are the papers'. Every operand is a `Number`, so the rules
carry no annotations: a reader sees the mathematics and nothing else.
"""
