"""How a candidate is held to the truth: driving it safely, judging it, and telling what is wrong.

The outcomes are exceptions, because a check stops at the first thing that is wrong.
"""
