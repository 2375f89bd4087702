"""Rules that return a direction, which a chain scales and subtracts, where others move a parameter.

``function(xp, t, p, g, *slots, **hyper) -> (u_t, *slots_t)``; a step of length ``learning_rate``
against ``u_t`` is the optimizer.
"""
